//! Nobody comes between the check and the write, or between the check and the read.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use example_cachew::{
    app,
    record::Record,
    store::{Store, hexadecimal},
};
use futures_util::future::join_all;
use tower::ServiceExt;

use crate::{
    backend::{Backend, target},
    content::TAG,
    counting::Counting,
    state::unchanged,
};

/// Of `other`.
const OTHER_TAG: &str =
    "\"sha256:d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa\"";

/// The layer lets the first request pass and its content is under way, when a second one writes.
pub(crate) async fn a_writer_that_slips_in_is_not_overwritten(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("slips-in"));
    server
        .send_content("POST", &target, &[], "content")
        .await
        .expect(201);
    let guarded = [("If-Match", TAG)];
    let first = server.begin("POST", &target, &guarded, "first").await;
    let second = server
        .send_content("POST", &target, &guarded, "second")
        .await;
    let second = second.expect(200);
    let lost = unchanged(backend, "slips-in", first.finish()).await;
    let lost = lost.expect(412);
    assert_eq!(lost.etag(), second.etag());
    let now = server.send("GET", &target, &[]).await.expect(200);
    assert_eq!(now.content, "second");

    let target = crate::backend::target("slips-in-too");
    let create = [("If-None-Match", "*")];
    let creation = server.begin("POST", &target, &create, "first").await;
    server
        .send_content("POST", &target, &[], "second")
        .await
        .expect(201);
    let lost = unchanged(backend, "slips-in-too", creation.finish()).await;
    lost.expect(412);
    assert_eq!(
        server.send("GET", &target, &[]).await.expect(200).content,
        "second"
    );
}

pub(crate) async fn a_deletion_that_slips_in_is_noticed(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("deleted"));
    server
        .send_content("POST", &target, &[], "content")
        .await
        .expect(201);
    let update = server
        .begin("POST", &target, &[("If-Match", TAG)], "update")
        .await;
    server.send("DELETE", &target, &[]).await.expect(204);
    let lost = unchanged(backend, "deleted", update.finish()).await;
    lost.expect(412);
    server.send("GET", &target, &[]).await.expect(404);
}

/// Two writers have read the same version, and both go on to write.
pub(crate) async fn the_store_refuses_a_version_that_is_taken(backend: &Backend) {
    let store = backend.store();
    let record = |id: &str| Record {
        id: id.to_owned(),
        key: String::from("taken"),
        ..Record::default()
    };
    let seen = store.latest("taken").await.unwrap();
    assert!(store.replace(&seen, &record("first")).await.unwrap());
    assert!(!store.replace(&seen, &record("second")).await.unwrap());
    let again = store.replace(&seen, &record("first")).await.unwrap();
    assert!(again, "the answer was lost, and the request sent again");
    let next = store.latest("taken").await.unwrap();
    assert!(store.replace(&next, &record("second")).await.unwrap());
}

/// As many requests at once, each to a service of its own on the same store.
async fn at_once(backend: &Backend, target: &str, field: (&str, &str), round: u32) -> Vec<u16> {
    let requests = (0..8).map(|n| {
        let request = Request::post(target).header(field.0, field.1);
        let request = request.body(Body::from(format!("{round}: {n}"))).unwrap();
        let app = app(Store::new(Arc::clone(&backend.objects)));
        tokio::spawn(async move { app.oneshot(request).await.unwrap().status().as_u16() })
    });
    let mut statuses: Vec<_> = join_all(requests)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    statuses.sort_unstable();
    statuses
}

pub(crate) async fn one_of_many_creators_wins(backend: &Backend) {
    for round in 0..5 {
        let target = target(&format!("created-{round}"));
        let statuses = at_once(backend, &target, ("if-none-match", "*"), round).await;
        assert_eq!(statuses, [201, 412, 412, 412, 412, 412, 412, 412]);
    }
}

pub(crate) async fn one_of_many_updaters_wins(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("updated"));
    server.send("POST", &target, &[]).await.expect(201);
    for round in 0..5 {
        let before = server.send("GET", &target, &[]).await.expect(200);
        let guarded = ("if-match", before.etag());
        let statuses = at_once(backend, &target, guarded, round).await;
        assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
    }
}

/// The content is replaced again and again while it is read: what arrives has the tag that it says.
pub(crate) async fn a_reader_gets_what_its_precondition_was_evaluated_for(backend: &Backend) {
    use sha2::{Digest, Sha256};

    let (server, target) = (backend.serve().await, target("read"));
    server
        .send_content("POST", &target, &[], "0")
        .await
        .expect(201);
    let writer = async {
        for n in 1..20 {
            let content = n.to_string();
            server
                .send_content("POST", &target, &[], &content)
                .await
                .expect(200);
        }
    };
    let reader = async {
        for _ in 0..20 {
            let read = server
                .send("GET", &target, &[("If-Match", "*")])
                .await
                .expect(200);
            let digest = Sha256::digest(&read.content);
            let tag = format!("\"sha256:{}\"", hexadecimal(&digest));
            assert_eq!(read.etag(), tag);
        }
    };
    tokio::join!(writer, reader);
}

/// The content goes between the check and the read: the preconditions are evaluated again.
pub(crate) async fn a_writer_that_slips_in_is_noticed_by_readers(backend: &Backend) {
    let stale = "W/\"stale\"";
    for (number, (name, value, status)) in [
        ("if-match", TAG, 412),
        ("if-match", "*", 200),
        ("if-none-match", stale, 200),
        ("if-none-match", OTHER_TAG, 304),
        ("x-custom", "no precondition", 200),
    ]
    .into_iter()
    .enumerate()
    {
        let target = target(&format!("overtaken-{number}"));
        let post =
            |content: &'static str| Request::post(&target).body(Body::from(content)).unwrap();
        let counting = Counting::new(Arc::clone(&backend.objects));
        let app = app(Store::new(Arc::new(counting.clone())));
        app.clone().oneshot(post("content")).await.unwrap();
        counting.before_content(app.clone(), post("other"));
        let read = Request::get(&target).header(name, value);
        let read = app
            .oneshot(read.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(read.status(), status, "{name}: {value}");
        assert_eq!(read.headers()["etag"], OTHER_TAG);
        let content = to_bytes(read.into_body(), 1 << 10).await.unwrap();
        match status {
            200 => assert_eq!(content, "other"),
            304 => assert_eq!(content, ""),
            _ => assert!(content.starts_with(b"{")),
        }
    }
}

/// Content that was replaced is removed, but not from under a reader that has opened it.
pub(crate) async fn a_slow_reader_gets_all_of_what_was_replaced(backend: &Backend) {
    use futures_util::{StreamExt, TryStreamExt};

    let (server, target) = (backend.serve().await, target("slow"));
    let content = "content ".repeat(1 << 16);
    let stored = server.send_content("POST", &target, &[], &content);
    stored.await.expect(201);
    let app = app(backend.store());
    let read = Request::get(&target).body(Body::empty()).unwrap();
    let body = app.oneshot(read).await.unwrap().into_body();
    let mut frames = body.into_data_stream();
    let mut received = frames.next().await.unwrap().unwrap().to_vec();
    let replaced = server.send_content("POST", &target, &[], "new");
    replaced.await.expect(200);
    while let Some(frame) = frames.try_next().await.unwrap() {
        received.extend_from_slice(&frame);
    }
    assert!(received == content.as_bytes());
}
