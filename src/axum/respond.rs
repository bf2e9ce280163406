//! Validators and decisions as responses and as parts of them.

use std::convert::Infallible;

use axum_core::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use http::header::{ETAG, LAST_MODIFIED};

use crate::{
    date::HttpDate,
    etag::EntityTag,
    precondition::{Decision, Validators},
    refusal::{Refusal, RefusalBody, may_be_sent},
    source::Selected,
};

/// Sets `ETag`.
impl IntoResponseParts for EntityTag {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        parts.headers_mut().insert(ETAG, self.into());
        Ok(parts)
    }
}

/// Sets `Last-Modified`. Sets nothing if the second of the date is not over, or if the date is in the
/// future: it could not tell a later change of the same second from this one (RFC 9110 section
/// 8.8.2.2).
impl IntoResponseParts for HttpDate {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if may_be_sent(self) {
            parts.headers_mut().insert(LAST_MODIFIED, self.into());
        }
        Ok(parts)
    }
}

/// Sets `ETag` and `Last-Modified`, as far as they are known.
impl IntoResponseParts for Validators {
    type Error = Infallible;

    fn into_response_parts(self, parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        let (etag, last_modified) = self.into_parts();
        let parts = etag.into_response_parts(parts);
        let parts = parts.unwrap_or_else(|never| match never {});
        let parts = last_modified.into_response_parts(parts);
        Ok(parts.unwrap_or_else(|never| match never {}))
    }
}

macro_rules! without_content {
    ($($type:ty),+) => {$(
        /// An empty response with these fields, for `(StatusCode::NO_CONTENT, tag)`.
        impl IntoResponse for $type {
            fn into_response(self) -> Response {
                (self, ()).into_response()
            }
        }
    )+};
}

without_content!(EntityTag, HttpDate, Validators);

/// The layer's own response for this decision, without the current state. See
/// [`Decision::response`], also for 304 inside of a compression layer.
impl IntoResponse for Decision {
    fn into_response(self) -> Response {
        IntoResponse::into_response(self.response(Selected::Unknown))
    }
}

/// The layer's own response. See [`Refusal::into_response`].
impl IntoResponse for Refusal<'_> {
    fn into_response(self) -> Response {
        IntoResponse::into_response(Refusal::into_response(self))
    }
}

impl IntoResponse for RefusalBody {
    fn into_response(self) -> Response {
        http::Response::new(self).into_response()
    }
}
