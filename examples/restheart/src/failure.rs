//! Requests that fail, with the content that RESTHeart gives them.

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::json;
use tower_conditional::{Current, Decision, Refusal, Validators, refusal_response};

use super::ETAG_REQUIRED;

#[derive(Debug)]
pub(crate) enum Failure {
    NotFound,
    Invalid(StatusCode, &'static str),
    /// A precondition is no longer true: the answer that the layer would now give.
    Refused(Box<http::Response<Bytes>>),
    /// A precondition has become mandatory: the validators of what exists now.
    EtagRequired(Validators),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let response = match self {
            Failure::NotFound => error(StatusCode::NOT_FOUND, "The resource does not exist"),
            Failure::Invalid(status, message) => error(status, message),
            Failure::Refused(response) => with_own_message(*response),
            Failure::EtagRequired(current) => etag_required(&current),
        };
        response.map(Body::from)
    }
}

fn error(status: StatusCode, message: &str) -> http::Response<Bytes> {
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = status;
    with_message(response, message)
}

/// As the layer refuses, which knows the status to answer by.
fn etag_required(current: &Validators) -> http::Response<Bytes> {
    let current = Current::Present(current);
    let mut response = refusal_response(Decision::PreconditionRequired, current);
    *response.status_mut() = ETAG_REQUIRED;
    with_own_message(response)
}

pub(crate) fn refused_by_layer(refusal: Refusal) -> http::Response<Bytes> {
    with_own_message(refusal.into_response())
}

fn with_own_message(response: http::Response<Bytes>) -> http::Response<Bytes> {
    let message = match response.status() {
        StatusCode::NOT_MODIFIED => return response,
        ETAG_REQUIRED => "The ETag must be provided using the 'If-Match' header",
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
