//! Which resource a request is for.

use axum::{
    extract::{FromRequestParts, Path, RawPathParams, Request, State},
    http::request::Parts,
    middleware::Next,
    response::Response,
};

use super::{database::Database, fault::Fault, kind::Kind};

#[derive(Clone, Debug)]
pub(crate) enum Target {
    Objects(Kind),
    /// The objects of a kind that refer to a parent, such as the ports of a node.
    Subresources(Kind, Parent),
    /// One object, by its UUID or its name.
    Object(Kind, String),
    /// A resource that does not exist.
    Nothing,
}

/// The kind and the UUID of an object to which others refer.
pub(crate) type Parent = (Kind, String);

/// Puts the [`Target`] into the request's extensions, where the source of validators and the
/// handlers find the same one.
///
/// A path is `KIND` or `KIND/IDENT`. For subresources the path of the parent, `KIND/IDENT/`, precedes
/// it.
pub(crate) async fn identify(
    State(database): State<Database>,
    names: RawPathParams,
    mut request: Request,
    next: Next,
) -> Result<Response, Fault> {
    let names: Vec<&str> = names.iter().map(|(_, name)| name).collect();
    let kind = |name| Kind::from_plural(name).ok_or_else(Fault::not_found);
    let target = match names[..] {
        [objects] => Target::Objects(kind(objects)?),
        [objects, ident] => Target::Object(kind(objects)?, ident.to_owned()),
        [parents, parent, subresources] => {
            let (parents, kind) = (kind(parents)?, kind(subresources)?);
            match database.read(parents, parent) {
                Some(parent) if kind.names(parents) => {
                    Target::Subresources(kind, (parents, parent.uuid().to_owned()))
                }
                Some(_) => return Err(Fault::not_found()),
                None => Target::Nothing,
            }
        }
        [parents, parent, subresources, ident] => {
            let (parents, kind) = (kind(parents)?, kind(subresources)?);
            let parent = database.read(parents, parent);
            let object = database.read(kind, ident);
            match (parent, object) {
                (Some(parent), Some(object)) if object.names(parent.kind(), parent.uuid()) => {
                    Target::Object(kind, object.uuid().to_owned())
                }
                _ => Target::Nothing,
            }
        }
        _ => return Err(Fault::not_found()),
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
