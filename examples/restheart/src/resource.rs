//! Which resource a request is for: a database, a collection or a document.

use axum::{
    extract::{FromRequestParts, RawPathParams, Request},
    http::{StatusCode, request::Parts},
    middleware::Next,
    response::Response,
};

use super::failure::Failure;

/// The names on the way to it, one to three of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Resource(Vec<String>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Db,
    Coll,
    Doc,
}

impl Resource {
    pub(crate) fn kind(&self) -> Kind {
        match self.0.len() {
            0 | 1 => Kind::Db,
            2 => Kind::Coll,
            _ => Kind::Doc,
        }
    }

    pub(crate) fn name(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    pub(crate) fn parent(&self) -> Option<Self> {
        match self.0.split_last()? {
            (_, []) => None,
            (_, names) => Some(Self(names.to_vec())),
        }
    }

    /// Whether this is `other`, or is in it.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

/// Puts the [`Resource`] into the request's extensions, where the source of validators and the
/// handlers find the same one.
pub(crate) async fn identify(
    names: RawPathParams,
    mut request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let names: Vec<_> = names.iter().map(|(_, name)| name.to_owned()).collect();
    if names.iter().any(|name| name.starts_with('_')) {
        let message = "The resource is reserved";
        return Err(Failure::Invalid(StatusCode::FORBIDDEN, message));
    }
    request.extensions_mut().insert(Resource(names));
    Ok(next.run(request).await)
}

impl<S: Sync> FromRequestParts<S> for Resource {
    type Rejection = Failure;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let resource = head.extensions.get::<Resource>();
        resource.cloned().ok_or(Failure::NotFound)
    }
}
