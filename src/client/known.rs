use http::{
    HeaderMap, HeaderValue, Response,
    header::{ETAG, LAST_MODIFIED},
};

use super::{ServerTag, body_tag::TagPlace, fields};
use crate::{date::HttpDate, fields::only_line};

/// The validators of one representation, as the server sent them (RFC 9110 section 8.8).
///
/// The layer puts them into the extensions of each response that it learned from. A caller can put
/// them into the extensions of a write, which binds the write to *that* representation: the layer
/// sends its tag, and ignores what it has learned about the resource since, for example from a read
/// by another task. If these validators include no tag, the write is handled like one to a resource
/// with no known tag.
///
/// ```
/// use http::{Request, Response};
/// use tower_conditional::client::KnownValidators;
///
/// fn bind<A, B>(read: &Response<A>, write: &mut Request<B>) {
///     if let Some(known) = KnownValidators::of(read) {
///         write.extensions_mut().insert(known.clone());
///     }
/// }
/// ```
///
/// # Tags in response bodies
///
/// With a [`BodyTag`](super::BodyTag), the tag can be in the body of the response. The extensions
/// are made before the body is read, so they lack that tag. If the fields have no tag either,
/// [`of`](Self::of) returns `None`: a write must not be bound to "no tag" before that is known.
/// There are two ways to get the complete validators:
///
/// - After collecting the body into bytes, call [`of_collected`](Self::of_collected).
/// - After streaming the body to its end, call [`ClientBody::tag`](super::ClientBody::tag), and add
///   the tag to [`from_fields`](Self::from_fields) by [`with_body_tag`](Self::with_body_tag).
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use http_body_util::{BodyExt, Full};
/// use tower::{Layer, ServiceExt, service_fn};
/// use tower_conditional::client::{BodyTag, ConditionalClientLayer, KnownValidators};
///
/// # tokio_test::block_on(async {
/// let http = service_fn(|_: Request<Full<Bytes>>| async {
///     Response::builder()
///         .header("content-type", "application/json")
///         .body(Full::<Bytes>::from(r#"{"@odata.etag": "W/\"1\""}"#))
/// });
/// let client = ConditionalClientLayer::new()
///     .body_tag(BodyTag::at("/@odata.etag")?)
///     .layer(http);
/// let request = Request::get("http://localhost/redfish/v1/Systems/1").body(Full::default())?;
///
/// let (head, body) = client.oneshot(request).await?.into_parts();
/// let response = Response::from_parts(head, body.collect().await?.to_bytes());
/// let known = KnownValidators::of_collected(&response).unwrap();
/// assert_eq!(known.tag().unwrap().as_bytes(), b"W/\"1\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownValidators {
    field_tag: Option<ServerTag>,
    /// Boxed, because few representations have one, and a store holds many.
    body_tag: Option<Box<ServerTag>>,
    /// In seconds since 1970: an [`HttpDate`] also has its text.
    last_modified: Option<i64>,
}

impl KnownValidators {
    /// Creates an empty set of validators.
    pub const fn new() -> Self {
        Self {
            field_tag: None,
            body_tag: None,
            last_modified: None,
        }
    }

    /// Reads the validators from the fields of a response.
    ///
    /// A field with more than one line is ignored, and so is a value that cannot be sent back: see
    /// [`ServerTag::new`] and [`HttpDate::parse`].
    pub fn from_fields(headers: &HeaderMap) -> Self {
        Self::from_fields_like(headers, None)
    }

    /// Reads the same, and shares the tag with `stored` if that has it: then nothing is copied.
    pub(super) fn from_fields_like(headers: &HeaderMap, stored: Option<&Self>) -> Self {
        let line = only_line(headers, ETAG);
        let is_same = |tag: &&ServerTag| {
            let tag = tag.as_header_value();
            line.is_some_and(|line| line == tag && line.is_sensitive() == tag.is_sensitive())
        };
        let field_tag = match stored.and_then(Self::field_tag).filter(is_same) {
            Some(tag) => Some(tag.clone()),
            None => line.and_then(|value| ServerTag::new(value.clone()).ok()),
        };
        let date = HttpDate::of_field(headers, LAST_MODIFIED);
        Self {
            field_tag,
            body_tag: None,
            last_modified: date.map(|date| date.unix_seconds()),
        }
    }

