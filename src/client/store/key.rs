use http::{HeaderMap, HeaderName, HeaderValue, Uri, header::HOST};

use crate::client::fields;

/// What validators are remembered by: the URI and the credentials of a request.
///
/// The credentials are the values themselves, so that different ones never meet. They are marked
/// sensitive, and not printed by `Debug`. A store that writes keys down should write a keyed hash of
/// them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
