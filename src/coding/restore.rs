use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, IF_NONE_MATCH, VARY},
};

use super::suffix::{accepts, members, split_suffix, with_suffix};
use crate::{EntityTag, EntityTagRef, EntityTags};

/// Which codings may be taken off a tag.
pub(super) trait Admits {
    fn admits(&self, coding: &[u8]) -> bool;
}

/// Every one.
pub(super) struct AnyCoding;

impl Admits for AnyCoding {
    fn admits(&self, _: &[u8]) -> bool {
        true
    }
}

/// The coded tags of `If-None-Match` and what the request accepts, so that a 304 can carry the tag
/// that the client has.
#[derive(Debug)]
pub(super) struct Restore {
    headers: HeaderMap,
}

impl Restore {
    /// `None` if there is nothing to restore.
    pub(super) fn new(headers: &HeaderMap) -> Option<Self> {
        let coded = EntityTags::new(headers.get_all(IF_NONE_MATCH))
            .any(|tag| split_suffix(tag.opaque()).is_some());
        if !coded {
            return None;
        }
        let mut kept = HeaderMap::new();
        for name in [IF_NONE_MATCH, ACCEPT_ENCODING] {
            for line in headers.get_all(&name) {
                kept.append(name.clone(), line.clone());
            }
        }
        Some(Self { headers: kept })
    }

    /// The client's own tag for the representation that a 304 confirms.
    fn coded(&self, current: EntityTagRef<'_>) -> Option<EntityTag> {
        EntityTags::new(self.headers.get_all(IF_NONE_MATCH))
            .find(|tag| {
                split_suffix(tag.opaque()).is_some_and(|(opaque, coding)| {
                    opaque == current.opaque() && self.admits(coding)
                })
            })
            .map(EntityTagRef::to_entity_tag)
    }
}

impl Admits for Restore {
    fn admits(&self, coding: &[u8]) -> bool {
        accepts(&self.headers, coding)
    }
}

/// Adds `"x"` to a field that has `"x-gzip"`. It comes first in the first line: whatever the client
/// wrote is left as it is, and cannot swallow what comes after.
pub(super) fn add_without_suffix(
    headers: &mut HeaderMap,
    name: &HeaderName,
    codings: &impl Admits,
) {
    let mut added = Vec::new();
    for tag in EntityTags::new(headers.get_all(name)) {
        let mut opaque = tag.opaque();
        while let Some((rest, coding)) = split_suffix(opaque) {
            if !codings.admits(coding) {
                break;
            }
            opaque = rest;
            added.extend_from_slice(if tag.is_weak() { b"W/\"" } else { b"\"" });
            added.extend_from_slice(opaque);
            added.extend_from_slice(b"\", ");
        }
    }
    if added.is_empty() {
        return;
    }
    if let Some(first) = headers.get_mut(name) {
        added.extend_from_slice(first.as_bytes());
        if let Ok(value) = HeaderValue::from_bytes(&added) {
            *first = value;
        }
    }
}

/// Puts the suffix on, or, for a 304, back on.
pub(super) fn mark<B>(response: &mut Response<B>, restore: Option<&Restore>) {
    let status = response.status();
    let headers = response.headers_mut();
    let Some(Ok(current)) = headers.get(ETAG).map(EntityTag::try_from) else {
        return;
    };
    if current.is_weak() {
        return;
    }
    if status == StatusCode::NOT_MODIFIED {
        if let Some(coded) = restore.and_then(|restore| restore.coded(current.borrowed())) {
            headers.insert(ETAG, coded.into());
            vary(headers);
        }
        return;
    }
    // The tag of a 412 is that of the representation, not of the content that is coded.
    if !status.is_success() {
        return;
    }
    let mut coded = None;
    for coding in members(headers, CONTENT_ENCODING) {
        let tag = coded.as_ref().unwrap_or(&current).borrowed();
        coded = with_suffix(tag, coding).or(coded);
    }
    if let Some(coded) = coded {
        headers.insert(ETAG, coded.into());
    }
}

/// A compression layer says this on the responses that it compresses, which a 304 is not.
fn vary(headers: &mut HeaderMap) {
    let said = members(headers, VARY)
        .any(|name| name == b"*" || name.eq_ignore_ascii_case(ACCEPT_ENCODING.as_str().as_bytes()));
    if !said {
        headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    }
}
