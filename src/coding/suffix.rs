use http::{HeaderMap, header::ACCEPT_ENCODING};

use crate::{
    EntityTag, EntityTagRef,
    fields::{members, trim},
};

/// The content-codings that compression layers apply, and the suffixes that they give to tags.
pub(super) const CODINGS: [(&[u8], &[u8]); 4] = [
    (b"gzip", b"-gzip"),
    (b"br", b"-br"),
    (b"zstd", b"-zstd"),
    (b"deflate", b"-deflate"),
];

/// For each of `CODINGS`.
pub(super) type Admitted = [bool; CODINGS.len()];

fn index(coding: &[u8]) -> Option<usize> {
    // An old name of the same coding (RFC 9110 section 8.4.1.3).
    let coding = match coding {
        [b'x' | b'X', b'-', gzip @ ..] if gzip.eq_ignore_ascii_case(b"gzip") => gzip,
        coding => coding,
    };
    CODINGS
        .iter()
        .position(|(name, _)| coding.eq_ignore_ascii_case(name))
}

/// `"x"` and `gzip` make `"x-gzip"`. Nothing is made of a coding that is none of these: whoever
/// applied it has tagged what came of it.
pub(super) fn with_suffix(tag: EntityTagRef<'_>, coding: &[u8]) -> Option<EntityTag> {
    let (_, suffix) = CODINGS[index(coding)?];
    EntityTag::strong([tag.opaque(), suffix].concat()).ok()
}

/// `"x-gzip"` is `"x"` and the index of `gzip`.
pub(super) fn split_suffix(opaque: &[u8]) -> Option<(&[u8], usize)> {
    (CODINGS.iter().enumerate())
        .find_map(|(index, (_, suffix))| Some((opaque.strip_suffix(*suffix)?, index)))
}

/// Which codings `Accept-Encoding` admits (RFC 9110 section 12.5.3). No field admits every one,
/// but nothing that compresses takes it for that.
pub(super) fn admitted(headers: &HeaderMap) -> Admitted {
    let mut named = [None; CODINGS.len()];
    let mut any = false;
    for member in members(headers, ACCEPT_ENCODING) {
        let mut parts = member.split(|&b| b == b';').map(trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(is_zero);
        if let Some(index) = index(name) {
            named[index].get_or_insert(!refused);
        }
        any |= name == b"*" && !refused;
    }
    named.map(|admitted| admitted.unwrap_or(any))
}

/// `q=0`, `q=0.000`.
fn is_zero(parameter: &[u8]) -> bool {
    match parameter {
        [b'q' | b'Q', b'=', b'0', rest @ ..] => {
            rest.is_empty() || rest[0] == b'.' && rest[1..].iter().all(|&b| b == b'0')
        }
        _ => false,
    }
}
