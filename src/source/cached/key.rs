use std::hash::{Hash, Hasher};

use http::{
    HeaderMap, HeaderValue,
    header::{AUTHORIZATION, HOST},
    request::Parts,
};

use super::{hashed::LookUp, normal, plain, request::Scan};

/// Computes the key under which a [`Cached`](super::Cached) source keeps the answer to a request.
///
/// The fields that the answer's `Vary` names are part of the key without this trait. It is for what
/// no field says, such as the user in the extensions of the request, and for sources that do not
/// set `Vary`.
///
/// Each closure `Fn(&Parts) -> T` is a `CacheKey` if `T` can be a key. Implement the trait to
/// exclude requests from the cache:
///
/// ```
/// use http::{
///     header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE},
///     request::Parts,
///     HeaderValue,
/// };
/// use tower_conditional::source::cached::CacheKey;
///
/// /// For resources that depend on the language, and on the user if there is one.
/// #[derive(Clone)]
/// struct ByLanguage;
///
/// impl CacheKey for ByLanguage {
///     type Key = (String, Option<HeaderValue>);
///
///     fn key(&self, head: &Parts) -> Self::Key {
///         (head.uri.to_string(), head.headers.get(ACCEPT_LANGUAGE).cloned())
///     }
///
///     fn suffices(&self, head: &Parts) -> bool {
///         !head.headers.contains_key(AUTHORIZATION) && !head.headers.contains_key(COOKIE)
///     }
/// }
/// ```
pub trait CacheKey {
    /// The type of keys.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;

    /// Returns the key of the representation that this request selects.
    ///
    /// The key that is kept is made from the cache's own copy of the head, so it may share memory with
    /// that copy.
    fn key(&self, head: &Parts) -> Self::Key;

    /// Reports whether the key contains everything that the answer to this request depends on. By
    /// default it does.
    ///
    /// If not, the source itself is asked, and its answer is not cached.
    fn suffices(&self, head: &Parts) -> bool {
        let _ = head;
        true
    }

    /// Looks up the key of this request, or returns `None` if it does not suffice.
    ///
    /// Only [`UriKey`] has another implementation, which usually allocates nothing.
    #[doc(hidden)]
    #[inline]
    fn look_up_key<L: LookUp<Self::Key>>(
        &self,
        head: &Parts,
        scan: &Scan,
        look_up: L,
    ) -> Option<L::Found>
    where
        Self: Sized,
    {
        let _ = scan;
        if !self.suffices(head) {
            return None;
        }
        let key = self.key(head);
        Some(look_up.find(|hasher| key.hash(hasher), |kept| *kept == key))
    }
}

impl<F, T> CacheKey for F
where
    F: Fn(&Parts) -> T,
    T: Clone + Eq + Hash + Send + Sync + 'static,
{
    type Key = T;

    fn key(&self, head: &Parts) -> T {
        self(head)
    }
}

/// The default key of a [`Cached`](super::Cached) source: the URI and the `Host` field.
///
/// The key is in normal form (RFC 9110 section 4.2.3, RFC 3986 section 6.2.2): the scheme and the
/// host are lower case, the default port of the scheme is left out, unreserved characters are not
/// percent-encoded, and there are no dot segments.
///
/// A request with `Authorization` is not cached, because its answer may be for that user only.
/// Neither is one with several `Host` fields. What the answer depends on besides must be in its
/// `Vary`.
#[derive(Clone, Copy, Debug, Default)]
pub struct UriKey;

impl CacheKey for UriKey {
    type Key = Box<[u8]>;

    fn key(&self, head: &Parts) -> Self::Key {
        let (uri, scheme) = (&head.uri, head.uri.scheme_str());
        let path = normal::path(uri.path());
        let query = uri.query().map(normal::encoded);
        let authority = uri
            .authority()
            .map_or(&b""[..], |name| name.as_str().as_bytes());
        let host = head
            .headers
            .get(HOST)
            .map_or(&b""[..], HeaderValue::as_bytes);

        let (authority, host) = (server(authority, scheme), server(host, scheme));
        // HTTP/2 has no `Host`, and HTTP/1.1 usually has nothing else. A client that sends both can
        // make them differ, and the handler may look at either.
        let host = match host.eq_ignore_ascii_case(authority) {
            true => &b""[..],
            false => host,
        };
        let scheme = scheme.unwrap_or_default().as_bytes();
        // Exactly as long as the key, so that making it a box does not copy it.
        let length = scheme.len() + authority.len() + host.len() + path.len() + 3;
        let mut key =
            Vec::with_capacity(length + query.as_ref().map_or(0, |query| 1 + query.len()));
        // No part contains a line feed.
        for part in [scheme, authority, host] {
            key.extend_from_slice(part);
            key.push(b'\n');
        }
        key.make_ascii_lowercase();
        key.extend_from_slice(&path);
        if let Some(query) = query {
            key.push(b'?');
            key.extend_from_slice(&query);
        }
        key.into()
    }

    fn suffices(&self, head: &Parts) -> bool {
        !has_several_hosts(&head.headers) && !head.headers.contains_key(AUTHORIZATION)
    }

