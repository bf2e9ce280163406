//! The base of links, which are absolute in representations.

use axum::{
    extract::FromRequestParts,
    http::{
        header::HOST,
        request::Parts,
        uri::{Authority, Scheme},
    },
};

use super::failure::Failure;

/// The service as the client sees it, such as `http://localhost:3000`.
///
/// It is empty if the request has no valid `Host`. Links are then relative.
#[derive(Clone, Debug)]
pub(crate) struct Base(String);

impl Base {
    /// Returns the base from the request target, or else from `Host`.
    pub(crate) fn of(head: &Parts) -> Self {
        let authority = head.uri.authority().cloned().or_else(|| {
            let host = head.headers.get(HOST)?;
            Authority::try_from(host.as_bytes()).ok()
        });
        let scheme = head.uri.scheme().unwrap_or(&Scheme::HTTP);
        Self(match authority {
            // `Host` has no user information.
            Some(authority) if !authority.as_str().contains('@') => {
                format!("{scheme}://{authority}")
            }
            _ => String::new(),
        })
    }

    /// Returns the link to a path.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Returns the base escaped for XML.
    pub(crate) fn in_xml(&self) -> String {
        let escaped = self.0.replace('&', "&amp;").replace('<', "&lt;");
        escaped.replace('"', "&quot;")
    }
}

impl<S: Sync> FromRequestParts<S> for Base {
    type Rejection = Failure;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(head))
    }
}
