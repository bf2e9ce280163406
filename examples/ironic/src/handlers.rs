//! The API. It reads the database, and calls the conductor to write.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{FromRequest, Request as HttpRequest, State, rejection::BytesRejection},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, ETAG, LOCATION},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use example_support::media_type_essence;
use serde_json::{Map, Value};
use tower_conditional::{EntityTag, Expected, Outcome};

use super::{
    conductor::{Calls, Request},
    database::Database,
    fault::Fault,
    kind::Kind,
    object::Object,
    patch,
    target::Target,
    version::Version,
};

/// What is cached may be used only after it was revalidated: it can be written.
const NO_CACHE: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "no-cache")];

#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) database: Database,
    pub(crate) calls: Calls,
}

pub(crate) async fn list(
    State(api): State<Api>,
    target: Target,
    head: Parts,
) -> Result<Response, Fault> {
    let (kind, parent) = match target {
        Target::Objects(kind) => (kind, None),
        Target::Subresources(kind, parent) => (kind, Some(parent)),
        Target::Object(..) | Target::Nothing => return Err(Fault::not_found()),
    };
    let objects = api.database.list(kind, parent.as_ref());
    let version = Version::of(&head);
    let items: Vec<_> = objects
        .iter()
        .map(|object| object.representation(version))
        .collect();
    let list = Map::from_iter([(kind.plural().to_owned(), items.into())]);
    Ok((NO_CACHE, Json(Value::from(list))).into_response())
}

pub(crate) async fn read(
    State(api): State<Api>,
    target: Target,
    head: Parts,
) -> Result<Response, Fault> {
    let (kind, ident) = one(target)?;
    let object = api
        .database
        .read(kind, &ident)
        .ok_or_else(Fault::not_found)?;
    Ok((NO_CACHE, represent(StatusCode::OK, &object, &head)).into_response())
}

pub(crate) async fn create(
    State(api): State<Api>,
    target: Target,
    head: Parts,
    Content(content): Content,
) -> Result<Response, Fault> {
    let Target::Objects(kind) = target else {
        return Err(Fault::not_found());
    };
    let fields = object(&head.headers, &content)?;
    known_to(Version::of(&head), kind, fields.keys())?;
    let created = api.calls.call(Request::Create { kind, fields }).await?;
    let created = created.ok_or_else(Fault::not_found)?;
    let mut response = represent(StatusCode::CREATED, &created, &head);
    let location = format!("/v1/{}/{}", kind.plural(), created.uuid());
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

pub(crate) async fn update(
    State(api): State<Api>,
    target: Target,
    Extension(outcome): Extension<Outcome>,
    head: Parts,
    Content(content): Content,
) -> Result<Response, Fault> {
    let (kind, ident) = one(target)?;
    is_json(
        &head.headers,
        &["application/json", "application/json-patch+json"],
    )?;
    let patch = patch::parse(kind, &content)?;
    let names: Vec<_> = patch.iter().map(patch::field_name).collect();
    known_to(Version::of(&head), kind, &names)?;
    let request = Request::Update {
        kind,
        ident,
        patch,
        etag: expected(&outcome),
    };
    let updated = api
        .calls
        .call(request)
        .await?
        .ok_or_else(Fault::not_found)?;
    Ok(represent(StatusCode::OK, &updated, &head))
}

/// Puts the content in place of all that the client can write.
pub(crate) async fn replace(
    State(api): State<Api>,
    target: Target,
    Extension(outcome): Extension<Outcome>,
    head: Parts,
    Content(content): Content,
) -> Result<Response, Fault> {
    let (kind, ident) = one(target)?;
    let fields = object(&head.headers, &content)?;
    let version = Version::of(&head);
    known_to(version, kind, fields.keys())?;
    let request = Request::Replace {
        kind,
        ident,
        fields,
        version,
        etag: expected(&outcome),
    };
    let replaced = api
        .calls
        .call(request)
        .await?
        .ok_or_else(Fault::not_found)?;
    Ok(represent(StatusCode::OK, &replaced, &head))
}

pub(crate) async fn destroy(
    State(api): State<Api>,
    target: Target,
    Extension(outcome): Extension<Outcome>,
) -> Result<StatusCode, Fault> {
    let (kind, ident) = one(target)?;
    let etag = expected(&outcome);
    api.calls
        .call(Request::Destroy { kind, ident, etag })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Handles a heartbeat, with which the agent on a node reports its address.
pub(crate) async fn heartbeat(
    State(api): State<Api>,
    target: Target,
    Extension(outcome): Extension<Outcome>,
    headers: HeaderMap,
    Content(content): Content,
) -> Result<StatusCode, Fault> {
    let (_, node) = one(target)?;
    let mut fields = object(&headers, &content)?;
    let Some(Value::String(callback_url)) = fields.remove("callback_url") else {
        return Err(Fault::invalid("callback_url is missing."));
    };
    let request = Request::Heartbeat {
        node,
        callback_url,
        etag: expected(&outcome),
    };
    api.calls.call(request).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Returns the tag that the layer evaluated, for the conductor to compare again. `*` names no tag,
/// and the conductor checks in any case whether the object exists.
fn expected(outcome: &Outcome) -> Option<EntityTag> {
    match outcome.expected() {
        Expected::Tag(tag) => Some(tag.clone()),
        _ => None,
    }
}

fn one(target: Target) -> Result<(Kind, String), Fault> {
    match target {
        Target::Object(kind, ident) => Ok((kind, ident)),
        Target::Objects(_) | Target::Subresources(..) | Target::Nothing => Err(Fault::not_found()),
    }
}

/// Responds with the object, and with the tag of the same state in `ETag` and in the body.
fn represent(status: StatusCode, object: &Object, head: &Parts) -> Response {
    let version = Version::of(head);
    let mut response = (status, Json(object.representation(version))).into_response();
    if version >= Version::TAGS {
        response.headers_mut().insert(ETAG, object.etag().into());
    }
    response
}

/// Refuses fields that the client's version does not show.
fn known_to<'a>(
    version: Version,
    kind: Kind,
    names: impl IntoIterator<Item = &'a String>,
) -> Result<(), Fault> {
    let mut fields = names.into_iter().filter_map(|name| kind.field(name));
    match fields.find(|field| field.since > version) {
        Some(field) => Err(Fault::new(
            StatusCode::NOT_ACCEPTABLE,
            format!("{}: this API version does not know it.", field.name),
        )),
        None => Ok(()),
    }
}

fn object(headers: &HeaderMap, content: &[u8]) -> Result<Map<String, Value>, Fault> {
    is_json(headers, &["application/json"])?;
    serde_json::from_slice(content)
        .map_err(|error| Fault::invalid(format!("The content is not a JSON object: {error}")))
}

fn is_json(headers: &HeaderMap, accepted: &[&str]) -> Result<(), Fault> {
    let essence = media_type_essence(headers);
    if accepted
        .iter()
        .any(|accepted| accepted.eq_ignore_ascii_case(essence))
    {
        return Ok(());
    }
    let message = "The Content-Type must be application/json.";
    Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message))
}

/// The whole content of a request. One that is too large is answered in Ironic's JSON.
pub(crate) struct Content(Bytes);

impl<S: Send + Sync> FromRequest<S> for Content {
    type Rejection = Fault;

    async fn from_request(request: HttpRequest, state: &S) -> Result<Self, Self::Rejection> {
        let content = Bytes::from_request(request, state).await;
        let unread = |rejection: BytesRejection| {
            let message = "The content is too large, or could not be read.";
            Fault::new(rejection.status(), message)
        };
        content.map(Self).map_err(unread)
    }
}
