use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::BoxError;

/// Why a request was not performed.
pub(super) struct Failure {
    status: StatusCode,
    reason: String,
}

impl Failure {
    /// The client's fault.
    pub(super) fn bad_request(reason: impl ToString) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            reason: reason.to_string(),
        }
    }

    pub(super) fn stopping() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            reason: String::from("the service stops"),
        }
    }
}

/// Converts every other error: it is the store's fault.
impl<E: Into<BoxError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            status: StatusCode::BAD_GATEWAY,
            reason: format!("the store failed: {}", error.into()),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, self.reason + "\n").into_response()
    }
}
