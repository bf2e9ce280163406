use std::{error::Error, fmt};

/// The service failed, or a representation could not be read to its end.
#[derive(Debug)]
pub struct UpdateError<E> {
    kind: Kind<E>,
}

#[derive(Debug)]
pub(super) enum Kind<E> {
    Service(E),
    Body(Box<dyn Error + Send + Sync>),
}

impl<E> UpdateError<E> {
    pub(super) const fn new(kind: Kind<E>) -> Self {
        Self { kind }
    }

    /// The service's error.
    pub const fn service_error(&self) -> Option<&E> {
        match &self.kind {
            Kind::Service(error) => Some(error),
            Kind::Body(_) => None,
        }
    }
}

impl<E> fmt::Display for UpdateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Service(_) => "the request failed",
            Kind::Body(_) => "the representation could not be read to its end",
        })
    }
}

impl<E: Error + 'static> Error for UpdateError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Service(error) => Some(error),
            Kind::Body(error) => Some(&**error),
        }
    }
}
