//! The handlers, which run if the preconditions are true.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CONTENT_TYPE, ETAG, LOCATION},
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
    base::Base,
    bug::{Bug, Extent},
    bugs::Bugs,
    failure::Failure,
    root,
    target::Target,
};

pub(crate) async fn read(
    State(bugs): State<Bugs>,
    target: Target,
    base: Base,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let found = match target {
        Target::Root => Some(root::representation(&base, &headers)),
        Target::Bugs => {
            let entries = bugs.representations(&base);
            let list = json!({
                "resource_type_link": base.link("/#bugs"),
                "start": 0,
                "total_size": entries.len(),
                "entries": entries,
            });
            Some(Json(list).into_response())
        }
        Target::Bug(id) => bugs
            .read(id, |bug| representation(bug, &base))
            .map(IntoResponse::into_response),
        Target::Comment(id, index) => bugs
            .read(id, |bug| bug.message(index, &base))
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
        modified(bug, &document, Extent::Partial, &Base::of(&head))
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
        modified(bug, &document, Extent::Full, &Base::of(&head))
    })?
}

fn modified(
    bug: &mut Bug,
    document: &Map<String, Value>,
    extent: Extent,
    base: &Base,
) -> Result<Response, Failure> {
    match bug.modify(document, extent, base) {
        Ok(()) => Ok(content_returned(representation(bug, base))),
        Err(errors) => Err(Failure::bad_request(errors.join("\n"))),
    }
}

/// Performs a named operation. It is sent as a form.
///
/// A POST without a Content-Type is a form, too: `Browser.post` of lazr.restfulclient sends none.
pub(crate) async fn operate(
    State(bugs): State<Bugs>,
    target: Target,
    Extension(outcome): Extension<Outcome>,
    head: Parts,
    content: Bytes,
) -> Result<Response, Failure> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let is_form = media_type_essence(&head.headers).eq_ignore_ascii_case(FORM);
    if head.headers.contains_key(CONTENT_TYPE) && !is_form {
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
        .map(argument)
        .filter(|content| !content.trim().is_empty())
        .ok_or_else(|| Failure::bad_request("content: Required input is missing."))?;
    let subject = field("subject").map(argument).unwrap_or_default();
    let path = bugs.write(target, &outcome, &head, |bug| {
        if bug.message_count() < MESSAGES {
            Ok(bug.add_message(subject, content))
        } else {
            Err(Failure::bad_request("The bug can have no more messages."))
        }
    })??;
    let link = Base::of(&head).link(&path);
    Ok((StatusCode::CREATED, [(LOCATION, link)]).into_response())
}

/// The most messages that a bug can have.
const MESSAGES: usize = 10_000;

/// Decodes an argument of a named operation. lazr.restfulclient sends strings as JSON. Other clients
/// send them as they are.
fn argument(value: String) -> String {
    serde_json::from_str(&value).unwrap_or(value)
}

/// Makes the response, with the same tag in `ETag` and in the body: both are of the same state.
fn representation(bug: &Bug, base: &Base) -> ([(HeaderName, HeaderValue); 1], Json<Value>) {
    let tag = bug.etag(JSON.as_bytes());
    ([(ETAG, tag.into())], Json(bug.representation(base)))
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
