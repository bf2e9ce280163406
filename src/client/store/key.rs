use http::{HeaderMap, HeaderName, HeaderValue, Uri, header::HOST};

use crate::client::fields;

/// What validators are remembered by: the URI and the credentials of a request.
///
/// The credentials are the values themselves, so that different ones never meet. They are marked
/// sensitive, and not printed by `Debug`. A store that writes keys down should write a keyed hash of
/// them.
///
/// A clone is a copy that shares no buffer with the request: it is what a store keeps.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Key {
    uri: Uri,
    host: Option<HeaderValue>,
    credentials: Vec<(HeaderName, HeaderValue)>,
}

impl Key {
    pub(in crate::client) fn new(
        uri: &Uri,
        headers: &HeaderMap,
        credentials: &[HeaderName],
    ) -> Self {
        let host = match uri.authority() {
            Some(_) => None,
            None => fields::joined(headers, &HOST),
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
            uri: uri.clone(),
            host,
            credentials,
        }
    }

    /// The URI of the request.
    pub const fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The `Host` field of a request whose URI has no authority.
    pub const fn host(&self) -> Option<&HeaderValue> {
        self.host.as_ref()
    }

    /// The fields that carry credentials, as far as the request has them.
    pub fn credentials(&self) -> &[(HeaderName, HeaderValue)] {
        &self.credentials
    }
}

impl Clone for Key {
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
        }
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
            let key = Key::new(&uri, &headers, &[AUTHORIZATION]);
            drop((uri, headers));
            let clone = key.clone();
            assert_eq!(clone, key);
            assert!(clone.credentials[0].1.is_sensitive());
            drop(key);
            assert!(buffer.is_unique(), "{clone:?}");
        }
    }
}
