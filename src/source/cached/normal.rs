//! Two names of one resource: the normal form of a target, and the class of a path.

use std::borrow::Cow;

use http::Uri;
use memchr::{memchr, memmem};

/// Returns the normal form of a path (RFC 9110 section 4.2.3, RFC 3986 section 6.2.2): unreserved
/// characters are not encoded, hex digits are upper case, and there are no dot segments.
///
/// `%2F` stays as it is, because it is not the same as `/`.
pub(super) fn path(path: &str) -> Cow<'_, [u8]> {
    let mut normal = encoded(path);
    if normal.starts_with(b"/") && memmem::find(&normal, b"/.").is_some() {
        let without = without_dot_segments(&normal);
        if without != *normal {
            normal = Cow::Owned(without);
        }
    }
    normal
}

/// Returns the normal form of the percent-encoding in a path or a query.
pub(super) fn encoded(text: &str) -> Cow<'_, [u8]> {
    let bytes = text.as_bytes();
    if memchr(b'%', bytes).is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut normal = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match octet(*first, tail) {
            Some(octet) => {
                rest = &tail[2..];
                if is_unreserved(octet) {
                    normal.push(octet);
                } else {
                    normal.extend([b'%', tail[0], tail[1]].map(|b| b.to_ascii_uppercase()));
                }
            }
            None => normal.push(*first),
        }
    }
    if normal == bytes {
        Cow::Borrowed(bytes)
    } else {
        Cow::Owned(normal)
    }
}

/// Returns the path and query as they are, if they are not in normal form.
pub(super) fn other_spelling(uri: &Uri) -> Option<&str> {
    let query = uri.query().unwrap_or_default();
    if matches!(
        (path(uri.path()), encoded(query)),
        (Cow::Borrowed(_), Cow::Borrowed(_))
    ) {
        return None;
    }
    Some(uri.path_and_query()?.as_str())
}

/// Returns what all paths have in common that may name the same resource.
///
/// It is coarser than the normal form. All percent-encoding is decoded, and dot segments, empty
/// segments and a slash at the end are removed, because routers and handlers do some of that. A
/// write may invalidate too much, but never too little.
pub(super) fn class(path: &str) -> Vec<u8> {
    let bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match octet(*first, tail) {
            Some(octet) => {
                rest = &tail[2..];
                decoded.push(octet);
            }
            None => decoded.push(*first),
        }
    }
    let mut segments = Vec::new();
    for segment in decoded.split(|&b| b == b'/') {
        match segment {
            b"" | b"." => {}
            b".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    segments.join(&b'/')
}

/// Removes dot segments from an absolute path (RFC 3986 section 5.2.4).
fn without_dot_segments(path: &[u8]) -> Vec<u8> {
    let mut segments: Vec<&[u8]> = Vec::new();
    let mut ends_in_slash = false;
    for segment in path[1..].split(|&b| b == b'/') {
        ends_in_slash = matches!(segment, b"." | b"..");
        match segment {
            b"." => {}
            b".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    let mut normal = Vec::with_capacity(path.len());
    for segment in &segments {
        normal.push(b'/');
        normal.extend_from_slice(segment);
    }
    if ends_in_slash || segments.is_empty() {
        normal.push(b'/');
    }
    normal
}

/// Decodes an octet: `%` and two hex digits.
fn octet(first: u8, tail: &[u8]) -> Option<u8> {
    let [high, low, ..] = tail else { return None };
    let digit = |b: u8| char::from(b).to_digit(16);
    match (first, digit(*high), digit(*low)) {
        (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
        _ => None,
    }
}

const fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_normal_form() {
        for (name, normal) in [
            ("/d/test", "/d/test"),
            ("/d/%74est", "/d/test"),
            ("/%7Euser", "/~user"),
            ("/a%2fb", "/a%2Fb"),
            ("/a%2Fb", "/a%2Fb"),
            ("/100%", "/100%"),
            ("/%4", "/%4"),
            ("/%zz%41", "/%zzA"),
            ("/%2541", "/%2541"),
            ("/a/./b", "/a/b"),
            ("/a/../b", "/b"),
            ("/a/%2e%2E/b", "/b"),
            ("/a/..", "/"),
            ("/a/b/..", "/a/"),
            ("/a/.", "/a/"),
            ("/../..", "/"),
            ("/.well-known", "/.well-known"),
            ("/a//b", "/a//b"),
            ("/a/b//..", "/a/b/"),
            ("/", "/"),
            ("*", "*"),
        ] {
            assert_eq!(path(name).escape_ascii().to_string(), normal, "{name}");
            let again = path(normal);
            assert!(matches!(again, Cow::Borrowed(_)), "{normal} is normal");
        }
    }

    #[test]
    fn a_class_has_all_names_of_a_resource() {
        for names in [
            &[
                "/d/test",
                "/d/%74est",
                "/d/test/",
                "//d/test",
                "/x/../d/./test",
            ][..],
            &["/caf\u{e9}", "/caf%C3%A9", "/caf%c3%a9"],
            &["/a/b", "/a%2Fb"],
            &["/a!", "/a%21"],
            &["/", "", "/..", "/%2e"],
        ] {
            for name in names {
                assert_eq!(class(name), class(names[0]), "{name}");
            }
        }
        assert_ne!(class("/d/test"), class("/d/Test"));
        assert_ne!(class("/d/test"), class("/dtest"));
        assert_ne!(class("*"), class("/"));
    }
}
