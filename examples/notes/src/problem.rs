//! Errors as problem details (RFC 9457).

use std::borrow::Cow;

use axum::{
    Json,
    extract::rejection::JsonRejection,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header::CONTENT_TYPE};
use serde_json::json;

#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    detail: Cow<'static, str>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        let detail = detail.into();
        Self { status, detail }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let details = Json(json!({
            "title": self.status.canonical_reason(),
            "status": self.status.as_u16(),
            "detail": self.detail,
        }));
        let fields = [(CONTENT_TYPE, "application/problem+json")];
        (self.status, fields, details).into_response()
    }
}

/// The content is not JSON, not a note, not declared as JSON, or too large.
impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        // The error is logged, because the client must not learn anything about the database.
        eprintln!("notes: the database failed: {error}");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "The database failed. Get the resource to see in what state it is.",
        )
    }
}
