//! The key of most requests, without an allocation.

use http::{HeaderValue, Uri};

use super::words::{has_either, has_in};

/// The longest key that is made here.
const LONGEST: usize = 128;

/// Room for a key. It is filled with line feeds, which separate the parts.
pub(super) struct Buffer([u8; LONGEST]);

impl Buffer {
    #[inline]
    pub(super) const fn new() -> Self {
        Self([b'\n'; LONGEST])
    }
}

/// Returns the key that [`UriKey`](super::UriKey) makes of a request, if it is short and all parts of
/// it are in normal form. Otherwise `UriKey` itself has to make it.
#[inline]
pub(super) fn key<'a>(
    uri: &Uri,
    host: Option<&HeaderValue>,
    buffer: &'a mut Buffer,
) -> Option<&'a [u8]> {
    let scheme = uri.scheme_str().unwrap_or_default().as_bytes();
    let authority = uri.authority().map_or("", |name| name.as_str()).as_bytes();
    let host = host.map_or(&b""[..], HeaderValue::as_bytes);
    let target = uri.path_and_query()?.as_str().as_bytes();
    // HTTP/1.1 usually has no authority, and HTTP/2 no `Host`.
    let (server, feeds) = match authority {
        b"" => (host, 2),
        _ if host.is_empty() => (authority, 1),
        _ => return None,
    };
    if !is_plain_server(scheme, server) || !is_plain_target(target) {
        return None;
    }
    let length = scheme.len() + server.len() + target.len() + 3;
    let key = buffer.0.get_mut(..length)?;
    let (start, end) = key.split_at_mut(length - target.len());
    if !scheme.is_empty() {
        start[..scheme.len()].copy_from_slice(scheme);
    }
    start[scheme.len() + feeds..][..server.len()].copy_from_slice(server);
    end.copy_from_slice(target);
    Some(key)
}

/// Reports whether there is no user information, no capital, and no port that may be the default.
fn is_plain_server(scheme: &[u8], server: &[u8]) -> bool {
    // `;` to `Z` has `@` and the capitals, and `:` comes before it. Without a scheme there is no
    // default port, so a colon may stay unless it is the last byte.
    let first = match scheme {
        b"" if server.last() != Some(&b':') => b';',
        b"" | b"http" | b"https" => b':',
        _ => return false,
    };
    !has_in(server, first..=b'Z')
}

/// Reports whether there is a path, without percent-encoding and dot segments.
fn is_plain_target(target: &[u8]) -> bool {
    let is_plain = || {
        let mut pairs = target.windows(2);
        !target.contains(&b'%') && !pairs.any(|pair| pair == b"/.")
    };
    target.first() == Some(&b'/') && (!has_either(target, [b'%', b'.']) || is_plain())
}

#[cfg(test)]
mod tests {
    use std::{collections::hash_map::DefaultHasher, hash::Hasher};

    use http::{
        Request,
        header::{ACCEPT, AUTHORIZATION, HOST},
        request::Parts,
    };
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::source::cached::{CacheKey, UriKey, hashed::LookUp, request::Scan};

    fn plain(head: &Parts) -> Option<Box<[u8]>> {
        let host = head.headers.get(HOST);
        key(&head.uri, host, &mut Buffer::new()).map(Into::into)
    }

    fn head(uri: &str, accept: bool, hosts: &[&str]) -> Option<Parts> {
        let mut request = Request::get(uri);
        if accept {
            request = request.header(ACCEPT, "text/html");
        }
        for host in hosts {
            request = request.header(HOST, *host);
        }
        Some(request.body(()).ok()?.into_parts().0)
    }

