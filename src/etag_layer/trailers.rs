use digest::Digest;
use http::{
    HeaderMap, HeaderValue,
    header::{CONTENT_LENGTH, ETAG, TE, TRAILER},
};

use super::service::Trailers;
use crate::{
    EntityTag,
    coding::{members, trim},
};

/// Whether `TE` has the member `trailers` (RFC 9110 section 10.1.4).
pub(super) fn accepts_trailers(headers: &HeaderMap) -> bool {
    members(headers, TE).any(|member| {
        let token = member.split(|&b| b == b';').next().unwrap_or(member);
        trim(token).eq_ignore_ascii_case(b"trailers")
    })
}

/// Announces the field.
pub(super) fn announce(headers: &mut HeaderMap, trailers: Trailers) {
    headers.append(TRAILER, HeaderValue::from_static("etag"));
    if trailers == Trailers::Chunked {
        headers.remove(CONTENT_LENGTH);
    }
}

/// Puts the entity tag into the trailer section, unless the handler did.
pub(super) fn complete<D: Digest>(mut trailers: HeaderMap, hasher: D, weak: bool) -> HeaderMap {
    trailers
        .entry(ETAG)
        .or_insert_with(|| entity_tag(hasher, weak).into());
    trailers
}

pub(super) fn entity_tag<D: Digest>(hasher: D, weak: bool) -> EntityTag {
    if weak {
        EntityTag::from_digest(hasher.finalize()).into_weak()
    } else {
        EntityTag::from_digest(hasher.finalize())
    }
}
