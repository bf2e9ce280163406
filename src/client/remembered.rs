use std::{
    sync::{Arc, OnceLock},
    time::SystemTime,
};

use http::{
    HeaderMap, HeaderValue,
    header::{ETAG, LAST_MODIFIED},
};

use super::{ServerTag, fields};
use crate::HttpDate;

/// The validators of one representation, as its server sent them.
///
/// It is in the extensions of every response that the layer learned from. A caller who puts it into
/// the extensions of a write binds the write to *that* representation, whatever the layer has learned
/// of the resource since: another task of the same program may have read a newer one. If it has no
/// tag, and a write of the resource was refused since, the write is not sent.
///
/// The tag in the body is known when the caller has read the body to its end.
///
/// ```
/// use http::{Request, Response};
/// use tower_conditional::client::Remembered;
///
/// fn write_what_was_read<A, B>(read: &Response<A>, write: &mut Request<B>) {
///     if let Some(remembered) = read.extensions().get::<Remembered>() {
///         write.extensions_mut().insert(remembered.clone());
///     }
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Remembered {
    field_tag: Option<ServerTag>,
    body_tag: Arc<OnceLock<ServerTag>>,
    last_modified: Option<HttpDate>,
}

impl Remembered {
    /// No validators.
    pub fn new() -> Self {
        Self::default()
    }

    /// The validators in the fields of a response (RFC 9110 section 8.8). A field that is repeated,
    /// or says nothing that could be sent back, is none.
    pub fn from_fields(headers: &HeaderMap) -> Self {
        Self {
            field_tag: fields::only(headers, &ETAG)
                .and_then(|value| ServerTag::new(value.clone()).ok()),
            body_tag: Arc::default(),
            last_modified: fields::only(headers, &LAST_MODIFIED)
                .and_then(|value| HttpDate::parse(value.as_bytes(), SystemTime::now()).ok()),
        }
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
        self.body_tag = Arc::new(OnceLock::from(tag));
        self
    }

    /// Sets the modification date.
    #[must_use]
    pub fn with_last_modified(mut self, date: HttpDate) -> Self {
        self.last_modified = Some(date);
        self
    }

    /// The tag in the `ETag` field. A proxy that compresses may have rewritten it.
    pub const fn field_tag(&self) -> Option<&ServerTag> {
        self.field_tag.as_ref()
    }

    /// The tag in the body, which no proxy rewrites.
    pub fn body_tag(&self) -> Option<&ServerTag> {
        self.body_tag.get()
    }

    /// The modification date.
    pub const fn last_modified(&self) -> Option<HttpDate> {
        self.last_modified
    }

    /// The tag that guards a write: the one in the body if there is one, else that in the field.
    pub fn tag(&self) -> Option<&ServerTag> {
        self.body_tag().or(self.field_tag())
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.tag().is_none() && self.last_modified.is_none()
    }

    pub(super) fn found_body_tag(&self, tag: ServerTag) {
        // Only the watcher of the one body sets it.
        let _ = self.body_tag.set(tag);
    }

    /// The members of `If-None-Match`: both tags where they differ, since either names the
    /// representation that the caller may have kept.
    pub(super) fn if_none_match(&self) -> Option<HeaderValue> {
        match (self.field_tag(), self.body_tag()) {
            (Some(field), Some(body)) if field != body => {
                fields::list([field.as_header_value(), body.as_header_value()].into_iter())
            }
            (field, body) => field.or(body).cloned().map(HeaderValue::from),
        }
    }
}
