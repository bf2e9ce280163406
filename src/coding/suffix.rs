//! Entity tags with suffixes, in requests and in responses.

use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, IF_NONE_MATCH, VARY},
};

use crate::{
    etag::{EntityTag, EntityTagRef, EntityTags},
    fields::{members, trim},
};

/// The content codings that compression layers apply, and the suffixes of their tags.
const CODINGS: [(&[u8], &[u8]); 4] = [
    (b"gzip", b"-gzip"),
    (b"br", b"-br"),
    (b"zstd", b"-zstd"),
    (b"deflate", b"-deflate"),
];

/// Whether each of `CODINGS` is accepted.
pub(super) type AcceptedCodings = [bool; CODINGS.len()];

/// Accepts every one of `CODINGS`.
pub(super) const EVERY_CODING: AcceptedCodings = [true; CODINGS.len()];

/// The `If-None-Match` field of a request to a safe method, if it has a tag with a suffix.
///
/// A 304 carries the tag that the client has.
#[derive(Debug)]
pub(super) struct HeldTags {
    if_none_match: HeaderMap,
    accepted: AcceptedCodings,
}

impl HeldTags {
    /// Returns `None` if no tag has a suffix.
    pub(super) fn from_request(headers: &HeaderMap) -> Option<Self> {
        let any = EntityTags::new(headers.get_all(IF_NONE_MATCH))
            .any(|tag| split_suffix(tag.opaque()).is_some());
        if !any {
            return None;
        }
        let mut if_none_match = HeaderMap::new();
        for line in headers.get_all(IF_NONE_MATCH) {
            if_none_match.append(IF_NONE_MATCH, line.clone());
        }
        Some(Self {
            if_none_match,
            accepted: accepted_codings(headers),
        })
    }

    pub(super) const fn accepted(&self) -> &AcceptedCodings {
        &self.accepted
    }

    /// Returns the first tag of the client that is `current` with the suffix of an accepted coding.
    fn with_suffix_of(&self, current: EntityTagRef<'_>) -> Option<EntityTag> {
        EntityTags::new(self.if_none_match.get_all(IF_NONE_MATCH))
            .find(|tag| {
                split_suffix(tag.opaque()).is_some_and(|(opaque, coding)| {
                    opaque == current.opaque() && self.accepted[coding]
                })
            })
            .map(EntityTagRef::to_entity_tag)
    }
}

