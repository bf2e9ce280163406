use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri};

use super::ServerTag;
use crate::precondition::Field;

/// A 412 or 428 response, with what the caller needs to act on it.
///
/// The layer puts it into the extensions of the response.
///
/// - After a 412 (RFC 9110 section 15.5.13) the caller reads the resource again, looks at what has
///   changed, and decides whether to write: [`Update`](super::Update) does that. The [current
///   tag](Self::current) is for display only. A write with that tag would undo a change that the
///   caller has not seen.
/// - After a 428 (RFC 6585 section 3) the caller reads the resource before it writes.
///
/// ```
/// use http::Response;
/// use tower_conditional::client::Rejection;
///
/// fn explain<B>(response: &Response<B>) -> Option<String> {
///     let rejection = Rejection::of(response)?;
///     Some(match rejection.precondition() {
///         Some((field, sent)) => format!(
///             "{} {} was rejected: {field} was {sent:?}, and the current tag is {:?}",
///             rejection.method(), rejection.uri(), rejection.current(),
///         ),
///         None => format!("{} must be read before it is written", rejection.uri()),
///     })
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Rejection {
    status: StatusCode,
    method: Method,
    uri: Uri,
    precondition: Option<(Field, HeaderValue)>,
    current: Option<ServerTag>,
}

impl Rejection {
    pub(super) const fn new(
        status: StatusCode,
        method: Method,
        uri: Uri,
        precondition: Option<(Field, HeaderValue)>,
        current: Option<ServerTag>,
    ) -> Self {
        Self {
            status,
            method,
            uri,
            precondition,
            current,
        }
    }

    /// Returns the rejection in the extensions of a response, or `None` if its status is neither
    /// 412 nor 428.
    pub fn of<B>(response: &Response<B>) -> Option<&Self> {
        response.extensions().get()
    }

    /// Returns the status: 412 or 428.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the method of the request.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the URI of the request.
    pub const fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Returns the precondition that was sent, by the layer or by the caller.
    ///
    /// If the request had several, this is the first one that a server evaluates (RFC 9110 section
    /// 13.2.2).
    pub fn precondition(&self) -> Option<(Field, &HeaderValue)> {
        self.precondition
            .as_ref()
            .map(|(field, value)| (*field, value))
    }

    /// Returns the value of `If-Match` that was sent.
    pub fn sent(&self) -> Option<&HeaderValue> {
        match &self.precondition {
            Some((Field::IfMatch, value)) => Some(value),
            _ => None,
        }
    }

    /// Returns the current tag of the resource, if the response had one in `ETag`.
    pub const fn current(&self) -> Option<&ServerTag> {
        self.current.as_ref()
    }
}

/// Returns the first precondition that a server evaluates (RFC 9110 section 13.2.2).
pub(super) fn first_precondition(headers: &HeaderMap) -> Option<(Field, HeaderValue)> {
    let order = [
        Field::IfMatch,
        Field::IfUnmodifiedSince,
        Field::IfNoneMatch,
        Field::IfModifiedSince,
    ];
    order.into_iter().find_map(|field| {
        let value = headers.get(field.header_name())?;
        Some((field, value.clone()))
    })
}
