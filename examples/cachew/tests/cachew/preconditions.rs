use crate::{
    backend::{Backend, target},
    content::{TAG, dated},
    state::unchanged,
};

pub(crate) async fn of_reads_are_evaluated_over_all_field_lines(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("reads"));
    server
        .send_content("POST", &target, &[], "content")
        .await
        .expect(201);
    let weak = format!("W/{TAG}");
    for (fields, status) in [
        (
            vec![("If-None-Match", "\"other\""), ("If-None-Match", TAG)],
            304,
        ),
        (vec![("If-None-Match", weak.as_str())], 304),
        (vec![("If-None-Match", "\"other\"")], 200),
        (vec![("If-Match", "\"other\""), ("If-Match", TAG)], 200),
        (vec![("If-Match", weak.as_str())], 412),
        (vec![("If-Match", "\"other\"")], 412),
    ] {
        let sent = server.send("GET", &target, &fields);
        let response = unchanged(backend, "reads", sent).await.expect(status);
        assert_eq!(response.etag(), TAG);
    }
}

pub(crate) async fn of_writes_are_evaluated(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("writes"));
    let post = |fields, content| {
        let (server, target) = (&server, &target);
        async move { server.send_content("POST", target, fields, content).await }
    };
    let weak = format!("W/{TAG}");
    let refused = |fields, content| {
        let sent = post(fields, content);
        async { unchanged(backend, "writes", sent).await.expect(412) }
    };
    refused(&[("If-Match", TAG)], "content").await;
    refused(&[("If-Match", "*")], "content").await;
    let create = [("If-None-Match", "*"), ("X-Meta-Origin", "build-7")];
    assert_eq!(post(&create, "content").await.expect(201).etag(), TAG);

    let exists = refused(&create, "other").await;
    assert_eq!(exists.etag(), TAG);
    assert_eq!(exists.json()["field"], "If-None-Match");
    assert_eq!(exists.field("X-Meta-Origin"), Some("build-7"));
    assert_eq!(
        exists.field("Content-Type"),
        Some("application/problem+json")
    );
    refused(&[("If-None-Match", TAG)], "other").await;
    refused(&[("If-Match", "\"other\"")], "other").await;
    let weakened = [("If-Match", weak.as_str())];
    refused(&weakened, "other").await;
    let excluded = [
        ("If-None-Match", "\"other\""),
        ("If-None-Match", weak.as_str()),
    ];
    refused(&excluded, "other").await;
    let second = post(&[("If-Match", "\"other\""), ("If-Match", TAG)], "other").await;
    let second = second.expect(200);
    assert_ne!(second.etag(), TAG);
    let stale = refused(&[("If-Match", TAG)], "lost").await;
    assert_eq!(stale.etag(), second.etag());
    let now = server.send("GET", &target, &[]).await.expect(200);
    assert_eq!(now.content, "other");
    assert_eq!(
        now.field("X-Meta-Origin"),
        None,
        "of the content that was replaced"
    );
}

pub(crate) async fn of_deletions_are_evaluated(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("deletions"));
    server
        .send_content("POST", &target, &[], "content")
        .await
        .expect(201);
    let refused = |fields| {
        let sent = server.send("DELETE", &target, fields);
        async { unchanged(backend, "deletions", sent).await.expect(412) }
    };
    let stale = [("If-Match", "\"other\"")];
    assert_eq!(refused(&stale).await.etag(), TAG);
    let excluded = [("If-None-Match", "\"other\""), ("If-None-Match", TAG)];
    assert_eq!(refused(&excluded).await.etag(), TAG);
    let current = [("If-Match", "\"other\""), ("If-Match", TAG)];
    server.send("DELETE", &target, &current).await.expect(204);
    server.send("GET", &target, &[]).await.expect(404);
    let missing = server.send("DELETE", &target, &[]);
    unchanged(backend, "deletions", missing).await.expect(404);
    refused(&[("If-Match", TAG)]).await;
}

/// The date is the store's.
pub(crate) async fn on_dates_are_evaluated(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("dates"));
    server
        .send_content("POST", &target, &[], "content")
        .await
        .expect(201);
    let full = dated(&server, &target).await;
    let date = full.field("Last-Modified").unwrap();
    let since = [("If-Modified-Since", date)];
    server.send("GET", &target, &since).await.expect(304);
    let old = [("If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")];
    let stale = server.send_content("POST", &target, &old, "lost");
    unchanged(backend, "dates", stale).await.expect(412);
    let same = [("If-Unmodified-Since", date)];
    server
        .send_content("POST", &target, &same, "content")
        .await
        .expect(200);
}

pub(crate) async fn come_after_what_is_no_request_for_an_entry(backend: &Backend) {
    let server = backend.serve().await;
    let guarded = [("If-Match", TAG)];
    for (method, target, status) in [
        ("PUT", target("writes"), 405),
        ("GET", target("%FF"), 400),
        ("POST", target("%FF"), 400),
        ("DELETE", target("%FF"), 400),
        ("GET", String::from("/api/v1/objects"), 404),
    ] {
        let sent = server.send(method, &target, &guarded);
        unchanged(backend, "writes", sent).await.expect(status);
    }
}

/// How long the entry may be stored says nothing of a refusal: it is about this request.
pub(crate) async fn that_fail_are_not_stored(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("refusals"));
    let (cache_control, expires) = (
        ("Cache-Control", "public, max-age=60"),
        ("Expires", "Sun, 06 Nov 2044 08:49:37 GMT"),
    );
    let fields = [cache_control, expires, ("X-Meta-Origin", "build-7")];
    let slow = server.begin("POST", &target, &[("If-None-Match", "*")], "lost");
    let slow = slow.await;
    let stored = server.send_content("POST", &target, &fields, "content");
    stored.await.expect(201);
    let by_the_store = unchanged(backend, "refusals", slow.finish()).await;
    let none = [("If-None-Match", "*")];
    let by_the_layer = server.send_content("POST", &target, &none, "lost");
    let by_the_layer = unchanged(backend, "refusals", by_the_layer).await;
    // One shape, whoever refuses.
    assert_eq!(by_the_store.content, by_the_layer.content);
    let by_the_layer_too = server
        .send("GET", &target, &[("If-Match", "\"other\"")])
        .await;
    for refused in [by_the_store, by_the_layer, by_the_layer_too] {
        let refused = refused.expect(412);
        assert_eq!(
            refused.field("Content-Type"),
            Some("application/problem+json")
        );
        assert_eq!(refused.etag(), TAG);
        assert_eq!(refused.field("Cache-Control"), Some("no-store"));
        assert_eq!(refused.field("Expires"), None);
        assert_eq!(refused.field("X-Meta-Origin"), Some("build-7"));
    }
    let held = server.send("GET", &target, &[("If-None-Match", TAG)]).await;
    let held = held.expect(304);
    let now = server.send("GET", &target, &[]).await.expect(200);
    assert_eq!(now.content, "content");
    for (name, value) in [cache_control, expires] {
        assert_eq!(held.field(name), Some(value));
    }
}
