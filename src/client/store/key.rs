use std::{
    collections::hash_map::RandomState,
    fmt,
    hash::{BuildHasher, Hash, Hasher},
    sync::OnceLock,
};

use http::{
    HeaderMap, HeaderName, HeaderValue, Uri,
    header::HOST,
    uri::{Authority, PathAndQuery},
};

use super::uri;
use crate::client::fields;

/// Identifies a resource in a [`ValidatorStore`](super::ValidatorStore), for one user or for all:
/// the URI and the credentials of a request, or the URI alone.
///
/// The URI is normalized (RFC 9110 section 4.2.3, RFC 3986 section 6.2.2): `HTTP://Host:80/%64oc`
/// and `http://host/doc` name one resource, and make one key.
///
/// The key holds the values of the credential fields themselves, so two users never share an entry.
/// The values are marked as sensitive, and `Debug` does not print them. A store that writes keys to
/// a disk should write a keyed hash of them.
///
/// `clone` copies all data. A clone does not keep the buffer of the connection alive that the
/// request was read from, so a store can hold it for long.
#[derive(PartialEq, Eq)]
pub struct StoreKey {
    uri: Uri,
    host: Option<HeaderValue>,
    credentials: Vec<(HeaderName, HeaderValue)>,
    is_shared: bool,
    /// The hash of everything, calculated once: a store hashes a key for each look-up.
    hash: u64,
    /// The hash of the target alone.
    target_hash: u64,
}

impl StoreKey {
    pub(in crate::client) fn new(
        uri: &Uri,
        headers: &HeaderMap,
        credentials: &[HeaderName],
    ) -> Self {
        let host = match uri.authority() {
            Some(_) => None,
            None => fields::joined(headers, &HOST).map(|host| uri::normalized_host(&host)),
        };
        let credentials: Vec<_> = credentials
            .iter()
            .filter_map(|name| {
                let mut value = fields::joined(headers, name)?;
                value.set_sensitive(true);
                Some((name.clone(), value))
            })
            .collect();
        let uri = uri::normalized(uri);
        let target_hash = target_hash(&uri, host.as_ref());
        Self {
            hash: if credentials.is_empty() {
                target_hash
            } else {
                hash_key().hash_one((target_hash, &credentials))
            },
            uri,
            host,
            credentials,
            is_shared: false,
            target_hash,
        }
    }

    /// Returns the key of the same resource that all users share.
    pub(in crate::client) fn shared(&self) -> Self {
        Self {
            uri: self.uri.clone(),
            host: self.host.clone(),
            credentials: Vec::new(),
            is_shared: true,
            hash: !self.target_hash,
            target_hash: self.target_hash,
        }
    }

    pub(super) const fn target_hash(&self) -> u64 {
        self.target_hash
    }

    /// Returns the hash of the key of a user.
    pub(super) const fn user_hash(&self) -> u64 {
        match self.is_shared {
            true => self.target_hash,
            false => self.hash,
        }
    }

    /// Returns what distinguishes the resource from others: scheme, authority, target and host.
    pub(super) fn parts(&self) -> [&[u8]; 4] {
        let authority = self.uri.authority().map_or("", Authority::as_str);
        let target = self.uri.path_and_query().map_or("", PathAndQuery::as_str);
        [
            self.uri.scheme_str().unwrap_or_default().as_bytes(),
            authority.as_bytes(),
            target.as_bytes(),
            self.host.as_ref().map_or(&[], HeaderValue::as_bytes),
        ]
    }

    /// Reports whether the key is the one that all users of the resource share. It then has no
    /// credentials, and is not the key of a user without any.
    pub const fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// Returns the URI of the request, normalized.
    pub const fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Returns the value of `Host`, for a request whose URI has no authority. It is in lower case,
    /// and has no default port.
    pub const fn host(&self) -> Option<&HeaderValue> {
        self.host.as_ref()
    }

    /// Returns the fields that carry credentials, with their values. Fields that the request lacks
    /// are left out.
    pub fn credentials(&self) -> &[(HeaderName, HeaderValue)] {
        &self.credentials
    }
}

/// Hashes are only good for this process: they are keyed, so that nobody can choose URIs that
/// collide.
fn hash_key() -> &'static RandomState {
    static KEY: OnceLock<RandomState> = OnceLock::new();
    KEY.get_or_init(RandomState::new)
}

/// Agrees with the comparison of URIs, which ignores the case of scheme and authority. The scheme is
/// left out: few resources differ in nothing else.
fn target_hash(uri: &Uri, host: Option<&HeaderValue>) -> u64 {
    let mut hasher = hash_key().build_hasher();
    // There is one or the other, and neither contains a line feed.
    let authority = uri.authority().map_or("", Authority::as_str);
    if authority.bytes().any(|b| b.is_ascii_uppercase()) {
        hasher.write(authority.to_ascii_lowercase().as_bytes());
    } else {
        hasher.write(authority.as_bytes());
    }
    hasher.write(host.map_or(&[], HeaderValue::as_bytes));
    hasher.write_u8(b'\n');
    hasher.write(
        uri.path_and_query()
            .map_or("", PathAndQuery::as_str)
            .as_bytes(),
    );
    hasher.finish()
}

impl Hash for StoreKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl Clone for StoreKey {
    fn clone(&self) -> Self {
        let copied =
            |(name, value): &(HeaderName, HeaderValue)| (name.clone(), fields::detached(value));
        Self {
            uri: self
                .uri
                .to_string()
                .parse()
                .unwrap_or_else(|_| self.uri.clone()),
            host: self.host.as_ref().map(fields::detached),
            credentials: self.credentials.iter().map(copied).collect(),
            is_shared: self.is_shared,
            hash: self.hash,
            target_hash: self.target_hash,
        }
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreKey")
            .field("uri", &uri::WithoutUserinfo(&self.uri))
            .field("host", &self.host)
            .field("credentials", &self.credentials)
            .field("is_shared", &self.is_shared)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::header::AUTHORIZATION;

    use super::*;

    #[test]
    fn a_clone_is_equal_and_shares_nothing() {
        for uri in [
            "http://server/doc?x",
            "http://server",
            "/doc",
            "*",
            "server:80",
        ] {
            let buffer = Bytes::from(format!("{uri}Basic abc"));
            let (uri, secret) = (buffer.slice(..uri.len()), buffer.slice(uri.len()..));
            let mut headers = HeaderMap::new();
            headers.insert(
                AUTHORIZATION,
                HeaderValue::from_maybe_shared(secret).unwrap(),
            );
            let uri = Uri::from_maybe_shared(uri).unwrap();
            let key = StoreKey::new(&uri, &headers, &[AUTHORIZATION]);
            drop((uri, headers));
            let clone = key.clone();
            assert_eq!(clone, key);
            assert!(clone.credentials[0].1.is_sensitive());
            assert!(clone.shared().is_shared() && clone.shared() != clone);
            drop(key);
            assert!(buffer.is_unique(), "{clone:?}");
        }
    }
}
