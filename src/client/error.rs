use std::{error::Error, fmt};

use http::{Method, StatusCode, Uri};

/// The inner service failed, or a write was not sent, since nothing would have guarded it.
#[derive(Clone, Debug)]
pub struct ClientError<E> {
    kind: Kind<E>,
}

#[derive(Clone, Debug)]
enum Kind<E> {
    Inner(E),
    Unsent {
        reason: Reason,
        method: Method,
        uri: Uri,
    },
}

/// Why a write was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// No tag is known, and one is required.
    Unknown,
    /// A precondition has failed, and the resource was not read since.
    Refused,
    /// It was to be read first, and the answer was this.
    Unreadable(StatusCode),
    /// It was to be read first, and its tag may be in the body, which was not read to its end.
    Incomplete,
}

impl<E> ClientError<E> {
    pub(super) const fn inner_failed(error: E) -> Self {
        Self {
            kind: Kind::Inner(error),
        }
    }

    pub(super) const fn unsent(reason: Reason, method: Method, uri: Uri) -> Self {
        Self {
            kind: Kind::Unsent {
                reason,
                method,
                uri,
            },
        }
    }

    /// Whether a write was not sent. Nothing has happened to the resource.
    pub const fn is_unsent(&self) -> bool {
        matches!(self.kind, Kind::Unsent { .. })
    }

    /// Whether the write was not sent because a precondition had failed, and the resource was not
    /// read since.
    pub const fn is_stale(&self) -> bool {
        matches!(
            self.kind,
            Kind::Unsent {
                reason: Reason::Refused,
                ..
            }
        )
    }

    /// The status that reading the resource first was answered with, if the write was not sent for
    /// that.
    pub const fn read_status(&self) -> Option<StatusCode> {
        match self.kind {
            Kind::Unsent {
                reason: Reason::Unreadable(status),
                ..
            } => Some(status),
            _ => None,
        }
    }

    /// Whether the write was not sent because the resource was to be read first, and a tag that may
    /// be in its body was not seen: the body broke off, is coded, or above the limit.
    pub const fn is_read_incomplete(&self) -> bool {
        matches!(
            self.kind,
            Kind::Unsent {
                reason: Reason::Incomplete,
                ..
            }
        )
    }

    /// The method and the URI of the write that was not sent.
    pub const fn request(&self) -> Option<(&Method, &Uri)> {
        match &self.kind {
            Kind::Unsent { method, uri, .. } => Some((method, uri)),
            Kind::Inner(_) => None,
        }
    }

    /// The inner service's error.
    pub const fn inner(&self) -> Option<&E> {
        match &self.kind {
            Kind::Inner(error) => Some(error),
            Kind::Unsent { .. } => None,
        }
    }

    /// The inner service's error, by value.
    pub fn into_inner(self) -> Option<E> {
        match self.kind {
            Kind::Inner(error) => Some(error),
            Kind::Unsent { .. } => None,
        }
    }
}

impl<E> fmt::Display for ClientError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Inner(_) => f.write_str("the request failed"),
            Kind::Unsent {
                reason,
                method,
                uri,
            } => {
                write!(f, "{method} {uri} was not sent: ")?;
                match reason {
                    Reason::Unknown => f.write_str(
                        "no entity tag of the resource is known; read it before writing it",
                    ),
                    Reason::Refused => f.write_str(
                        "a precondition has failed, and the resource was not read since; \
                         read it, and apply the change to what it is now",
                    ),
                    Reason::Unreadable(status) => {
                        write!(f, "reading the resource first was answered {status}")
                    }
                    Reason::Incomplete => f.write_str(
                        "the resource was to be read first, and its body, where the entity tag \
                         may be, broke off, is coded, or above the limit",
                    ),
                }
            }
        }
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
