//! Two names of one resource: the normal form of a target.

use std::borrow::Cow;

use http::Uri;
use memchr::{memchr, memchr2, memmem};

use crate::target::octet;

/// Returns the normal form of a path (RFC 9110 section 4.2.3, RFC 3986 section 6.2.2): unreserved
/// characters are not encoded, hex digits are upper case, and there are no dot segments.
///
/// `%2F` stays as it is, because it is not the same as `/`.
pub(super) fn path(path: &str) -> Cow<'_, [u8]> {
    // Most paths have neither, so one search is enough.
    if memchr2(b'%', b'.', path.as_bytes()).is_none() {
        return Cow::Borrowed(path.as_bytes());
    }
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
}
