use std::{error::Error, fmt};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{
    BoxError,
    fields::{MAX_BYTES, MAX_LINES},
};

/// Why a request was not performed.
pub(super) struct Failure {
    status: StatusCode,
    reason: String,
}

impl Failure {
    /// It is the client's.
    pub(super) fn bad_request(reason: impl ToString) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            reason: reason.to_string(),
        }
    }

    pub(super) fn fields_too_large() -> Self {
        let reason = format!("more header fields than {MAX_BYTES} bytes or {MAX_LINES} lines");
        Self {
            status: StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            reason,
        }
    }

    pub(super) fn too_slow() -> Self {
        Self {
            status: StatusCode::REQUEST_TIMEOUT,
            reason: String::from("the content does not come"),
        }
    }

    pub(super) fn stopping() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            reason: String::from("the service stops"),
        }
    }
}

/// What a client may see. The errors of a store say where it is: its endpoint, bucket and
/// paths.
#[derive(Debug)]
pub(super) struct Told(pub(super) &'static str);

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Told {}

/// Every other failure is the store's.
impl<E: Into<BoxError>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        let told = error.downcast_ref().map(|Told(reason)| *reason);
        if told.is_none() {
            // Where, is for whoever runs the service.
            eprintln!("cachew: the store failed: {error}");
        }
        Self {
            status: StatusCode::BAD_GATEWAY,
            reason: told.unwrap_or("the store failed").to_owned(),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, self.reason + "\n").into_response()
    }
}
