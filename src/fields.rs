//! Reads field lines as bytes (RFC 9110 section 5).
//!
//! Field values are never converted to `str`: obs-text (0x80 to 0xFF) is part of them.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH,
        CONTENT_RANGE, CONTENT_TYPE, TRAILER, TRANSFER_ENCODING,
    },
};

/// Returns the value of a field that has exactly one line.
#[inline]
pub(crate) fn only_line(headers: &HeaderMap, name: HeaderName) -> Option<&HeaderValue> {
    // There are as many lines as names, so no field has two lines.
    if headers.len() == headers.keys_len() {
        return headers.get(&name);
    }
    only_line_of_many(headers, &name)
}

#[cold]
fn only_line_of_many<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut lines = headers.get_all(name).iter();
    lines.next().filter(|_| lines.next().is_none())
}

/// Returns the members of a list of tokens, over all lines of a field (section 5.6.1).
///
/// Empty members are returned too. A quoted string is not recognised.
pub(crate) fn members(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &[u8]> {
    headers
        .get_all(name)
        .into_iter()
        .flat_map(|line| line.as_bytes().split(|&b| b == b','))
        .map(trim)
}

/// Removes optional whitespace at both ends (section 5.6.3).
#[inline]
pub(crate) fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    trim_end(bytes)
}

/// Removes optional whitespace at the end.
#[inline]
pub(crate) fn trim_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// Returns the media type of a `Content-Type` value without its parameters (section 8.3.1).
#[cfg(any(feature = "client", feature = "digest"))]
pub(crate) fn media_type_essence(content_type: &HeaderValue) -> &[u8] {
    let bytes = content_type.as_bytes();
    let end = bytes.iter().position(|&b| b == b';');
    trim(&bytes[..end.unwrap_or(bytes.len())])
}

/// Reports whether a field describes or frames content. A 304 does not carry it (section 15.4.5).
///
/// `Content-Location` does not: it names the selected representation.
///
/// The names that `http` knows go first: they compile to the test of a bit.
#[inline]
pub(crate) fn is_content_field(name: &HeaderName) -> bool {
    *name == ACCEPT_RANGES
        || *name == CONTENT_DISPOSITION
        || *name == CONTENT_ENCODING
        || *name == CONTENT_LANGUAGE
        || *name == CONTENT_LENGTH
        || *name == CONTENT_RANGE
        || *name == CONTENT_TYPE
        || *name == TRAILER
        || *name == TRANSFER_ENCODING
        || matches!(
            name.as_str(),
            "content-digest" | "content-md5" | "digest" | "repr-digest"
        )
}

/// Removes the fields with such names. One pass over the names costs less than to look each of them
/// up, because most of them are absent.
///
/// The closure sees each name that remains at least once.
#[inline]
pub(crate) fn remove_all(headers: &mut HeaderMap, mut of: impl FnMut(&HeaderName) -> bool) {
    while let Some(name) = headers.keys().find(|name| of(name)).cloned() {
        headers.remove(name);
    }
}
