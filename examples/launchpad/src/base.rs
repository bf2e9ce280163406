//! Where the service is, as the client sees it: links in representations are absolute.

use axum::{
    extract::FromRequestParts,
    http::{
        header::HOST,
        request::Parts,
        uri::{Authority, Scheme},
    },
};

use super::failure::Failure;

/// `http://localhost:3000`, or nothing if the request does not say: links are then relative.
#[derive(Clone, Debug)]
pub(crate) struct Base(String);

impl Base {
    /// The base of the requested resource, from the target of the request or from `Host`.
    pub(crate) fn of(head: &Parts) -> Self {
        let authority = head.uri.authority().cloned().or_else(|| {
            let host = head.headers.get(HOST)?;
            Authority::try_from(host.as_bytes()).ok()
        });
        let scheme = head.uri.scheme().unwrap_or(&Scheme::HTTP);
        Self(match authority {
            // A user's name is not part of a link.
            Some(authority) if !authority.as_str().contains('@') => {
                format!("{scheme}://{authority}")
            }
            _ => String::new(),
        })
    }

    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The base as a part of an XML document.
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
