//! Errors as problem details (RFC 9457).

use axum::{
    Json,
    extract::rejection::{JsonRejection, PathRejection},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header::CONTENT_TYPE};
use serde_json::json;
use tower_conditional::axum::PreconditionRejection;

#[derive(Debug)]
pub(crate) enum Error {
    Problem(StatusCode, String),
    /// The response of the conditional layer.
    Precondition(PreconditionRejection),
}

impl Error {
    pub(crate) fn problem(status: StatusCode, detail: &str) -> Self {
        Self::Problem(status, detail.to_owned())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, detail) = match self {
            Self::Problem(status, detail) => (status, detail),
            Self::Precondition(rejection) => return rejection.into_response(),
        };
        let title = status.canonical_reason();
        let details = json!({"title": title, "status": status.as_u16(), "detail": detail});
        let fields = [(CONTENT_TYPE, "application/problem+json")];
        (status, fields, Json(details)).into_response()
    }
}

impl From<PreconditionRejection> for Error {
    fn from(rejection: PreconditionRejection) -> Self {
        Self::Precondition(rejection)
    }
}

/// The content is not JSON, not a note, not declared as JSON, or too large.
impl From<JsonRejection> for Error {
    fn from(rejection: JsonRejection) -> Self {
        Self::Problem(rejection.status(), rejection.body_text())
    }
}

impl From<PathRejection> for Error {
    fn from(_: PathRejection) -> Self {
        let detail = "The id of a note is a number from 1 to 9007199254740991.";
        Self::problem(StatusCode::NOT_FOUND, detail)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        // The error is logged, because the client must not learn anything about the database.
        eprintln!("notes: the database failed: {error}");
        let detail = "The database failed. Get the resource to see in what state it is.";
        Self::problem(StatusCode::SERVICE_UNAVAILABLE, detail)
    }
}
