//! Requests that fail, with the content that RESTHeart gives them.

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, ETAG},
    },
    response::{IntoResponse, Response},
};
use serde_json::json;
use tower_conditional::{Decision, EntityTag, Refusal, RefusalBody, Validators};

use super::ETAG_REQUIRED;

#[derive(Debug)]
pub(crate) enum Failure {
    NotFound,
    Invalid(StatusCode, &'static str),
    /// A precondition is no longer true: the answer that the layer would now give.
    Refused(Box<http::Response<RefusalBody>>),
    /// A precondition has become mandatory: the validators of what exists now.
    EtagRequired(Validators),
    /// The resource exists already, with this tag.
    Exists(EntityTag),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let response = match self {
            Failure::NotFound => error(StatusCode::NOT_FOUND, "The resource does not exist"),
            Failure::Invalid(status, message) => error(status, message),
            Failure::Refused(response) => with_own_message(*response),
            Failure::EtagRequired(current) => etag_required(&current),
            Failure::Exists(current) => {
                let mut response = error(StatusCode::CONFLICT, "A document with this _id exists");
                response.headers_mut().insert(ETAG, current.into());
                response
            }
        };
        response.into_response()
    }
}

fn error(status: StatusCode, message: &str) -> http::Response<RefusalBody> {
    let mut response = http::Response::new(RefusalBody::empty());
    *response.status_mut() = status;
    with_message(response, message)
}

/// As the layer refuses.
fn etag_required(current: &Validators) -> http::Response<RefusalBody> {
    with_conflict(Decision::PreconditionRequired.response(current.clone()))
}

pub(crate) fn refused_by_layer(refusal: Refusal<'_>) -> http::Response<RefusalBody> {
    match refusal.decision() {
        Decision::PreconditionRequired => with_conflict(refusal.into_response()),
        _ => with_own_message(refusal.into_response()),
    }
}

fn with_conflict(mut response: http::Response<RefusalBody>) -> http::Response<RefusalBody> {
    *response.status_mut() = ETAG_REQUIRED;
    with_own_message(response)
}

fn with_own_message(response: http::Response<RefusalBody>) -> http::Response<RefusalBody> {
    let message = match response.status() {
        StatusCode::NOT_MODIFIED => return response,
        ETAG_REQUIRED => "The ETag must be provided using the 'If-Match' header",
        _ => "The resource's ETag does not meet the request's precondition",
    };
    with_message(response, message)
}

fn with_message(
    mut response: http::Response<RefusalBody>,
    message: &str,
) -> http::Response<RefusalBody> {
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
