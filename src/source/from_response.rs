use std::future::Ready;

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
    request::Parts,
};

use super::{Answer, Lookup, ReadsFromResponse, Selected, ValidatorSource};

/// Uses the validators that the handler sets on its own response, for services whose validators are
/// not known before.
///
/// A safe request is performed. If the response is a 2xx, its `ETag` and `Last-Modified` are then
/// evaluated. If the client has this representation already, the response becomes a 304. If
/// `If-Match` or `If-Unmodified-Since` is false, it becomes a 412: the request is safe, so the
/// response can be thrown away. Its body is dropped unread. Any other response is returned as it is
/// (RFC 9110 section 13.2.1). If a complete response has no `ETag`, `If-Match` is ignored. The docs
/// of [`refusal`](crate::refusal) list the fields that a 304 keeps.
///
/// This saves the transfer, not the work. It serves safe methods only, because a write cannot be
/// decided after it was made. An unsafe request with a precondition, or one that is required to
/// have one, is not performed. It is answered 501 with problem details, and not 503: the same
/// request would fail again later. Use [`FromResponse::for_reads`] if the service also has writes
/// that clients may guard.
///
/// ```
/// use tower_conditional::{ConditionalLayer, FromResponse};
///
/// let layer = ConditionalLayer::new(FromResponse);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct FromResponse;

impl FromResponse {
    /// Uses the response for reads only, and asks `writes` about unsafe requests.
    ///
    /// So a read costs no look-up, and the precondition of a write is never ignored. `writes` is
    /// any source, [`ByHead`](crate::ByHead) included.
    ///
    /// ```
    /// use axum::{body::Body, response::IntoResponse, routing::get, Router};
    /// use http::Request;
    /// use tower::{Layer, ServiceExt};
    /// use tower_conditional::{ByHead, ConditionalLayer, FromResponse};
    ///
    /// async fn read() -> impl IntoResponse {
    ///     ([("etag", "\"7\"")], "content")
    /// }
    /// async fn write() {}
    ///
    /// let layer = ConditionalLayer::new(FromResponse::for_reads(ByHead::<Body>::new()));
    /// let app: Router = Router::new().route_service("/", layer.layer(get(read).put(write)));
    ///
    /// # tokio_test::block_on(async {
    /// let request = Request::get("/").header("if-none-match", "\"7\"").body(Body::empty()).unwrap();
    /// assert_eq!(app.clone().oneshot(request).await.unwrap().status(), 304);
    /// let request = Request::put("/").header("if-match", "\"6\"").body(Body::empty()).unwrap();
    /// assert_eq!(app.oneshot(request).await.unwrap().status(), 412);
    /// # });
    /// ```
    pub const fn for_reads<V>(writes: V) -> ReadsFromResponse<V> {
        ReadsFromResponse::new(writes)
    }
}

impl ValidatorSource for FromResponse {
    type Future = Ready<Answer>;

    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        Lookup::Ready(Ok(if head.method.is_safe() {
            Selected::Unknown
        } else {
            Selected::Answered(never_decided())
        }))
    }

    fn adds_validators(&self) -> bool {
        false
    }
}

/// In the extensions of the response to a write that this source can never decide, so that
/// [`FirstKnown`](super::FirstKnown) knows it from an answer.
#[derive(Clone, Copy)]
pub(super) struct NeverDecided;

fn never_decided() -> Response<Bytes> {
    const PROBLEM: &[u8] =
        b"{\"title\":\"Not Implemented\",\"status\":501,\"detail\":\"Whether this \
        request may be performed cannot be decided: this resource has no validators before it is \
        written. The request was not performed, and will not be if it is sent again. The server's \
        configuration has to change.\"}\n";
    let mut response = Response::new(Bytes::from_static(PROBLEM));
    *response.status_mut() = StatusCode::NOT_IMPLEMENTED;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    // A 501 may be cached unless it says otherwise (RFC 9110 section 15.1).
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(NeverDecided);
    response
}
