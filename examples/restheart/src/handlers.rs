//! What runs when the preconditions hold.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CONTENT_TYPE, ETAG},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use tower_conditional::Outcome;

use super::{
    failure::Failure,
    object_id::ObjectId,
    resource::Resource,
    store::{Entries, Entry, Store},
};

pub(crate) async fn read(
    State(store): State<Store>,
    resource: Resource,
) -> Result<Response, Failure> {
    let entry = store.read(&resource).ok_or(Failure::NotFound)?;
    let mut document = entry.properties;
    document.insert("_id".to_owned(), resource.name().into());
    document.insert(
        "_etag".to_owned(),
        json!({ "$oid": entry.etag.to_string() }),
    );
    Ok((etag(entry.etag), Json(document)).into_response())
}

pub(crate) async fn replace(
    State(store): State<Store>,
    resource: Resource,
    Extension(outcome): Extension<Outcome>,
    head: Parts,
    content: Bytes,
) -> Result<Response, Failure> {
    let properties = properties(&resource, &head.headers, &content)?;
    store.write(&resource, &outcome, &head, |entries| {
        put(entries, resource.clone(), properties)
    })?
}

/// Sets the properties that the content names, and leaves the others.
pub(crate) async fn merge(
    State(store): State<Store>,
    resource: Resource,
    Extension(outcome): Extension<Outcome>,
    head: Parts,
    content: Bytes,
) -> Result<Response, Failure> {
    let changes = properties(&resource, &head.headers, &content)?;
    store.write(&resource, &outcome, &head, |entries| {
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
    Extension(outcome): Extension<Outcome>,
    head: Parts,
) -> Result<Response, Failure> {
    store.write(&resource, &outcome, &head, |entries| {
        if !entries.contains_key(&resource) {
            return Err(Failure::NotFound);
        }
        entries.retain(|other, _| !other.is_within(&resource));
        Ok(StatusCode::NO_CONTENT.into_response())
    })?
}

fn put(
    entries: &mut Entries,
    resource: Resource,
    properties: Map<String, Value>,
) -> Result<Response, Failure> {
    if resource
        .parent()
        .is_some_and(|parent| !entries.contains_key(&parent))
    {
        return Err(Failure::NotFound);
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
) -> Result<Map<String, Value>, Failure> {
    if content.is_empty() {
        return Ok(Map::new());
    }
    if !is_json(headers) {
        let message = "Content-Type must be application/json";
        return Err(Failure::Invalid(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            message,
        ));
    }
    let Ok(Value::Object(mut properties)) = serde_json::from_slice(content) else {
        let message = "The content must be a JSON object";
        return Err(Failure::Invalid(StatusCode::BAD_REQUEST, message));
    };
    // The service's own, which a client that edits what it has got sends back.
    properties.remove("_etag");
    match properties.remove("_id") {
        Some(id) if id != resource.name() => {
            let message = "_id in the content is different from the id in the URL";
            Err(Failure::Invalid(StatusCode::NOT_ACCEPTABLE, message))
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
