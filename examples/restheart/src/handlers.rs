//! What runs when the preconditions hold.

use axum::{
    Extension, Json,
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, LOCATION},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};
use tower_conditional::Outcome;

use super::{
    content::{self, Content, Properties},
    failure::Failure,
    id,
    object_id::ObjectId,
    range,
    resource::{Kind, Resource},
    store::{Entries, Entry, File, Store, check_room},
};

pub(crate) async fn read(
    State(store): State<Store>,
    resource: Resource,
    head: Parts,
) -> Result<Response, Failure> {
    if resource.kind() != Kind::Doc {
        return super::listing::read(&store, &resource, &head);
    }
    let entry = store.read(&resource).ok_or(Failure::NotFound)?;
    let document = document(&resource, &entry);
    Ok((etag(entry.etag), Json(document)).into_response())
}

/// Returns the properties of an entry with its `_id` and `_etag`, as extended JSON.
pub(crate) fn document(resource: &Resource, entry: &Entry) -> Map<String, Value> {
    let mut document = entry.properties.clone();
    if let Some(file) = &entry.file {
        let own = [
            file.filename.clone().into(),
            file.media_type.clone().into(),
            file.content.len().into(),
        ];
        let names = File::PROPERTIES.map(str::to_owned);
        document.extend(names.into_iter().zip(own));
    }
    let id = match resource.kind() {
        Kind::Doc => id::to_json(resource.name()),
        // The name of a database or collection is never an ObjectId.
        Kind::Db | Kind::Coll => resource.name().into(),
    };
    document.insert("_id".to_owned(), id);
    document.insert("_etag".to_owned(), id::tag_to_json(entry.etag));
    document
}

/// Responds with the content of a file.
pub(crate) async fn read_file(
    State(store): State<Store>,
    resource: Resource,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let entry = store.read(&resource).ok_or(Failure::NotFound)?;
    let file = entry.file.ok_or(Failure::NotFound)?;
    let mut response = range::respond(&method, &headers, file.content);
    let octets = HeaderValue::from_static("application/octet-stream");
    let media_type = HeaderValue::try_from(file.media_type).unwrap_or(octets);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, media_type);
    // Prevents browsers from running an uploaded file as a page of this service.
    let attachment = HeaderValue::from_static("attachment");
    headers.insert(CONTENT_DISPOSITION, attachment);
    headers.extend(etag(entry.etag).map(|(name, value)| (Some(name), value)));
    Ok(response)
}

/// Creates a document in a collection, or a file in a bucket. Without an `_id` it gets an ObjectId.
pub(crate) async fn create(
    State(store): State<Store>,
    collection: Resource,
    Extension(outcome): Extension<Outcome>,
    head: Parts,
    Content(content): Content,
) -> Result<Response, Failure> {
    let (properties, file) = if collection.is_bucket() {
        let (properties, file) = content::form(&head.headers, content).await?;
        (properties, Some(file))
    } else {
        (Properties::from_json(&head.headers, &content)?, None)
    };
    let id = properties.id.unwrap_or_else(|| ObjectId::new().to_string());
    let resource = collection.child(id)?;
    let entry = Entry::new(properties.properties, file);
    store.write(&collection, &outcome, &head, |entries| {
        if let Some(existing) = entries.get(&resource) {
            return Err(Failure::Exists(existing.etag.etag()));
        }
        put(entries, &resource, entry)
    })
}

pub(crate) async fn replace(
    State(store): State<Store>,
    resource: Resource,
    Extension(outcome): Extension<Outcome>,
    head: Parts,
    Content(content): Content,
) -> Result<Response, Failure> {
    let (properties, file) = if resource.is_file() {
        let (properties, file) = content::form(&head.headers, content).await?;
        (properties, Some(file))
    } else {
        (Properties::from_json(&head.headers, &content)?, None)
    };
    let entry = Entry::new(properties.of(resource.name())?, file);
    store.write(&resource, &outcome, &head, |entries| {
        put(entries, &resource, entry)
    })
}

/// Sets the properties that the content names. Other properties, and the content of a file, stay.
pub(crate) async fn merge(
    State(store): State<Store>,
    resource: Resource,
    Extension(outcome): Extension<Outcome>,
    head: Parts,
    Content(content): Content,
) -> Result<Response, Failure> {
    let mut changes = Properties::from_json(&head.headers, &content)?.of(resource.name())?;
    if resource.is_file() {
        changes.retain(|name, _| !File::PROPERTIES.contains(&name.as_str()));
    }
    store.write(&resource, &outcome, &head, |entries| {
        let (mut properties, file) = match entries.get(&resource) {
            Some(entry) => (entry.properties.clone(), entry.file.clone()),
            None if resource.is_file() => return Err(Failure::NotFound),
            None => (Map::new(), None),
        };
        properties.extend(changes);
        put(entries, &resource, Entry::new(properties, file))
    })
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
    })
}

fn put(entries: &mut Entries, resource: &Resource, entry: Entry) -> Result<Response, Failure> {
    if resource
        .parent()
        .is_some_and(|parent| !entries.contains_key(&parent))
    {
        return Err(Failure::NotFound);
    }
    check_room(entries, resource, &entry)?;
    let etag = etag(entry.etag);
    Ok(match entries.insert(resource.clone(), entry) {
        Some(_) => (StatusCode::OK, etag).into_response(),
        None => {
            let location = [(LOCATION, resource.path())];
            (StatusCode::CREATED, etag, location).into_response()
        }
    })
}

pub(crate) fn etag(id: ObjectId) -> [(HeaderName, HeaderValue); 1] {
    [(ETAG, id.etag().into())]
}
