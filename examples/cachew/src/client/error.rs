use std::{error, fmt};

use axum::http::{HeaderMap, StatusCode, header::ETAG};
use reqwest::Response;
use tower_conditional::EntityTag;

/// How much is kept of what the service says.
const REASON: usize = 1024;

/// Why a request came to nothing.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The entry has a tag that `If-None-Match` names: the caller has this content. The fields are
    /// those of the 304.
    NotModified(HeaderMap),
    /// A precondition does not hold, and nothing was done. The fields are those of the 412.
    PreconditionFailed(HeaderMap),
    /// There is no entry with this key.
    NotFound,
    /// The service says no for another reason.
    Refused { status: StatusCode, reason: String },
    /// This is no good: nothing was sent.
    Invalid(&'static str),
    /// No response came, or not all of it. A write may have been done.
    Transport(reqwest::Error),
}

impl Error {
    /// Returns the fields of the response to a precondition that does not hold.
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Error::NotModified(headers) | Error::PreconditionFailed(headers) => Some(headers),
            _ => None,
        }
    }

    /// Returns the current tag of the entry, as the response to a precondition that does not hold
    /// tells it. There is none if there is no entry.
    pub fn etag(&self) -> Option<EntityTag> {
        etag(self.headers()?)
    }

    pub(super) async fn refused(mut response: Response) -> Self {
        let mut reason = Vec::new();
        while let Ok(Some(chunk)) = response.chunk().await {
            reason.extend_from_slice(&chunk[..chunk.len().min(REASON - reason.len())]);
            if reason.len() == REASON {
                break;
            }
        }
        Self::Refused {
            status: response.status(),
            reason: String::from_utf8_lossy(&reason).trim_end().to_owned(),
        }
    }
}

pub(super) fn etag(headers: &HeaderMap) -> Option<EntityTag> {
    headers.get(ETAG)?.try_into().ok()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotModified(_) => f.write_str("not modified"),
            Error::PreconditionFailed(_) => f.write_str("precondition failed"),
            Error::NotFound => f.write_str("no such entry"),
            Error::Refused { status, reason } => write!(f, "{status}: {reason}"),
            Error::Invalid(what) => write!(f, "{what} is no good"),
            Error::Transport(error) => write!(f, "no response: {error}"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Error::Transport(error) => Some(error),
            _ => None,
        }
    }
}
