use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

use axum::{
    Extension,
    body::Body,
    extract::{Path, Request, State},
    http::{
        Method, StatusCode,
        header::{CONTENT_LENGTH, ETAG, LAST_MODIFIED},
    },
    response::{IntoResponse, Response},
};
use tower_conditional::Outcome;

use super::{
    commit::Committed, failure::Failure, fields::Fields, patience::patient, record::Record,
    snapshot::Snapshot, store::Store, upload::random_id,
};

type Shared = State<Arc<Store>>;

pub(super) async fn read(
    State(store): Shared,
    Path(key): Path<String>,
    evaluated: Option<Extension<Snapshot>>,
    request: Request,
) -> Result<Response, Failure> {
    let (head, _) = request.into_parts();
    // Send exactly what the layer evaluated, if it still exists.
    if let Some(Extension(snapshot)) = evaluated {
        if let Some(response) = send(&store, &snapshot, &head.method).await? {
            return Ok(response);
        }
    }
    let outcome = head.extensions.get::<Outcome>();
    loop {
        let snapshot = store.latest(&key).await?;
        if snapshot.content().is_none() {
            return Ok(StatusCode::NOT_FOUND.into_response());
        }
        if let Some(outcome) = outcome {
            if let Err(refused) = outcome.recheck(&head, snapshot.clone().into_selected()) {
                return Ok(refused.into_response());
            }
        }
        if let Some(response) = send(&store, &snapshot, &head.method).await? {
            return Ok(response);
        }
    }
}

/// Returns `None` if the content was replaced in the meantime.
async fn send(
    store: &Store,
    snapshot: &Snapshot,
    method: &Method,
) -> Result<Option<Response>, Failure> {
    let Some(content) = snapshot.content() else {
        return Ok(None);
    };
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        match store.open_content(snapshot).await? {
            Some(opened) => Body::from_stream(patient(opened.into_stream())),
            None => return Ok(None),
        }
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.clone_from(snapshot.fields());
    headers.insert(CONTENT_LENGTH, content.size.into());
    if let Some(etag) = snapshot.validators().etag() {
        headers.insert(ETAG, etag.into());
    }
    // A date whose second is not over could not tell a later change from this one.
    let modified = snapshot.validators().last_modified();
    if let Some(date) = modified.filter(|date| date.is_strong(SystemTime::now())) {
        headers.insert(LAST_MODIFIED, date.into());
    }
    Ok(Some(response))
}

pub(super) async fn write(
    State(store): Shared,
    Path(key): Path<String>,
    Extension(Fields(fields)): Extension<Fields>,
    request: Request,
) -> Result<Response, Failure> {
    let (head, body) = request.into_parts();
    let begun = Instant::now();
    let record = store.upload(key, fields, body).await?;
    Ok(match store.commit(&head, &record, begun).await? {
        Committed::Done { before } => {
            let status = match before.content() {
                Some(_) => StatusCode::OK,
                None => StatusCode::CREATED,
            };
            let etag = record.etag.unwrap_or_default();
            (status, [(ETAG, etag)]).into_response()
        }
        Committed::Refused(refused) => {
            store.discard(&record).await;
            refused.into_response()
        }
        Committed::Absent => StatusCode::NOT_FOUND.into_response(),
    })
}

pub(super) async fn delete(
    State(store): Shared,
    Path(key): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let (head, _) = request.into_parts();
    let record = Record {
        id: random_id(),
        key,
        ..Record::default()
    };
    Ok(match store.commit(&head, &record, Instant::now()).await? {
        Committed::Done { .. } => StatusCode::NO_CONTENT.into_response(),
        Committed::Refused(refused) => refused.into_response(),
        Committed::Absent => StatusCode::NOT_FOUND.into_response(),
    })
}
