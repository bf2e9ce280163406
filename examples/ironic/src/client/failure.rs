use std::{error::Error, fmt};

use http::StatusCode;
use tower_conditional::client::{ClientError, ClientErrorReason};

use super::Conflict;

/// Error of the client.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// An argument is invalid. Nothing was sent.
    Usage(String),
    /// The resource has no entity tag for `If-Match`. Nothing was sent.
    NoEtag,
    /// The resource has changed since it was read (412). Nothing was written.
    Conflict(Box<Conflict>),
    /// The service refused the request with this status and message.
    Status(StatusCode, String),
    /// The response is not part of the API.
    Unexpected,
    /// There is no response. The request may have reached the service.
    Transport(Box<dyn Error + Send + Sync>),
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    pub(super) const fn unexpected() -> Self {
        Self::Unexpected
    }

    pub(super) fn transport(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Transport(error.into())
    }

    pub(super) fn unsent<E: Error + Send + Sync + 'static>(error: ClientError<E>) -> Self {
        match error.reason() {
            ClientErrorReason::UnknownTag => Self::NoEtag,
            _ => Self::transport(error),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::NoEtag => f.write_str(
                "The resource has no entity tag, and so it was not written. Read it with an API \
                 version that has tags, or turn the option off.",
            ),
            Self::Conflict(conflict) => conflict.fmt(f),
            Self::Status(status, message) => write!(f, "{status}: {message}"),
            Self::Unexpected => f.write_str("The service answered something unexpected."),
            Self::Transport(error) => write!(f, "The service does not answer: {error}"),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Transport(error) => Some(&**error),
            _ => None,
        }
    }
}
