//! What the cache needs of a request.

use std::time::Duration;

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Uri,
    header::{AUTHORIZATION, CACHE_CONTROL, HOST, PRAGMA},
    request::Parts,
};

use super::{hashed::Hashed, normal::other_spelling};
use crate::fields::{members, trim};

/// The longest head, in bytes, of a request that uses the cache.
const LONGEST_HEAD: usize = 16 * 1024;

/// Reports whether this is QUERY (RFC 10008), whether or not the version of `http` knows it as a
/// safe method.
///
/// Its selected representation depends on its content, so the cache says nothing of it.
pub(super) fn is_query(method: &Method) -> bool {
    method.as_str() == "QUERY"
}

/// What one pass over the names of a request's fields finds. It costs less than a look-up of each.
#[derive(Debug, Default)]
pub struct Scan {
    pub(super) host: bool,
    pub(super) authorization: bool,
    demands: bool,
}

impl Scan {
    #[inline]
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut scan = Self::default();
        let mut names = headers.keys();
        // No branch depends on which of them it is, so that one test rejects all other names.
        while let Some(name) = names.find(|name| is_known(name)) {
            scan.host |= *name == HOST;
            scan.authorization |= *name == AUTHORIZATION;
            scan.demands |= *name == CACHE_CONTROL || *name == PRAGMA;
        }
        scan
    }

    /// Returns the value of `Host`, or its first one.
    #[inline]
    pub(super) fn host<'a>(&self, headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
        if !self.host {
            return None;
        }
        // Most clients send it first (RFC 9110 section 7.2).
        match headers.iter().next() {
            Some((name, value)) if *name == HOST => Some(value),
            _ => headers.get(HOST),
        }
    }

    /// Returns what the request with these fields demands.
    #[inline]
    pub(super) fn demands(&self, headers: &HeaderMap) -> Demands {
        if self.demands {
            Demands::of(headers)
        } else {
            Demands::default()
        }
    }
}

/// Reports whether the cache looks at this field. It compiles to the test of a bit.
#[inline]
fn is_known(name: &HeaderName) -> bool {
    *name == HOST || *name == AUTHORIZATION || *name == CACHE_CONTROL || *name == PRAGMA
}

/// What a request demands of a cache (RFC 9111 section 5.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Demands {
    /// The source itself must be asked.
    pub(super) no_cache: bool,
    /// Nothing must be stored.
    pub(super) no_store: bool,
    /// The answer must not be older.
    pub(super) max_age: Option<Duration>,
}

impl Demands {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut demands = Self::default();
        if !headers.contains_key(CACHE_CONTROL) {
            // RFC 9111 section 5.4.
            demands.no_cache = members(headers, PRAGMA).any(|pragma| is(pragma, "no-cache"));
            return demands;
        }
        for directive in members(headers, CACHE_CONTROL) {
            let mut halves = directive.splitn(2, |&b| b == b'=');
            let name = trim(halves.next().unwrap_or_default());
            if is(name, "no-cache") {
                demands.no_cache = true;
            } else if is(name, "no-store") {
                demands.no_store = true;
            } else if is(name, "max-age") {
                // An invalid age is not zero, but asking is never wrong.
                match seconds(halves.next().unwrap_or_default()) {
                    Some(seconds) if seconds > 0 => {
                        let age = Duration::from_secs(seconds);
                        demands.max_age = Some(demands.max_age.map_or(age, |old| old.min(age)));
                    }
                    _ => demands.no_cache = true,
                }
            }
        }
        demands
    }
}

fn is(bytes: &[u8], name: &str) -> bool {
    bytes.eq_ignore_ascii_case(name.as_bytes())
}

fn seconds(argument: &[u8]) -> Option<u64> {
    let mut digits = trim(argument);
    if let [b'"', quoted @ .., b'"'] = digits {
        digits = quoted;
    }
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0, |seconds: u64, digit| {
        seconds
            .saturating_mul(10)
            .saturating_add(u64::from(digit - b'0'))
    }))
}

/// A request that is not answered from memory.
pub(super) struct Question<T> {
    /// A copy of the head that shares no memory with the connection.
    pub(super) head: Parts,
    /// The key of `head`.
    pub(super) key: Hashed<T>,
    pub(super) demands: Demands,
    /// The answer must have been asked for under this number or a later one.
    pub(super) since: u64,
}

