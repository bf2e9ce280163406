use std::{error::Error, fmt};

use http::StatusCode;

/// The response does not continue the transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumeError(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Status(StatusCode),
    Unasked,
    ContentRange,
    Gap { expected: u64, found: u64 },
    Changed,
}

impl ResumeError {
    pub(super) const fn new(kind: Kind) -> Self {
        Self(kind)
    }

    /// The status, if it is one that has no part of the representation.
    pub const fn status(&self) -> Option<StatusCode> {
        match self.0 {
            Kind::Status(status) => Some(status),
            _ => None,
        }
    }
}

impl fmt::Display for ResumeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot resume: ")?;
        match self.0 {
            Kind::Status(status) => write!(f, "expected 200 or 206, found {status}"),
            Kind::Unasked => f.write_str("expected 200, found a part that was not asked for"),
            Kind::ContentRange => f.write_str("expected one range of bytes in Content-Range"),
            Kind::Gap { expected, found } => {
                write!(
                    f,
                    "expected the part from byte {expected} on, found {found}"
                )
            }
            Kind::Changed => f.write_str("the part is of another representation"),
        }
    }
}

impl Error for ResumeError {}
