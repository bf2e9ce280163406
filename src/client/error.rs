use std::{error::Error, fmt};

use http::{Method, StatusCode, Uri};

/// Error of [`ConditionalClient`](super::ConditionalClient): the inner service failed, or the layer
/// did not send a write that it could not guard.
///
/// ```
/// use tower_conditional::client::{ClientError, ClientErrorReason};
///
/// fn advice<E>(error: &ClientError<E>) -> &'static str {
///     match error.reason() {
///         ClientErrorReason::Inner => "check the connection",
///         ClientErrorReason::UnknownTag => "read the resource, then write it",
///         ClientErrorReason::Stale => "read the resource again, and make the change anew",
///         ClientErrorReason::ReadFailed(status) if status.is_server_error() => "try again later",
///         _ => "the resource cannot be written safely",
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ClientError<E> {
    kind: Kind<E>,
}

/// Why a request has no response, as [`ClientError::reason`] returns it.
///
/// With each reason but [`Inner`](Self::Inner) the write was not sent, and the resource is what it
/// was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientErrorReason {
    /// The inner service failed. The request may have reached the server.
    Inner,
    /// No tag of the resource is known, and either [`Guard::Required`](super::Guard::Required)
    /// demands one, or the resource has had one. Read the resource, then write it.
    UnknownTag,
    /// A write was rejected with 412, and the resource was not read since. Read it, and make the
    /// change anew: see [what ends a rejection](super#rejected-writes).
    Stale,
    /// The layer read the resource first, as [`Guard::ReadFirst`](super::Guard::ReadFirst) demands,
    /// and the response has this status. It is neither a whole representation nor 404 or 410, or it
    /// is that of [another resource](super::FinalUri).
    ReadFailed(StatusCode),
    /// The layer read the resource first. Its tag may be in the body, which broke off, has a
    /// content coding, or is larger than the [`limit`](super::BodyTag::limit).
    ReadIncomplete,
}

#[derive(Clone, Debug)]
enum Kind<E> {
    Inner(E),
    Unsent {
        reason: ClientErrorReason,
        method: Method,
        uri: Uri,
    },
}

impl<E> ClientError<E> {
    pub(super) const fn inner_failed(error: E) -> Self {
        Self {
            kind: Kind::Inner(error),
        }
    }

    pub(super) const fn unsent(reason: ClientErrorReason, method: Method, uri: Uri) -> Self {
        Self {
            kind: Kind::Unsent {
                reason,
                method,
                uri,
            },
        }
    }

    /// Returns why there is no response.
    pub const fn reason(&self) -> ClientErrorReason {
        match self.kind {
            Kind::Inner(_) => ClientErrorReason::Inner,
            Kind::Unsent { reason, .. } => reason,
        }
    }

    /// Returns the method and the URI of the write that was not sent, or `None` if the inner
    /// service failed.
    pub const fn request(&self) -> Option<(&Method, &Uri)> {
        match &self.kind {
            Kind::Unsent { method, uri, .. } => Some((method, uri)),
            Kind::Inner(_) => None,
        }
    }

    /// Returns the error of the inner service, if there is one.
    pub const fn inner(&self) -> Option<&E> {
        match &self.kind {
            Kind::Inner(error) => Some(error),
            Kind::Unsent { .. } => None,
        }
    }

    /// Returns the error of the inner service by value, if there is one.
    pub fn into_inner(self) -> Option<E> {
        match self.kind {
            Kind::Inner(error) => Some(error),
            Kind::Unsent { .. } => None,
        }
    }
}

impl fmt::Display for ClientErrorReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inner => f.write_str("the request failed"),
            Self::UnknownTag => {
                f.write_str("no entity tag of the resource is known; read it before writing it")
            }
            Self::Stale => f.write_str(
                "a precondition was false, and the resource was not read since; \
                 read it, and apply the change to its current state",
            ),
            Self::ReadFailed(status) => {
                write!(f, "the response to reading the resource first was {status}")
            }
            Self::ReadIncomplete => f.write_str(
                "the resource was read first, but its body, where the entity tag may be, \
                 broke off, has a content coding, or is above the limit",
            ),
        }
    }
}

impl<E> fmt::Display for ClientError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Kind::Unsent { method, uri, .. } = &self.kind {
            write!(f, "{method} {uri} was not sent: ")?;
        }
        self.reason().fmt(f)
    }
}

impl<E: Error + 'static> Error for ClientError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Inner(error) => Some(error),
            Kind::Unsent { .. } => None,
        }
    }
}
