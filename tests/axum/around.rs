//! Layers of tower-http around this layer see its responses.

use http::Request;
use tower_http::{compression::CompressionLayer, cors::CorsLayer};

use crate::app::{Documents, send};

// Without the CORS fields a browser hides even a 304 from the script.
#[tokio::test]
async fn cors_outside_decorates_refusals_and_answers_preflights() {
    let app = Documents::new().guarded().layer(CorsLayer::permissive());
    for (request, status) in [
        (
            Request::get("/documents/1").header("if-none-match", "\"7\""),
            304,
        ),
        (
            Request::put("/documents/1").header("if-match", "\"6\""),
            412,
        ),
        (Request::put("/documents/1"), 428),
        (
            Request::options("/documents/1").header("access-control-request-method", "PUT"),
            200,
        ),
    ] {
        let response = send(&app, request.header("origin", "https://a.example")).await;
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
    }
}

#[cfg(feature = "tracing")]
#[tokio::test]
async fn a_trace_outside_sees_what_was_decided() {
    use std::{
        sync::{Arc, Mutex},
        time::Duration,
    };

    use axum::response::Response;
    use tower_conditional::{Decision, Field};

    type Seen = Arc<Mutex<Vec<(u16, Option<Decision>)>>>;
    let seen = Seen::default();
    let sink = Arc::clone(&seen);
    let on_response = move |response: &Response, _: Duration, _: &tracing::Span| {
        let decision = response.extensions().get().copied();
        sink.lock()
            .unwrap()
            .push((response.status().as_u16(), decision));
    };
    let trace = tower_http::trace::TraceLayer::new_for_http().on_response(on_response);
    let app = Documents::new().guarded().layer(trace);
    send(
        &app,
        Request::get("/documents/1").header("if-none-match", "\"7\""),
    )
    .await;
    send(&app, Request::put("/documents/1")).await;
    let not_modified = Decision::NotModified(Field::IfNoneMatch);
    assert_eq!(
        *seen.lock().unwrap(),
        [
            (304, Some(not_modified)),
            (428, Some(Decision::PreconditionRequired))
        ],
    );
}

#[tokio::test]
async fn compression_outside_compresses_the_200_and_leaves_the_304_alone() {
    let app = Documents::new().guarded().layer(CompressionLayer::new());
    let get = || Request::get("/documents/1").header("accept-encoding", "gzip");
    let ok = send(&app, get()).await;
    assert_eq!(ok.headers()["content-encoding"], "gzip");
    let tag = &ok.headers()["etag"];

    let not_modified = send(&app, get().header("if-none-match", tag)).await;
    assert_eq!(not_modified.status(), 304);
    assert!(!not_modified.headers().contains_key("content-encoding"));
    assert!(not_modified.body().is_empty());
    assert_eq!(&not_modified.headers()["etag"], tag);
}
