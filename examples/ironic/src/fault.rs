//! Errors as Ironic's API writes them.

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, ETAG},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tower_conditional::{EntityTag, Refusal, RefusalBody, etag::JsonTagError};

/// A request that failed, at the API or in the conductor.
#[derive(Debug)]
pub(crate) struct Fault {
    status: StatusCode,
    message: String,
    /// The current tag, if the client needs it.
    etag: Option<EntityTag>,
}

impl Fault {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            etag: None,
        }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "The resource could not be found.")
    }

    pub(crate) fn stale(current: &EntityTag) -> Self {
        Self {
            etag: Some(current.clone()),
            ..Self::new(StatusCode::PRECONDITION_FAILED, STALE)
        }
    }
}

const STALE: &str = "The ETag in If-Match is not the resource's current one. Get the resource again, and \
                     send the request with its new ETag.";

impl From<JsonTagError> for Fault {
    fn from(error: JsonTagError) -> Self {
        Self::invalid(error.to_string())
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(content(self.status, &self.message))).into_response();
        if let Some(etag) = self.etag {
            response.headers_mut().insert(ETAG, etag.into());
        }
        response
    }
}

/// Replaces the content of the layer's response with Ironic's.
pub(crate) fn in_own_words(refusal: Refusal<'_>) -> http::Response<RefusalBody> {
    let mut response = refusal.into_response();
    let status = response.status();
    let message = match status {
        StatusCode::NOT_MODIFIED => return response,
        StatusCode::NOT_ACCEPTABLE => {
            "This API version has no ETags; If-Match needs 1.40 or later."
        }
        _ => STALE,
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *response.body_mut() = content(status, message).to_string().into();
    response
}

fn content(status: StatusCode, message: &str) -> Value {
    let whose = if status.is_server_error() {
        "Server"
    } else {
        "Client"
    };
    json!({ "error_message": { "faultcode": whose, "faultstring": message, "debuginfo": null } })
}
