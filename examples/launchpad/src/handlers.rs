//! The handlers, which run if the preconditions are true.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{ETAG, LOCATION},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use example_support::media_type_essence;
use hyper::ext::ReasonPhrase;
use serde_json::{Map, Value, json};
use tower_conditional::Outcome;
use url::form_urlencoded;

use super::{
    JSON,
    bug::{Bug, Extent},
    bugs::Bugs,
    failure::Failure,
    target::Target,
};

pub(crate) async fn read(State(bugs): State<Bugs>, target: Target) -> Result<Response, Failure> {
    let found = match target {
        Target::Bugs => {
            let entries = bugs.representations();
            let size = entries.len();
            let list = json!({ "start": 0, "total_size": size, "entries": entries });
            Some(Json(list).into_response())
        }
        Target::Bug(id) => bugs
            .read(id, representation)
            .map(IntoResponse::into_response),
        Target::Comment(id, index) => bugs
            .read(id, |bug| bug.message(index))
            .flatten()
            .map(|message| Json(message).into_response()),
    };
    found.ok_or(Failure::NotFound)
}

pub(crate) async fn modify(
    State(bugs): State<Bugs>,
    target: Target,
    Extension(outcome): Extension<Outcome>,
    head: Parts,
    content: Bytes,
) -> Result<Response, Failure> {
    let document = document(&head.headers, &content)?;
    bugs.write(target, &outcome, &head, |bug| {
        modified(bug, &document, Extent::Partial)
    })?
}

pub(crate) async fn replace(
    State(bugs): State<Bugs>,
    target: Target,
    Extension(outcome): Extension<Outcome>,
    head: Parts,
    content: Bytes,
) -> Result<Response, Failure> {
    let document = document(&head.headers, &content)?;
    bugs.write(target, &outcome, &head, |bug| {
        modified(bug, &document, Extent::Full)
    })?
}

fn modified(
    bug: &mut Bug,
    document: &Map<String, Value>,
    extent: Extent,
) -> Result<Response, Failure> {
    match bug.modify(document, extent) {
        Ok(()) => Ok(content_returned(representation(bug))),
        Err(errors) => Err(Failure::bad_request(errors.join("\n"))),
    }
}

/// Performs a named operation. It is sent as a form.
pub(crate) async fn operate(
    State(bugs): State<Bugs>,
    target: Target,
    Extension(outcome): Extension<Outcome>,
    head: Parts,
    content: Bytes,
) -> Result<Response, Failure> {
    const FORM: &str = "application/x-www-form-urlencoded";
    if !media_type_essence(&head.headers).eq_ignore_ascii_case(FORM) {
        return Err(Failure::UnsupportedMediaType);
    }
    let field = |name: &str| {
        form_urlencoded::parse(&content)
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.into_owned())
    };
    match field("ws.op").as_deref() {
        Some("newMessage") => {}
        Some(other) => return Err(Failure::bad_request(format!("No such operation: {other}"))),
        None => return Err(Failure::bad_request("No operation name given.")),
    }
    let content = field("content")
        .filter(|content| !content.trim().is_empty())
        .ok_or_else(|| Failure::bad_request("content: Required input is missing."))?;
    let subject = field("subject").unwrap_or_default();
    let link = bugs.write(target, &outcome, &head, |bug| {
        bug.add_message(subject, content)
    })?;
    Ok((StatusCode::CREATED, [(LOCATION, link)]).into_response())
}

/// Makes the response, with the same tag in `ETag` and in the body: both are of the same state.
fn representation(bug: &Bug) -> ([(HeaderName, HeaderValue); 1], Json<Value>) {
    let tag = bug.etag(JSON.as_bytes());
    ([(ETAG, tag.into())], Json(bug.representation()))
}

/// Responds with 209, a status of lazr.restful's own: the write succeeded, and the content is the
/// new representation.
fn content_returned(representation: impl IntoResponse) -> Response {
    let mut response = representation.into_response();
    *response.status_mut() = StatusCode::from_u16(209).expect("209 is a status code");
    response
        .extensions_mut()
        .insert(ReasonPhrase::from_static(b"Content Returned"));
    response
}

fn document(headers: &HeaderMap, content: &[u8]) -> Result<Map<String, Value>, Failure> {
    if !media_type_essence(headers).eq_ignore_ascii_case(JSON) {
        return Err(Failure::UnsupportedMediaType);
    }
    match serde_json::from_slice(content) {
        Ok(Value::Object(document)) => Ok(document),
        Ok(_) => Err(Failure::bad_request("Expected a JSON hash.")),
        Err(_) => Err(Failure::bad_request(
            "Entity-body was not a well-formed JSON document.",
        )),
    }
}
