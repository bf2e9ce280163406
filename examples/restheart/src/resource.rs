//! Which resource a request is for: a database, a collection or a document.

use axum::{
    extract::{FromRequestParts, RawPathParams, Request, rejection::RawPathParamsRejection},
    http::{StatusCode, request::Parts},
    middleware::Next,
    response::Response,
};

use url::form_urlencoded;

use super::{failure::Failure, id};

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

    /// Reports whether this is a file bucket.
    pub(crate) fn is_bucket(&self) -> bool {
        self.kind() == Kind::Coll && self.name().ends_with(".files")
    }

    /// Reports whether this is a document in a file bucket.
    pub(crate) fn is_file(&self) -> bool {
        self.kind() == Kind::Doc && self.parent().is_some_and(|parent| parent.is_bucket())
    }

    /// Returns the child with this name.
    pub(crate) fn child(&self, name: String) -> Result<Self, Failure> {
        let names = self.0.iter().cloned().chain([name]);
        Self::new(names.collect())
    }

    /// Returns the path of the URL.
    pub(crate) fn path(&self) -> String {
        let encoded = self.0.iter().map(|name| {
            // The encoding of forms, except that a space is `%20` in a path.
            let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            format!("/{}", name.replace('+', "%20"))
        });
        encoded.collect()
    }

    fn new(mut names: Vec<String>) -> Result<Self, Failure> {
        if names.iter().any(|name| name.starts_with('_')) {
            let message = "The resource is reserved";
            return Err(Failure::Invalid(StatusCode::FORBIDDEN, message));
        }
        if let [_, _, doc] = &mut names[..] {
            *doc = id::normalized(std::mem::take(doc));
        }
        Ok(Self(names))
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
    names: Result<RawPathParams, RawPathParamsRejection>,
    mut request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let names = names.map_err(|_| {
        let message = "The URL cannot be decoded";
        Failure::Invalid(StatusCode::BAD_REQUEST, message)
    })?;
    let names = names.iter().map(|(_, name)| name.to_owned()).collect();
    request.extensions_mut().insert(Resource::new(names)?);
    Ok(next.run(request).await)
}

impl<S: Sync> FromRequestParts<S> for Resource {
    type Rejection = Failure;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let resource = head.extensions.get::<Resource>();
        resource.cloned().ok_or(Failure::NotFound)
    }
}
