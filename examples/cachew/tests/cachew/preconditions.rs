use crate::{
    backend::{Backend, target},
    content::{TAG, dated},
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
        let response = server.send("GET", &target, &fields).await.expect(status);
        assert_eq!(response.etag(), TAG);
    }
}

pub(crate) async fn of_writes_are_evaluated(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("writes"));
    let post = |fields, content| {
        let (server, target) = (&server, &target);
        async move { server.send_content("POST", target, fields, content).await }
    };
    post(&[("If-Match", TAG)], "content").await.expect(412);
    post(&[("If-Match", "*")], "content").await.expect(412);
    let create = [("If-None-Match", "*"), ("X-Meta-Origin", "build-7")];
    assert_eq!(post(&create, "content").await.expect(201).etag(), TAG);

    let refused = post(&create, "other").await.expect(412);
    assert_eq!(refused.etag(), TAG);
    assert_eq!(refused.json()["field"], "If-None-Match");
    assert_eq!(refused.field("X-Meta-Origin"), Some("build-7"));
    assert_eq!(
        refused.field("Content-Type"),
        Some("application/problem+json")
    );
    post(&[("If-None-Match", TAG)], "other").await.expect(412);
    post(&[("If-Match", "\"other\"")], "other")
        .await
        .expect(412);
    let second = post(&[("If-Match", "\"other\""), ("If-Match", TAG)], "other").await;
    let second = second.expect(200);
    assert_ne!(second.etag(), TAG);
    let stale = post(&[("If-Match", TAG)], "lost").await.expect(412);
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
    let stale = server
        .send("DELETE", &target, &[("If-Match", "\"other\"")])
        .await;
    assert_eq!(stale.expect(412).etag(), TAG);
    let excluded = server
        .send("DELETE", &target, &[("If-None-Match", TAG)])
        .await;
    assert_eq!(excluded.expect(412).etag(), TAG);
    server
        .send("DELETE", &target, &[("If-Match", TAG)])
        .await
        .expect(204);
    server.send("GET", &target, &[]).await.expect(404);
    server.send("DELETE", &target, &[]).await.expect(404);
    server
        .send("DELETE", &target, &[("If-Match", TAG)])
        .await
        .expect(412);
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
    server
        .send_content("POST", &target, &old, "lost")
        .await
        .expect(412);
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
        let response = server.send(method, &target, &guarded).await;
        response.expect(status);
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
    let by_the_store = slow.finish().await;
    let by_the_layer = server
        .send("GET", &target, &[("If-Match", "\"other\"")])
        .await;
    for refused in [by_the_store, by_the_layer] {
        let refused = refused.expect(412);
        assert_eq!(refused.etag(), TAG);
        assert_eq!(refused.field("Cache-Control"), Some("no-store"));
        assert_eq!(refused.field("Expires"), None);
        assert_eq!(refused.field("X-Meta-Origin"), Some("build-7"));
    }
    let held = server.send("GET", &target, &[("If-None-Match", TAG)]).await;
    let held = held.expect(304);
    for (name, value) in [cache_control, expires] {
        assert_eq!(held.field(name), Some(value));
    }
}