impl<T> Question<T> {
    /// Returns the path and query as the request spells them, if they are not in normal form.
    pub(super) fn spelling(&self) -> Option<&[u8]> {
        other_spelling(&self.head.uri).map(str::as_bytes)
    }
}

/// Reports whether the head is too large for what is kept of it to be bounded.
pub(super) fn is_too_large(head: &Parts) -> bool {
    let fields = head.headers.iter();
    let size: usize = fields
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    uri_len(&head.uri) + size > LONGEST_HEAD
}

pub(super) fn uri_len(uri: &Uri) -> usize {
    let authority = uri
        .authority()
        .map_or(0, |authority| authority.as_str().len());
    let target = uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    authority + target
}

/// Copies a head. What is made of the copy, such as a key, keeps no buffer of a connection alive.
pub(super) fn detached(head: &Parts) -> Parts {
    let (mut copy, ()) = Request::new(()).into_parts();
    copy.method = head.method.clone();
    copy.uri = head
        .uri
        .to_string()
        .parse()
        .unwrap_or_else(|_| head.uri.clone());
    copy.version = head.version;
    copy.headers = head.headers.clone();
    detach_values(&mut copy.headers);
    copy.extensions = head.extensions.clone();
    copy
}

/// Makes each value own its bytes.
pub(super) fn detach_values(headers: &mut HeaderMap) {
    for value in headers.values_mut() {
        if let Ok(mut copy) = HeaderValue::from_bytes(value.as_bytes()) {
            copy.set_sensitive(value.is_sensitive());
            *value = copy;
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn demands(lines: &[(HeaderName, &'static str)]) -> Demands {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
        Scan::of(&headers).demands(&headers)
    }

    #[test]
    fn what_a_request_demands() {
        let no_cache = Demands {
            no_cache: true,
            ..Demands::default()
        };
        for line in [
            "no-cache",
            "max-stale, No-Cache",
            "max-age=0",
            "max-age=\"0\"",
            "max-age = 00",
            "max-age",
            "max-age=x",
            "max-age=-1",
        ] {
            assert_eq!(demands(&[(CACHE_CONTROL, line)]), no_cache, "{line}");
        }
        assert_eq!(demands(&[(PRAGMA, "x, no-cache")]), no_cache);
        let both = [(PRAGMA, "no-cache"), (CACHE_CONTROL, "max-stale")];
        assert_eq!(demands(&both), Demands::default());
        for line in [
            "",
            "no-cached",
            "only-if-cached",
            "x=\"no-cache\"",
            "min-fresh=0",
        ] {
            assert_eq!(
                demands(&[(CACHE_CONTROL, line)]),
                Demands::default(),
                "{line}"
            );
        }
        assert!(demands(&[(CACHE_CONTROL, "no-store")]).no_store);
        let ages = [
            (CACHE_CONTROL, "max-age=9"),
            (CACHE_CONTROL, "max-age=5, max-age=7"),
        ];
        assert_eq!(demands(&ages).max_age, Some(Duration::from_secs(5)));
        let long = "max-age=99999999999999999999999999";
        assert_eq!(
            demands(&[(CACHE_CONTROL, long)]).max_age,
            Some(Duration::from_secs(u64::MAX))
        );
    }

    #[test]
    fn a_detached_head_shares_nothing() {
        for uri in ["http://server/doc?x", "http://server", "/doc", "*"] {
            let buffer = Bytes::from(format!("{uri}Basic abc"));
            let (uri, secret) = (buffer.slice(..uri.len()), buffer.slice(uri.len()..));
            let (mut head, ()) = Request::new(()).into_parts();
            let mut secret = HeaderValue::from_maybe_shared(secret).unwrap();
            secret.set_sensitive(true);
            head.headers.insert("x-secret", secret);
            head.uri = Uri::from_maybe_shared(uri).unwrap();
            let copy = detached(&head);
            assert_eq!((&copy.uri, &copy.headers), (&head.uri, &head.headers));
            assert!(copy.headers["x-secret"].is_sensitive());
            drop(head);
            assert!(buffer.is_unique(), "{copy:?}");
        }
    }
}
