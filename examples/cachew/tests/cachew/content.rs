//! What is stored, and how it comes back.

use std::sync::Arc;

use axum::{body::Body, http::Request};
use example_cachew::{app, patience::PATIENCE, store::hexadecimal};
use example_support::scenario::{Response, Server};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use crate::{
    backend::{Backend, target},
    state::unchanged,
};

/// As `printf content | sha256sum` tells it.
pub(crate) const TAG: &str =
    "\"sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73\"";

pub(crate) async fn is_stored_with_its_hash_as_the_tag(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("stored"));
    let fields = [
        ("Content-Type", "text/plain"),
        ("Cache-Control", "no-cache"),
        ("X-Meta-Origin", "build-7"),
    ];
    let created = server
        .send_content("POST", &target, &fields, "content")
        .await;
    assert_eq!(created.expect(201).etag(), TAG);

    let full = dated(&server, &target).await;
    assert_eq!(full.content, "content");
    assert_eq!(full.etag(), TAG);
    for (name, value) in fields {
        assert_eq!(full.field(name), Some(value));
    }

    let head = Request::head(&target).body(Body::empty()).unwrap();
    let head = app(backend.store()).oneshot(head).await.unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["etag"], TAG);
    assert_eq!(head.headers()["content-length"], "7");
    assert_eq!(head.headers()["x-meta-origin"], "build-7");

    let held = server.send("GET", &target, &[("If-None-Match", TAG)]).await;
    let held = held.expect(304);
    assert_eq!(held.etag(), TAG);
    assert_eq!(held.field("Cache-Control"), Some("no-cache"));
    assert_eq!(held.field("X-Meta-Origin"), Some("build-7"));
    assert_eq!(held.field("Content-Type"), None);
}

pub(crate) async fn has_the_same_tag_at_every_key(backend: &Backend) {
    let server = backend.serve().await;
    for key in ["one", "another"] {
        let created = server
            .send_content("POST", &target(key), &[], "content")
            .await;
        assert_eq!(created.expect(201).etag(), TAG);
    }
}

pub(crate) async fn may_be_empty(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("empty"));
    let created = server.send("POST", &target, &[]).await.expect(201);
    let full = server.send("GET", &target, &[]).await.expect(200);
    assert_eq!(full.content, "");
    assert_eq!(full.etag(), created.etag());
}

pub(crate) async fn of_many_parts_is_stored_in_full(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("large"));
    let content: String = (0..1_200_000).map(|n| format!("{n:09}\n")).collect();
    let digest = Sha256::digest(&content);
    let digest = hexadecimal(&digest);
    let created = server.send_content("POST", &target, &[], &content).await;
    assert_eq!(created.expect(201).etag(), format!("\"sha256:{digest}\""));
    let full = server.send("GET", &target, &[]).await.expect(200);
    assert!(full.content == content);
}

pub(crate) async fn is_found_by_any_key(backend: &Backend) {
    let server = backend.serve().await;
    for key in ["a%20b", "a%2Fb", "..", "%E2%82%AC", &"k".repeat(1000)] {
        let target = target(key);
        server
            .send_content("POST", &target, &[], key)
            .await
            .expect(201);
        assert_eq!(
            server.send("GET", &target, &[]).await.expect(200).content,
            key
        );
    }
    let same = server
        .send("GET", &target("%61%20b"), &[])
        .await
        .expect(200);
    assert_eq!(same.content, "a%20b");
    server.send("GET", &target("never"), &[]).await.expect(404);
}

/// The client's connection broke, not the store.
pub(crate) async fn that_ends_too_early_is_refused(backend: &Backend) {
    use futures_util::stream;

    let key = "too-early";
    let frames = [Ok("content"), Err("connection reset")];
    let body = Body::from_stream(stream::iter(frames));
    let request = Request::post(target(key)).body(body).unwrap();
    let sent = app(backend.store()).oneshot(request);
    let refused = unchanged(backend, key, sent).await.unwrap();
    assert_eq!(refused.status(), 400);
}

/// Its connection may stay open for hours; the service does not wait for the rest.
pub(crate) async fn that_is_under_way_is_given_up_when_the_service_stops(backend: &Backend) {
    use futures_util::{StreamExt, stream};

    let store = Arc::new(backend.store());
    let (told, when_told) = tokio::sync::oneshot::channel();
    let begun = stream::once(async move {
        told.send(()).unwrap();
        Ok::<_, std::io::Error>("content")
    });
    let body = Body::from_stream(begun.chain(stream::pending()));
    let request = Request::post(target("stopped")).body(body).unwrap();
    let app = app(Arc::clone(&store));
    let stopped = async {
        let upload = tokio::spawn(app.oneshot(request));
        when_told.await.unwrap();
        store.stop();
        // Without waiting for the rest, until it is late.
        let answered = tokio::time::timeout(PATIENCE / 2, upload).await;
        answered.unwrap().unwrap().unwrap()
    };
    let refused = unchanged(backend, "stopped", stopped).await;
    assert_eq!(refused.status(), 503);
}

/// Gets an entry as it is once the second of its date is over. Before that the date is not sent.
pub(crate) async fn dated(server: &Server, target: &str) -> Response {
    loop {
        let full = server.send("GET", target, &[]).await.expect(200);
        if full.field("Last-Modified").is_some() {
            return full;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
