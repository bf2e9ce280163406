//! Which resource a request is for.

use axum::{
    extract::{FromRequestParts, Path, RawPathParams, Request},
    http::request::Parts,
    middleware::Next,
    response::Response,
};

use super::{fault::Fault, kind::Kind};

#[derive(Clone, Debug)]
pub(crate) enum Target {
    Objects(Kind),
    /// One object, by its UUID or its name.
    Object(Kind, String),
}

/// Puts the [`Target`] into the request's extensions, where the source of validators and the
/// handlers find the same one.
pub(crate) async fn identify(
    names: RawPathParams,
    mut request: Request,
    next: Next,
) -> Result<Response, Fault> {
    let mut names = names.iter().map(|(_, name)| name);
    let kind = names
        .next()
        .and_then(Kind::from_plural)
        .ok_or_else(Fault::not_found)?;
    let target = match names.next() {
        Some(ident) => Target::Object(kind, ident.to_owned()),
        None => Target::Objects(kind),
    };
    request.extensions_mut().insert(target);
    Ok(next.run(request).await)
}

/// Does the same for a path that names a node without its kind.
pub(crate) async fn identify_node(
    Path(node): Path<String>,
    mut request: Request,
    next: Next,
) -> Response {
    let target = Target::Object(Kind::Node, node);
    request.extensions_mut().insert(target);
    next.run(request).await
}

impl<S: Sync> FromRequestParts<S> for Target {
    type Rejection = Fault;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let target = head.extensions.get::<Target>();
        target.cloned().ok_or_else(Fault::not_found)
    }
}