    #[inline]
    fn look_up_key<L: LookUp<Self::Key>>(
        &self,
        head: &Parts,
        scan: &Scan,
        look_up: L,
    ) -> Option<L::Found> {
        if scan.authorization || has_several_hosts(&head.headers) {
            return None;
        }
        let long;
        let mut buffer = plain::Buffer::new();
        let key: &[u8] = match plain::key(&head.uri, scan.host(&head.headers), &mut buffer) {
            Some(key) => key,
            None => {
                long = self.key(head);
                &long
            }
        };
        Some(look_up.find(|hasher| hasher.write(key), |kept| **kept == *key))
    }
}

#[inline]
fn has_several_hosts(headers: &HeaderMap) -> bool {
    // As many lines as names: then no field has two lines.
    headers.len() != headers.keys_len() && headers.get_all(HOST).iter().nth(1).is_some()
}

/// Returns the host and the port of an authority, without the user information and a default port.
fn server<'a>(authority: &'a [u8], scheme: Option<&str>) -> &'a [u8] {
    // No name has a byte between these two, so one comparison finds both.
    if !authority.iter().any(|byte| (b':'..=b'@').contains(byte)) {
        return authority;
    }
    let last = |text: &[u8], byte| text.iter().rposition(|&b| b == byte);
    let authority = &authority[last(authority, b'@').map_or(0, |at| at + 1)..];
    // In an IPv6 address without a port, what follows the last colon is no default port.
    let Some(colon) = last(authority, b':') else {
        return authority;
    };
    let port = &authority[colon + 1..];
    let default: &[u8] = match scheme {
        Some(scheme) if scheme.eq_ignore_ascii_case("http") => b"80",
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => b"443",
        _ => b"",
    };
    if port.is_empty() || port == default {
        &authority[..colon]
    } else {
        authority
    }
}

#[cfg(test)]
mod tests {
    use std::collections::hash_map::DefaultHasher;

    use http::Request;

    use super::*;

    fn key(uri: &str, host: Option<&str>) -> String {
        let mut request = Request::get(uri);
        if let Some(host) = host {
            request = request.header(HOST, host);
        }
        let key = UriKey.key(&request.body(()).unwrap().into_parts().0);
        key.escape_ascii().to_string()
    }

    #[test]
    fn two_names_of_one_resource_have_one_key() {
        for (uri, host, key_of) in [
            ("/d/%74est", Some("h"), ("/d/test", Some("h"))),
            ("/a?q=%7e", Some("H"), ("/a?q=~", Some("h"))),
            ("http://H:80", None, ("http://h/", None)),
            ("HTTP://u:p@h:/", None, ("http://h/", None)),
            ("https://h:443/x/../a", None, ("https://h/a", None)),
            ("http://h/a", Some("H"), ("http://h/a", None)),
            ("/", Some("[::1]:"), ("/", Some("[::1]"))),
        ] {
            assert_eq!(key(uri, host), key(key_of.0, key_of.1), "{uri}");
        }
    }

    #[test]
    fn two_resources_have_two_keys() {
        for (one, other) in [
            (("/a%2Fb", None), ("/a/b", None)),
            (("/a?x", None), ("/a", None)),
            (("/a?", None), ("/a", None)),
            (("/A", None), ("/a", None)),
            (("/a", Some("h")), ("/a", Some("i"))),
            (("/a", Some("h:80")), ("/a", Some("h"))),
            (("ftp://h:443/", None), ("ftp://h/", None)),
            (("http://h:443/", None), ("http://h/", None)),
            (("https://h:80/", None), ("https://h/", None)),
            (("http://h/", None), ("https://h/", None)),
            (("http://h/", Some("i")), ("http://h/", None)),
            (("/", Some("[::1]:80")), ("/", Some("[::1]"))),
        ] {
            assert_ne!(key(one.0, one.1), key(other.0, other.1), "{one:?}");
        }
    }

    #[test]
    fn the_key_does_not_say_who_asks_or_which_of_two_hosts_is_meant() {
        for (fields, suffices) in [
            (&[(HOST, "h")][..], true),
            (&[(HOST, "h"), (AUTHORIZATION, "x")], false),
            (&[(HOST, "h"), (HOST, "h")], false),
            (&[], true),
        ] {
            let (mut head, ()) = Request::new(()).into_parts();
            for (name, value) in fields {
                head.headers.append(name, HeaderValue::from_static(value));
            }
            assert_eq!(UriKey.suffices(&head), suffices, "{fields:?}");
        }
    }

    /// Takes whether the key that is looked up is this one.
    struct Is(&'static str);

    impl LookUp<String> for Is {
        type Found = bool;

        fn find(self, _: impl FnOnce(&mut DefaultHasher), is: impl Fn(&String) -> bool) -> bool {
            is(&self.0.to_owned())
        }
    }

    #[test]
    fn the_key_of_a_closure_is_looked_up() {
        let by_path = |head: &Parts| head.uri.path().to_owned();
        let (head, ()) = Request::get("/a").body(()).unwrap().into_parts();
        for (kept, found) in [("/a", true), ("/b", false)] {
            let scan = Scan::of(&head.headers);
            let is = by_path.look_up_key(&head, &scan, Is(kept));
            assert_eq!(is, Some(found));
        }
    }
}
