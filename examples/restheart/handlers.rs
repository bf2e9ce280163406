//! What runs when the preconditions hold. Errors are as RESTHeart writes them.

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CONTENT_TYPE, ETAG},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{
    object_id::ObjectId,
    resource::Resource,
    store::{Entries, Entry, Store},
};

pub(crate) async fn read(State(store): State<Store>, resource: Resource) -> Response {
    let Some(entry) = store.read(&resource) else {
        return not_found();
    };
    let mut document = entry.properties;
    document.insert("_id".to_owned(), resource.name().into());
    document.insert(
        "_etag".to_owned(),
        json!({ "$oid": entry.etag.to_string() }),
    );
    (etag(entry.etag), Json(document)).into_response()
}

pub(crate) async fn replace(
    State(store): State<Store>,
    resource: Resource,
    head: Parts,
    content: Bytes,
) -> Result<Response, Response> {
    let properties = properties(&resource, &head.headers, &content)?;
    store.write(&resource, &head, |entries| {
        put(entries, resource.clone(), properties)
    })?
}

/// Sets the properties that the content names, and leaves the others.
pub(crate) async fn merge(
    State(store): State<Store>,
    resource: Resource,
    head: Parts,
    content: Bytes,
) -> Result<Response, Response> {
    let changes = properties(&resource, &head.headers, &content)?;
    store.write(&resource, &head, |entries| {
        let mut properties = entries
            .get(&resource)
            .map(|entry| entry.properties.clone())
            .unwrap_or_default();
        properties.extend(changes);
        put(entries, resource.clone(), properties)
    })?
}

/// Removes a resource with all that is in it.
pub(crate) async fn remove(
    State(store): State<Store>,
    resource: Resource,
    head: Parts,
) -> Result<Response, Response> {
    store.write(&resource, &head, |entries| {
        if !entries.contains_key(&resource) {
            return Err(not_found());
        }
        entries.retain(|other, _| !other.is_within(&resource));
        Ok(StatusCode::NO_CONTENT.into_response())
    })?
}

fn put(
    entries: &mut Entries,
    resource: Resource,
    properties: Map<String, Value>,
) -> Result<Response, Response> {
    if resource
        .parent()
        .is_some_and(|parent| !entries.contains_key(&parent))
    {
        return Err(not_found());
    }
    let id = ObjectId::new();
    let entry = Entry {
        etag: id,
        properties,
    };
    let status = match entries.insert(resource, entry) {
        Some(_) => StatusCode::OK,
        None => StatusCode::CREATED,
    };
    Ok((status, etag(id)).into_response())
}

fn etag(id: ObjectId) -> [(HeaderName, HeaderValue); 1] {
    [(ETAG, id.etag().into())]
}

/// The properties in the content; without content there are none.
fn properties(
    resource: &Resource,
    headers: &HeaderMap,
    content: &[u8],
) -> Result<Map<String, Value>, Response> {
    if content.is_empty() {
        return Ok(Map::new());
    }
    if !is_json(headers) {
        let message = "Content-Type must be application/json";
        return Err(error(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let Ok(Value::Object(mut properties)) = serde_json::from_slice(content) else {
        let message = "The content must be a JSON object";
        return Err(error(StatusCode::BAD_REQUEST, message));
    };
    // The service's own, which a client that edits what it has got sends back.
    properties.remove("_etag");
    match properties.remove("_id") {
        Some(id) if id != resource.name() => {
            let message = "_id in the content is different from the id in the URL";
            Err(error(StatusCode::NOT_ACCEPTABLE, message))
        }
        _ => Ok(properties),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

fn not_found() -> Response {
    error(StatusCode::NOT_FOUND, "The resource does not exist")
}

pub(crate) fn error(status: StatusCode, message: &str) -> Response {
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = status;
    with_message(response, message).map(Body::from)
}

/// The layer's response with RESTHeart's content in place of the layer's.
pub(crate) fn in_own_words(response: http::Response<Bytes>) -> http::Response<Bytes> {
    let message = match response.status() {
        StatusCode::NOT_MODIFIED => return response,
        StatusCode::CONFLICT => "The ETag must be provided using the 'If-Match' header",
        _ => "The resource's ETag does not meet the request's precondition",
    };
    with_message(response, message)
}

fn with_message(mut response: http::Response<Bytes>, message: &str) -> http::Response<Bytes> {
    let status = response.status();
    let content = json!({
        "http status code": status.as_u16(),
        "http status description": status.canonical_reason(),
        "message": message,
    });
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    *response.body_mut() = content.to_string().into();
    response
}
