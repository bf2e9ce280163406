use std::{error::Error, fmt};

use http::{Method, StatusCode};

/// The layer was told what it cannot do. The message tells what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Status(StatusCode),
    Method(Method),
    NoMethod,
}

impl ConfigError {
    pub(crate) const fn status(found: StatusCode) -> Self {
        Self(Kind::Status(found))
    }

    pub(crate) const fn method(found: Method) -> Self {
        Self(Kind::Method(found))
    }

    pub(crate) const fn no_method() -> Self {
        Self(Kind::NoMethod)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Status(found) => {
                let found = found.as_u16();
                write!(f, "expected a status from 400 to 499, found {found}")
            }
            Kind::Method(found) => write!(f, "expected unsafe methods, found {found}"),
            Kind::NoMethod => f.write_str("expected at least one method"),
        }
    }
}

impl Error for ConfigError {}
