use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, Uri, header::HOST};

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
#[derive(PartialEq, Eq, Hash)]
pub struct StoreKey {
    uri: Uri,
    host: Option<HeaderValue>,
    credentials: Vec<(HeaderName, HeaderValue)>,
    is_shared: bool,
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
        let credentials = credentials
            .iter()
            .filter_map(|name| {
                let mut value = fields::joined(headers, name)?;
                value.set_sensitive(true);
                Some((name.clone(), value))
            })
            .collect();
        Self {
            uri: uri::normalized(uri),
            host,
            credentials,
            is_shared: false,
        }
    }

    /// Returns the key of the same resource that all users share.
    pub(in crate::client) fn shared(&self) -> Self {
        Self {
            uri: self.uri.clone(),
            host: self.host.clone(),
            credentials: Vec::new(),
            is_shared: true,
        }
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
