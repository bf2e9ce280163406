//! The sources of validators, and the handlers.
//!
//! Another writer can come between the conditional layer and a handler. So each write names the
//! version that it replaces, and if that is not current, the preconditions are checked again.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_LOCATION, LOCATION, VARY},
};
use tower_conditional::{Expected, Representation, Validators, axum::Precondition};

use utoipa::OpenApi;

use super::{
    conditional_openapi::Conditional,
    error::Error,
    note::{Changed, Content, Edit, Item, Note, NoteId, Object, Sent},
    store::Store,
};

/// A 304 must carry the fields that a 200 would have (RFC 9110 section 15.4.5). `no-cache` makes
/// caches revalidate each time, and the compression adds Vary to a 200.
impl From<Changed> for Representation {
    fn from(changed: Changed) -> Self {
        Representation::from(Validators::from(changed))
            .with_field(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
            .with_field(VARY, HeaderValue::from_static("accept-encoding"))
    }
}

pub(crate) async fn list_changed(
    State(store): State<Store>,
) -> Result<Option<Changed>, sqlx::Error> {
    store.list_changed().await
}

pub(crate) async fn note_changed(
    State(store): State<Store>,
    NoteId(id): NoteId,
) -> Result<Option<Changed>, sqlx::Error> {
    store.changed(id).await
}

#[utoipa::path(get, path = "/notes", responses(
    (status = 200, description = "All notes", body = [Item]),
    (status = 408, description = "The request took too long"),
))]
pub(crate) async fn list(State(store): State<Store>) -> Result<impl IntoResponse, Error> {
    let (changed, items) = store.list().await?;
    Ok((Validators::from(changed), Json(items)))
}

#[utoipa::path(get, path = "/notes/{id}", params(NoteId), responses(
    (status = 200, description = "The note", body = Content),
    (status = 404, description = "There is no such note"),
    (status = 408, description = "The request took too long"),
))]
pub(crate) async fn read(
    State(store): State<Store>,
    NoteId(id): NoteId,
) -> Result<impl IntoResponse, Error> {
    let note = store.note(id).await?.ok_or_else(no_such_note)?;
    Ok((Validators::from(note.changed), Json(note.content)))
}

#[utoipa::path(post, path = "/notes", request_body = Content, responses(
    (status = 201, description = "The new note", body = Content),
    (status = 400, description = "The content is not JSON"),
    (status = 408, description = "The request took too long"),
    (status = 413, description = "The content is too large"),
    (status = 415, description = "The content is not declared as JSON"),
    (status = 422, description = "The content is not a note"),
))]
pub(crate) async fn create(
    State(store): State<Store>,
    precondition: Precondition,
    Sent(Object(content)): Sent<Object<Content>>,
) -> Result<impl IntoResponse, Error> {
    let created = match precondition.expected() {
        Expected::Unconstrained | Expected::Exists => store.create(&content).await?,
        _ => store.create_at(precondition.version(), &content).await?,
    };
    match created {
        Some(note) => Ok(written(StatusCode::CREATED, note)),
        None => Err(precondition.lost(store.list_changed().await?).into()),
    }
}

#[utoipa::path(put, path = "/notes/{id}", params(NoteId), request_body = Content, responses(
    (status = 200, description = "The note is replaced", body = Content),
    (status = 201, description = "The note is created", body = Content),
    (status = 404, description = "It is not the id of a note"),
    (status = 400, description = "The content is not JSON"),
    (status = 408, description = "The request took too long"),
    (status = 413, description = "The content is too large"),
    (status = 415, description = "The content is not declared as JSON"),
    (status = 422, description = "The content is not a note"),
))]
pub(crate) async fn replace(
    State(store): State<Store>,
    NoteId(id): NoteId,
    precondition: Precondition,
    Sent(Object(content)): Sent<Object<Content>>,
) -> Result<impl IntoResponse, Error> {
    let edit = Edit::from(content.clone());
    let mut version = precondition.version();
    loop {
        let (status, note) = match version {
            None => (StatusCode::CREATED, store.insert(id, &content).await?),
            Some(_) => (StatusCode::OK, store.update(id, version, &edit).await?),
        };
        if let Some(note) = note {
            return Ok(written(status, note));
        }
        version = check_again(&store, id, &precondition).await?;
    }
}

#[utoipa::path(patch, path = "/notes/{id}", params(NoteId), request_body = Edit, responses(
    (status = 200, description = "The note is changed", body = Content),
    (status = 404, description = "There is no such note"),
    (status = 400, description = "The content is not JSON"),
    (status = 408, description = "The request took too long"),
    (status = 413, description = "The content is too large"),
    (status = 415, description = "The content is not declared as JSON"),
    (status = 422, description = "The content is not a note"),
))]
pub(crate) async fn edit(
    State(store): State<Store>,
    NoteId(id): NoteId,
    precondition: Precondition,
    Sent(Object(edit)): Sent<Object<Edit>>,
) -> Result<impl IntoResponse, Error> {
    let mut version = precondition.version();
    loop {
        if let Some(note) = store.update(id, version, &edit).await? {
            return Ok(written(StatusCode::OK, note));
        }
        let current = check_again(&store, id, &precondition).await?;
        version = Some(current.ok_or_else(no_such_note)?);
    }
}

#[utoipa::path(delete, path = "/notes/{id}", params(NoteId), responses(
    (status = 204, description = "The note is deleted"),
    (status = 404, description = "There is no such note"),
    (status = 408, description = "The request took too long"),
))]
pub(crate) async fn delete(
    State(store): State<Store>,
    NoteId(id): NoteId,
    precondition: Precondition,
) -> Result<StatusCode, Error> {
    let mut version = precondition.version();
    while store.delete(id, version).await?.is_none() {
        let current = check_again(&store, id, &precondition).await?;
        version = Some(current.ok_or_else(no_such_note)?);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Checks the preconditions again, and returns the version that they are true of. They may still be
/// true after another writer was faster, as `If-Match: *` is.
async fn check_again(
    store: &Store,
    id: i64,
    precondition: &Precondition,
) -> Result<Option<i64>, Error> {
    let current = store.changed(id).await?;
    precondition.recheck(current)?;
    Ok(current.map(|changed| changed.version))
}

/// Responds to a write with the new representation, which Content-Location declares. So the tag
/// belongs to these bytes and not to those that the client sent (RFC 9110 section 9.3.4).
fn written(status: StatusCode, note: Note) -> Response {
    let path = format!("/notes/{}", note.id);
    let location = (status == StatusCode::CREATED).then(|| [(LOCATION, path.clone())]);
    let validators = Validators::from(note.changed);
    let fields = (location, [(CONTENT_LOCATION, path)], validators);
    (status, fields, Json(note.content)).into_response()
}

fn no_such_note() -> Error {
    Error::problem(StatusCode::NOT_FOUND, "There is no note of this id.")
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Notes", description = "Notes in which no update gets lost", version = "1"),
    paths(list, create, read, replace, edit, delete),
    modifiers(&Conditional)
)]
pub(crate) struct Document;
