//! The class of a path: what all names of one resource have in common.

/// Returns what all paths have in common that may name the same resource.
///
/// It is coarser than the normal form. All percent-encoding is decoded, and dot segments, empty
/// segments and a slash at the end are removed, because routers and handlers do some of that. A
/// write may invalidate or lock too much, but never too little.
pub(crate) fn class(path: &str) -> Vec<u8> {
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

/// Decodes an octet: `%` and two hex digits.
pub(crate) fn octet(first: u8, tail: &[u8]) -> Option<u8> {
    let [high, low, ..] = tail else { return None };
    let digit = |b: u8| char::from(b).to_digit(16);
    match (first, digit(*high), digit(*low)) {
        (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
