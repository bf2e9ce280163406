//! Requests that fail in the handler. Messages are plain text, as lazr.restful writes them.

use axum::{
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tower_conditional::{Current, Decision, EntityTag, Validators, refusal_response};

#[derive(Debug)]
pub(crate) enum Failure {
    NotFound,
    UnsupportedMediaType,
    BadRequest(String),
    /// A precondition is no longer true: the decision, and the tag that the bug has now.
    Refused(Decision, EntityTag),
}

impl Failure {
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Failure::BadRequest(message.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Failure::NotFound => StatusCode::NOT_FOUND.into_response(),
            Failure::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response(),
            Failure::BadRequest(message) => (StatusCode::BAD_REQUEST, message).into_response(),
            Failure::Refused(decision, current) => {
                let current = Validators::from(current);
                refusal_response(decision, Current::Present(&current)).map(Body::from)
            }
        }
    }
}