    #[test]
    fn most_keys_are_made_here() {
        for (uri, hosts) in [
            ("/page", &["www.example.org"][..]),
            ("/a/b.css?v=1.2&x=/y", &["localhost:3000"]),
            ("/", &["[::1]:80"]),
            ("/a//b.", &[]),
            ("https://example.org/a", &[]),
            ("http://example.org", &[""]),
        ] {
            let head = head(uri, false, hosts).unwrap();
            assert_eq!(plain(&head), Some(UriKey.key(&head)), "{uri}");
        }
        let long = format!("/{}", "x".repeat(LONGEST - 4));
        assert!(plain(&head(&long, false, &[]).unwrap()).is_some());
        for (uri, hosts) in [
            ("/%70age", &["h"][..]),
            ("/./page", &["h"]),
            ("*", &["h"]),
            ("h:80", &[]),
            ("http://h?x", &[]),
            ("/", &["H"]),
            ("/", &["u@h"]),
            ("/", &["h:"]),
            ("http://h:80/", &[]),
            ("http://h/", &["h"]),
            ("Ftp://h/", &[]),
            (&format!("{long}x"), &[]),
        ] {
            assert!(plain(&head(uri, false, hosts).unwrap()).is_none(), "{uri}");
        }
    }

    /// Takes the hash, and whether the key that is made is the one that is looked up.
    struct Compare<'a>(&'a [u8]);

    impl LookUp<Box<[u8]>> for Compare<'_> {
        type Found = (u64, bool);

        fn find(
            self,
            hash: impl FnOnce(&mut DefaultHasher),
            is: impl Fn(&Box<[u8]>) -> bool,
        ) -> (u64, bool) {
            let mut hasher = DefaultHasher::new();
            hash(&mut hasher);
            (hasher.finish(), is(&self.0.into()))
        }
    }

    /// What is usual, or up to so many of the pieces.
    fn text(
        usual: &'static [&'static str],
        pieces: &'static [&'static str],
        most: usize,
    ) -> impl Strategy<Value = String> {
        let pieces = vec(select(pieces), 0..=most).prop_map(|pieces| pieces.concat());
        prop_oneof![select(usual).prop_map(str::to_owned), pieces]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is sent: the key that is looked up is the one that is kept, with one hash.
        #[test]
        fn the_key_that_is_looked_up_is_the_one_that_is_kept(
            scheme in text(&["", "", "https://"], &["http://", "HTTP://", "x-y://"], 1),
            authority in text(&["h", "i.j"], &["h", "H", ".", ":", "80", "443", "u@", "[::1]"], 5),
            path in text(
                &["/", "/a/b.css", "/0123456789abcdef"],
                &["/", "/a", "A", ".", "..", "%2e", "%2F", "%", "~", "0123456789abcdef"],
                14,
            ),
            query in text(&["", "?a=b.c"], &["?", "a", "/.", ".", "%41", "&", "0123456789abcdef"], 9),
            hosts in vec(
                text(&["h", "i.j:8080"], &["h", "H", ".", ":", "80", "u@", "[::1]", "/", "?", "\t"], 5),
                0..3,
            ),
            (accept, authorization) in any::<(bool, bool)>(),
        ) {
            let authority = if scheme.is_empty() { "" } else { &*authority };
            let hosts: Vec<_> = hosts.iter().map(|host| &**host).collect();
            let head = head(&format!("{scheme}{authority}{path}{query}"), accept, &hosts);
            // Half of them are no requests.
            let Some(mut head) = head else { return Ok(()) };
            if authorization {
                head.headers.insert(AUTHORIZATION, HeaderValue::from_static("x"));
            }
            let kept = UriKey.key(&head);
            if let Some(plain) = plain(&head) {
                prop_assert_eq!(&plain, &kept);
            }
            let scan = Scan::of(&head.headers);
            let found = UriKey.look_up_key(&head, &scan, Compare(&kept));
            let mut hasher = DefaultHasher::new();
            hasher.write(&kept);
            let expected = UriKey.suffices(&head).then(|| (hasher.finish(), true));
            prop_assert_eq!(found, expected);
            if let Some((_, is)) = UriKey.look_up_key(&head, &scan, Compare(&[&*kept, b"x"].concat())) {
                prop_assert!(!is);
            }
        }
    }
}