    /// Returns the validators in the extensions of a response.
    ///
    /// Returns `None` if the layer learned nothing from the response, or if its fields have no tag
    /// and there may be one elsewhere: [in the body](#tags-in-response-bodies), or because the
    /// request was a HEAD or asked for a range. After a 304 that confirms a stored representation,
    /// these are the stored validators, with the tag of its body.
    pub fn of<B>(response: &Response<B>) -> Option<&Self> {
        response.extensions().get()
    }

    /// Returns the validators of a response whose body has been collected, with the tag in the
    /// body.
    ///
    /// The body must be complete. It is searched only if it can have a tag, see
    /// [`BodyTag`](super::BodyTag). Otherwise the result is that of [`of`](Self::of).
    pub fn of_collected<B: AsRef<[u8]>>(response: &Response<B>) -> Option<Self> {
        let known = Self::of(response).cloned();
        let Some(place) = response.extensions().get::<TagPlace>() else {
            return known;
        };
        let known = known.unwrap_or_else(|| Self::from_fields(response.headers()));
        Some(match place.find(response.body().as_ref()) {
            Some(tag) => known.with_body_tag(tag),
            None => known,
        })
    }

    /// Sets the tag of the `ETag` field.
    #[must_use]
    pub fn with_field_tag(mut self, tag: ServerTag) -> Self {
        self.field_tag = Some(tag);
        self
    }

    /// Sets the tag in the body.
    #[must_use]
    pub fn with_body_tag(mut self, tag: ServerTag) -> Self {
        self.body_tag = Some(Box::new(tag));
        self
    }

    /// Sets the modification date.
    #[must_use]
    pub const fn with_last_modified(mut self, date: HttpDate) -> Self {
        self.last_modified = Some(date.unix_seconds());
        self
    }

    /// Returns the tag in the `ETag` field. A proxy may have rewritten it.
    pub const fn field_tag(&self) -> Option<&ServerTag> {
        self.field_tag.as_ref()
    }

    /// Returns the tag in the body. Proxies do not rewrite it.
    pub const fn body_tag(&self) -> Option<&ServerTag> {
        match &self.body_tag {
            Some(tag) => Some(&**tag),
            None => None,
        }
    }

    /// Returns the modification date (RFC 9110 section 8.8.2).
    pub const fn last_modified(&self) -> Option<HttpDate> {
        let Some(seconds) = self.last_modified else {
            return None;
        };
        match HttpDate::from_unix_seconds(seconds) {
            Ok(date) => Some(date),
            Err(_) => None,
        }
    }

    /// Returns the tag that guards a write: the one in the body, or else the one in the field.
    pub fn tag(&self) -> Option<&ServerTag> {
        self.body_tag().or(self.field_tag())
    }

    /// Reports whether there is neither a tag nor a date.
    pub fn is_empty(&self) -> bool {
        self.tag().is_none() && self.last_modified.is_none()
    }

    /// Returns the value of `If-None-Match`. It has both tags if they differ, since the caller's
    /// copy of the representation may be known by either.
    pub(super) fn if_none_match(&self) -> Option<HeaderValue> {
        match (self.field_tag(), self.body_tag()) {
            (Some(field), Some(body)) if field != body => {
                fields::list([field.as_header_value(), body.as_header_value()].into_iter())
            }
            (field, body) => field.or(body).cloned().map(HeaderValue::from),
        }
    }

    /// Reports whether a 304 with the tag `confirmed` is about this representation, where `asked`
    /// was the `If-None-Match` of the request.
    ///
    /// Proxies rewrite the tag of a 304 as well, so a 304 to exactly these tags confirms them even
    /// if its own tag is another one.
    pub(super) fn is_confirmed_by(
        &self,
        confirmed: &ServerTag,
        asked: Option<&HeaderValue>,
    ) -> bool {
        let own = self.if_none_match();
        let is_asked = own.is_some() && own.as_ref() == asked;
        is_asked
            || self.field_tag().is_some_and(|known| {
                known == confirmed
                    || known
                        .parsed()
                        .zip(confirmed.parsed())
                        .is_some_and(|(known, confirmed)| known.weak_eq(confirmed))
            })
    }
}
