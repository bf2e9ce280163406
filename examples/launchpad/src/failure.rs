//! Requests that fail in the handler. Messages are plain text, as lazr.restful writes them.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tower_conditional::RefusalBody;

#[derive(Debug)]
pub(crate) enum Failure {
    NotFound,
    UnsupportedMediaType,
    BadRequest(String),
    /// A precondition is no longer true. This is the response of the layer.
    Refused(Box<http::Response<RefusalBody>>),
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
            Failure::Refused(response) => response.into_response(),
        }
    }
}
