use http::{HeaderValue, Method, Response, StatusCode, Uri};

use super::ServerTag;
use crate::Field;

/// A 412 or 428, with what is needed to act on it. It is in the extensions of the response.
///
/// After a 412 the caller reads the resource again, looks at what has changed, and decides; see
/// [`Update`](super::Update). The [current tag](Self::current) is for showing, not for sending: a
/// write with it undoes a change that nobody has looked at.
///
/// After a 428 the request needs a precondition: the resource must be read before it is written.
///
/// ```
/// use http::Response;
/// use tower_conditional::client::Refused;
///
/// fn explain<B>(response: &Response<B>) -> Option<String> {
///     let refused = Refused::of(response)?;
///     Some(match refused.precondition() {
///         Some((field, sent)) => format!(
///             "{} {} was refused: {field} was {sent:?}, and the current tag is {:?}",
///             refused.method(), refused.uri(), refused.current(),
///         ),
///         None => format!("{} must be read before it is written", refused.uri()),
///     })
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Refused {
    status: StatusCode,
    method: Method,
    uri: Uri,
    precondition: Option<(Field, HeaderValue)>,
    current: Option<ServerTag>,
}

impl Refused {
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

    /// That of a response, if its status is 412 or 428.
    pub fn of<B>(response: &Response<B>) -> Option<&Self> {
        response.extensions().get()
    }

    /// 412 or 428.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The method of the request.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The URI of the request.
    pub const fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The precondition that was sent, whether by the layer or by the caller: of several the first
    /// to be evaluated (RFC 9110 section 13.2.2).
    pub fn precondition(&self) -> Option<(Field, &HeaderValue)> {
        self.precondition
            .as_ref()
            .map(|(field, value)| (*field, value))
    }

    /// The tag that was sent in `If-Match`.
    pub fn sent(&self) -> Option<&HeaderValue> {
        match &self.precondition {
            Some((Field::IfMatch, value)) => Some(value),
            _ => None,
        }
    }

    /// The resource's tag now, if the server told.
    pub const fn current(&self) -> Option<&ServerTag> {
        self.current.as_ref()
    }
}
