use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{IF_MATCH, IF_NONE_MATCH},
};
use tower_conditional::etag::EntityTags;

use super::Error;

/// A precondition of a request. Several of one kind name several tags.
#[derive(Clone, Debug)]
pub struct Precondition {
    name: HeaderName,
    value: Option<HeaderValue>,
}

/// The entry is one with this tag: as `ETag` has it, with its quotes. `*` is any entry.
///
/// A weak tag (`W/"…"`) names no entry here. If the value is neither a tag, a list of them, nor `*`,
/// the request is not sent.
pub fn if_match(tag: impl TryInto<HeaderValue>) -> Precondition {
    Precondition::new(IF_MATCH, tag)
}

/// The entry has another tag, as `ETag` has it, with its quotes. With `*` there is no entry.
///
/// If the value is neither a tag, a list of them, nor `*`, the request is not sent.
pub fn if_none_match(tag: impl TryInto<HeaderValue>) -> Precondition {
    Precondition::new(IF_NONE_MATCH, tag)
}

impl Precondition {
    fn new(name: HeaderName, tag: impl TryInto<HeaderValue>) -> Self {
        let value = tag.try_into().ok();
        Self { name, value }
    }

    /// A service would ignore what is no tag, and a write would go unguarded.
    pub(super) fn into_field(self) -> Result<(HeaderName, HeaderValue), Error> {
        let value = self.value.filter(|value| {
            let mut lines = HeaderMap::new();
            lines.insert(&self.name, value.clone());
            let mut tags = EntityTags::new(lines.get_all(&self.name));
            value.as_bytes().trim_ascii() == b"*" || tags.next().is_some()
        });
        match value {
            Some(value) => Ok((self.name, value)),
            None => Err(Error::Invalid("the entity tag of a precondition")),
        }
    }
}
