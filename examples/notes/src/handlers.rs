//! The handlers.

use std::time::SystemTime;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_LOCATION, ETAG, LAST_MODIFIED, LOCATION},
};
use serde::Serialize;
use tower_conditional::Validators;

use super::{
    body::Body,
    changes::Attempt,
    conditions::Evaluated,
    note::{Change, Changed, Content, Edit, Note},
    problem::Problem,
    resource::{NoteId, Resource},
    store::Store,
};

pub(crate) async fn list(State(store): State<Store>) -> Result<Response, Problem> {
    #[derive(Serialize)]
    struct Item {
        id: i64,
        title: String,
        etag: String,
    }
    let (changed, notes) = store.list().await?;
    let notes: Vec<_> = notes
        .into_iter()
        .map(|(id, title, version)| Item {
            id,
            title,
            etag: version.tag().to_string(),
        })
        .collect();
    Ok((validators(changed), Json(notes)).into_response())
}

pub(crate) async fn read(
    State(store): State<Store>,
    NoteId(id): NoteId,
) -> Result<Response, Problem> {
    let note = store.note(id).await?.ok_or_else(no_such_note)?;
    Ok((validators(note.changed), Json(note.content)).into_response())
}

pub(crate) async fn create(
    State(store): State<Store>,
    evaluated: Evaluated,
    Body(content): Body<Content>,
) -> Result<Response, Problem> {
    write(store, evaluated, Resource::List, Change::Create(content)).await
}

pub(crate) async fn replace(
    State(store): State<Store>,
    NoteId(id): NoteId,
    evaluated: Evaluated,
    Body(content): Body<Content>,
) -> Result<Response, Problem> {
    write(
        store,
        evaluated,
        Resource::Note(id),
        Change::Put(id, content),
    )
    .await
}

pub(crate) async fn edit(
    State(store): State<Store>,
    NoteId(id): NoteId,
    evaluated: Evaluated,
    Body(edit): Body<Edit>,
) -> Result<Response, Problem> {
    write(store, evaluated, Resource::Note(id), Change::Edit(id, edit)).await
}

pub(crate) async fn delete(
    State(store): State<Store>,
    NoteId(id): NoteId,
    evaluated: Evaluated,
) -> Result<Response, Problem> {
    write(store, evaluated, Resource::Note(id), Change::Delete(id)).await
}

/// Makes the change to exactly the state that the preconditions were evaluated against. If another
/// writer was faster, they are evaluated again. Whenever this loses a round, another writer has
/// won.
async fn write(
    store: Store,
    mut evaluated: Evaluated,
    resource: Resource,
    change: Change,
) -> Result<Response, Problem> {
    loop {
        let version = evaluated.version;
        if version.is_none() && matches!(change, Change::Edit(..) | Change::Delete(_)) {
            return Err(no_such_note());
        }
        match store.attempt(&change, version).await? {
            Attempt::Lost => {
                let changed = store.changed(resource).await?;
                if let Some(refusal) = evaluated.again(changed) {
                    return Ok(refusal);
                }
            }
            Attempt::Done(note) => {
                return Ok(match change {
                    Change::Delete(_) => StatusCode::NO_CONTENT.into_response(),
                    Change::Create(_) => written(StatusCode::CREATED, note),
                    _ if version.is_none() => written(StatusCode::CREATED, note),
                    _ => written(StatusCode::OK, note),
                });
            }
        }
    }
}

/// Responds to a write with the new representation, which Content-Location declares. So the tag
/// belongs to these bytes and not to those that the client sent (RFC 9110 section 9.3.4).
fn written(status: StatusCode, note: Note) -> Response {
    let path = Resource::Note(note.id).path();
    let mut headers = validators(note.changed);
    if let Ok(path) = HeaderValue::try_from(path) {
        if status == StatusCode::CREATED {
            headers.insert(LOCATION, path.clone());
        }
        headers.insert(CONTENT_LOCATION, path);
    }
    (status, headers, Json(note.content)).into_response()
}

/// Returns the validators of the row that was read. Those of the layer are older if another writer
/// came in between. The layer adds them only where there are none.
fn validators(changed: Changed) -> HeaderMap {
    let validators = Validators::from(changed);
    let mut headers = HeaderMap::new();
    if let Some(tag) = validators.etag() {
        headers.insert(ETAG, tag.into());
    }
    // Before its second is over, the note can change again and keep the date.
    let date = validators.last_modified();
    if let Some(date) = date.filter(|date| date.is_strong(SystemTime::now())) {
        headers.insert(LAST_MODIFIED, date.into());
    }
    headers
}

fn no_such_note() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no note of this id.")
}
