//! Entity tags and lists of them, read byte by byte.
//!
//! The property tests and the fuzz targets include this file too.

/// Returns the elements of a list (RFC 9110 section 5.6.1): each line, split at the commas outside
/// of quotes.
pub(crate) fn elements<'a>(lines: &[&'a [u8]]) -> Vec<&'a [u8]> {
    let mut elements = Vec::new();
    for line in lines {
        let mut quoted = false;
        let mut start = 0;
        for (at, byte) in line.iter().enumerate() {
            match byte {
                b'"' => quoted = !quoted,
                b',' if !quoted => {
                    elements.push(&line[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        elements.push(&line[start..]);
    }
    elements
        .into_iter()
        .map(trim)
        .filter(|element| !element.is_empty())
        .collect()
}

fn trim(mut element: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = element {
        element = rest;
    }
    element
}

/// `*` counts only if it is the only element.
pub(crate) fn is_asterisk(lines: &[&[u8]]) -> bool {
    elements(lines) == [b"*"]
}

/// Section 8.8.3.
pub(crate) fn is_tag(text: &[u8]) -> bool {
    let opaque_tag = text.strip_prefix(b"W/").unwrap_or(text);
    let inner = opaque_tag
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    inner.is_some_and(|inner| {
        inner
            .iter()
            .all(|byte| *byte > b' ' && *byte != b'"' && *byte != 0x7f)
    })
}

/// Section 13.1.1, with the strong comparison of section 8.8.3.2.
pub(crate) fn strongly_match(lines: &[&[u8]], etag: Option<&[u8]>) -> bool {
    let listed = |etag: &[u8]| {
        elements(lines)
            .iter()
            .any(|element| is_tag(element) && *element == etag && etag[0] == b'"')
    };
    is_asterisk(lines) || etag.is_some_and(listed)
}

/// Section 13.1.2, with the weak comparison of section 8.8.3.2.
pub(crate) fn weakly_match(lines: &[&[u8]], etag: Option<&[u8]>) -> bool {
    let opaque = |tag: &[u8]| tag.strip_prefix(b"W/").unwrap_or(tag).to_owned();
    let listed = |etag: &[u8]| {
        elements(lines)
            .iter()
            .any(|element| is_tag(element) && opaque(element) == opaque(etag))
    };
    is_asterisk(lines) || etag.is_some_and(listed)
}