/// Adds `"x"` to a field that contains `"x-gzip"`.
///
/// The added tags come first in the first line. The client's own list stays as it is: if it is
/// malformed, it cannot affect what precedes it.
///
/// Every removed suffix adds a tag that is nearly as long as the one that it was removed from. For
/// this reason both the suffixes of one tag and the bytes that are added in total are limited.
pub(super) fn add_tags_without_suffix(
    headers: &mut HeaderMap,
    name: &HeaderName,
    accepted: &AcceptedCodings,
) {
    /// A second suffix is rare: the response was compressed twice.
    const MAX_SUFFIXES: usize = 4;
    /// With this much more than the field's own length, one suffix of each tag always fits.
    const MORE: usize = 256;

    let length: usize = headers.get_all(name).iter().map(HeaderValue::len).sum();
    let mut added = Vec::new();
    'tags: for tag in EntityTags::new(headers.get_all(name)) {
        let before: &[u8] = if tag.is_weak() { b"W/\"" } else { b"\"" };
        let after: &[u8] = b"\", ";
        let mut opaque = tag.opaque();
        for _ in 0..MAX_SUFFIXES {
            let Some((rest, coding)) = split_suffix(opaque) else {
                break;
            };
            if !accepted[coding] {
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

/// Sets the tag of a coded response to the one with suffix, and the tag of a 304 to the client's.
pub(super) fn set_suffix<B>(response: &mut Response<B>, held: Option<&HeldTags>) {
    let status = response.status();
    let headers = response.headers_mut();
    if status == StatusCode::NOT_MODIFIED {
        add_vary(headers);
    }
    let Some(Ok(current)) = headers.get(ETAG).map(EntityTag::try_from) else {
        return;
    };
    if current.is_weak() {
        return;
    }
    if status == StatusCode::NOT_MODIFIED {
        if let Some(tag) = held.and_then(|held| held.with_suffix_of(current.to_ref())) {
            headers.insert(ETAG, tag.into());
        }
        return;
    }
    // The tag of a 412 is that of the selected representation, not of the coded problem details.
    if !status.is_success() {
        return;
    }
    let mut coded = None;
    for coding in members(headers, CONTENT_ENCODING) {
        let tag = coded.as_ref().unwrap_or(&current).to_ref();
        coded = append_suffix(tag, coding).or(coded);
    }
    if let Some(coded) = coded {
        headers.insert(ETAG, coded.into());
    }
}

/// Adds `accept-encoding` to `Vary`, unless the field has it.
///
/// A compression layer adds it to the responses that it could compress. A 304 has no content to
/// compress, but it carries the `Vary` that the 200 would have (RFC 9110 section 15.4.5).
fn add_vary(headers: &mut HeaderMap) {
    let present = members(headers, VARY)
        .any(|name| name == b"*" || name.eq_ignore_ascii_case(ACCEPT_ENCODING.as_str().as_bytes()));
    if !present {
        headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    }
}

/// Returns `"x-gzip"` for `"x"` and `gzip`, and `None` for an unknown coding.
///
/// Whoever applied an unknown coding is responsible for the tag of the result.
fn append_suffix(tag: EntityTagRef<'_>, coding: &[u8]) -> Option<EntityTag> {
    let (_, suffix) = CODINGS[index_of(coding)?];
    EntityTag::strong([tag.opaque(), suffix].concat()).ok()
}

/// Splits `x-gzip` into `x` and the index of `gzip`.
fn split_suffix(opaque: &[u8]) -> Option<(&[u8], usize)> {
    (CODINGS.iter().enumerate())
        .find_map(|(index, (_, suffix))| Some((opaque.strip_suffix(*suffix)?, index)))
}

/// Returns the codings that `Accept-Encoding` accepts (RFC 9110 section 12.5.3).
///
/// A request without the field accepts none. By the RFC it accepts every coding, but compression
/// layers send such a request the identity.
fn accepted_codings(headers: &HeaderMap) -> AcceptedCodings {
    let mut listed = [None; CODINGS.len()];
    let mut others = false;
    for member in members(headers, ACCEPT_ENCODING) {
        let mut parts = member.split(|&b| b == b';').map(trim);
        let name = parts.next().unwrap_or_default();
        let accepted = !parts.any(is_zero_weight);
        if let Some(index) = index_of(name) {
            listed[index].get_or_insert(accepted);
        }
        others |= name == b"*" && accepted;
    }
    listed.map(|accepted| accepted.unwrap_or(others))
}

/// Reports whether a parameter is `q=0` or, for example, `q=0.000`.
fn is_zero_weight(parameter: &[u8]) -> bool {
    match parameter {
        [b'q' | b'Q', b'=', b'0', rest @ ..] => {
            rest.is_empty() || rest[0] == b'.' && rest[1..].iter().all(|&b| b == b'0')
        }
        _ => false,
    }
}

/// Returns the index of a coding in `CODINGS`.
fn index_of(coding: &[u8]) -> Option<usize> {
    // `x-gzip` is an alias of `gzip` (RFC 9110 section 8.4.1.3).
    let coding = match coding {
        [b'x' | b'X', b'-', gzip @ ..] if gzip.eq_ignore_ascii_case(b"gzip") => gzip,
        coding => coding,
    };
    CODINGS
        .iter()
        .position(|(name, _)| coding.eq_ignore_ascii_case(name))
}
