use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, IF_NONE_MATCH, VARY},
};

use super::suffix::{Admitted, CODINGS, admitted, members, split_suffix, with_suffix};
use crate::{EntityTag, EntityTagRef, EntityTags};

/// Every coding may be taken off a tag.
pub(super) const ANY_CODING: Admitted = [true; CODINGS.len()];

/// The coded tags of `If-None-Match` and what the request accepts, so that a 304 can carry the tag
/// that the client has.
#[derive(Debug)]
pub(super) struct Restore {
    held: HeaderMap,
    pub(super) admitted: Admitted,
}

impl Restore {
    /// `None` if there is nothing to restore.
    pub(super) fn new(headers: &HeaderMap) -> Option<Self> {
        let coded = EntityTags::new(headers.get_all(IF_NONE_MATCH))
            .any(|tag| split_suffix(tag.opaque()).is_some());
        if !coded {
            return None;
        }
        let mut held = HeaderMap::new();
        for line in headers.get_all(IF_NONE_MATCH) {
            held.append(IF_NONE_MATCH, line.clone());
        }
        let admitted = admitted(headers);
        Some(Self { held, admitted })
    }

    /// The client's own tag for the representation that a 304 confirms.
    fn coded(&self, current: EntityTagRef<'_>) -> Option<EntityTag> {
        EntityTags::new(self.held.get_all(IF_NONE_MATCH))
            .find(|tag| {
                split_suffix(tag.opaque()).is_some_and(|(opaque, coding)| {
                    opaque == current.opaque() && self.admitted[coding]
                })
            })
            .map(EntityTagRef::to_entity_tag)
    }
}

/// Adds `"x"` to a field that has `"x-gzip"`. It comes first in the first line: whatever the client
/// wrote is left as it is, and cannot swallow what comes after.
///
/// Each suffix that is taken off adds a tag that is nearly as long, so both are bounded: how many
/// are taken off one tag, and how much is added in all.
pub(super) fn add_without_suffix(headers: &mut HeaderMap, name: &HeaderName, admitted: &Admitted) {
    /// More than one is rare: a response has been compressed twice.
    const SUFFIXES: usize = 4;
    /// One suffix of each tag always fits into the length of the field itself.
    const MORE: usize = 256;

    let length: usize = headers.get_all(name).iter().map(HeaderValue::len).sum();
    let mut added = Vec::new();
    'tags: for tag in EntityTags::new(headers.get_all(name)) {
        let before: &[u8] = if tag.is_weak() { b"W/\"" } else { b"\"" };
        let after: &[u8] = b"\", ";
        let mut opaque = tag.opaque();
        for _ in 0..SUFFIXES {
            let Some((rest, coding)) = split_suffix(opaque) else {
                break;
            };
            if !admitted[coding] {
                break;
            }
            opaque = rest;
            if added.len() + before.len() + opaque.len() + after.len() > length + MORE {
                break 'tags;
            }
            for part in [before, opaque, after] {
                added.extend_from_slice(part);
            }
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
        if let Some(coded) = restore.and_then(|restore| restore.coded(current.to_ref())) {
            headers.insert(ETAG, coded.into());
        }
        vary(headers);
        return;
    }
    // The tag of a 412 is that of the representation, not of the content that is coded.
    if !status.is_success() {
        return;
    }
    let mut coded = None;
    for coding in members(headers, CONTENT_ENCODING) {
        let tag = coded.as_ref().unwrap_or(&current).to_ref();
        coded = with_suffix(tag, coding).or(coded);
    }
    if let Some(coded) = coded {
        headers.insert(ETAG, coded.into());
    }
}

/// A compression layer says this on the responses that it could compress, which a 304 is not, but
/// what the 200 has in `Vary` belongs into the 304 (RFC 9110 section 15.4.5).
fn vary(headers: &mut HeaderMap) {
    let said = members(headers, VARY)
        .any(|name| name == b"*" || name.eq_ignore_ascii_case(ACCEPT_ENCODING.as_str().as_bytes()));
    if !said {
        headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    }
}
