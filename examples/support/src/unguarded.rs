//! Takes the guard of a service out, so that a test is known to be able to fail.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{
        HeaderValue, StatusCode,
        header::{ETAG, IF_MATCH},
    },
    response::{IntoResponse, Response},
};
use tokio::time::sleep;
use tower::ServiceExt;

/// Compares the tag before the write, as a service does that checks and then writes, and lets the
/// write itself replace any version.
pub fn unguarded(app: Router) -> Router {
    Router::new().fallback(move |mut request: Request| async move {
        if !request.method().is_safe() {
            if let Some(tag) = request.headers().get(IF_MATCH).cloned() {
                let read = Request::get(request.uri().clone()).body(Body::empty());
                let read: Response = app.clone().oneshot(read.unwrap()).await.unwrap();
                if read.headers().get(ETAG) != Some(&tag) {
                    return StatusCode::PRECONDITION_FAILED.into_response();
                }
                sleep(Duration::from_millis(1)).await;
                let any = HeaderValue::from_static("*");
                request.headers_mut().insert(IF_MATCH, any);
            }
        }
        app.oneshot(request).await.unwrap()
    })
}
