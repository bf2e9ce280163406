use std::{convert::Infallible, error::Error, fmt};

use bytes::Bytes;
use http::Response;

/// Result of an [`Update`](super::Update).
#[derive(Debug)]
#[non_exhaustive]
pub enum Updated<B> {
    /// The write was sent, and this is the response. Its status is neither 412 nor 428, but need
    /// not be a success.
    Done(Response<B>),
    /// The closure made no write from this representation.
    Unchanged(Response<Bytes>),
    /// The response to the read is not a success, and nothing was written.
    Unread(Response<Bytes>),
    /// The server rejected the last write with 412 or 428.
    Rejected(Response<B>),
    /// The server rejected the last write with 412, but the write was [sent](crate::client::Resent) more
    /// than once. An earlier sending may have been applied. Read the resource, and look.
    Ambiguous(Response<B>),
    /// The server rejected a write with 412, and the representation that was read since has no tag.
    /// The next write would have no guard, and was not sent. Or [another
    /// resource](crate::client::FinalUri) has answered the read than the one that is written.
    Unguarded(Response<Bytes>),
}

/// Error of [`Update`](super::Update).
///
/// `E` is the error of the service, and `C` that of the closure passed to
/// [`try_run`](super::Update::try_run).
///
/// ```
/// use tower_conditional::client::UpdateError;
///
/// # #[derive(Debug)]
/// struct OutOfStock;
///
/// fn is_worth_a_retry<E>(error: &UpdateError<E, OutOfStock>) -> bool {
///     match error {
///         UpdateError::Service(_) => true,
///         UpdateError::Change(OutOfStock) => false,
///         _ => false,
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum UpdateError<E, C = Infallible> {
    /// The service failed. The last request may have reached the server.
    Service(E),
    /// The body of the representation failed, or is larger than the
    /// [`limit`](super::Update::limit). Nothing was written in this attempt.
    Body(Box<dyn Error + Send + Sync>),
    /// The closure failed. Nothing was written in this attempt.
    Change(C),
}

impl<E, C> fmt::Display for UpdateError<E, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Service(_) => "the request failed",
            Self::Body(_) => "the representation could not be read to its end",
            Self::Change(_) => "the change could not be made",
        })
    }
}

impl<E: Error + 'static, C: Error + 'static> Error for UpdateError<E, C> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Service(error) => Some(error),
            Self::Body(error) => Some(&**error),
            Self::Change(error) => Some(error),
        }
    }
}
