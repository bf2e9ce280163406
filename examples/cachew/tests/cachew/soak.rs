//! Ten thousand writes to one key within an hour, which leave ten thousand versions: reads and
//! writes ask the store for what they asked for after ten.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, Response},
};
use example_cachew::{
    app,
    record::Record,
    store::{Store, entry, pointer},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::{ObjectStore, ObjectStoreExt, PutMode, path::Path};
use tower::ServiceExt;

use crate::{
    backend::{Backend, target},
    counting::Counting,
};

const KEY: &str = "soak";
const WRITES: u64 = 10_000;

async fn send(app: &Router, method: Method, field: Option<(&str, &str)>) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(target(KEY));
    if let Some((name, value)) = field {
        request = request.header(name, value);
    }
    let request = request.body(Body::from("content")).unwrap();
    app.clone().oneshot(request).await.unwrap()
}

/// What the store is asked for by a request of each kind.
async fn asked(app: &Router, counting: &Counting) -> Vec<(String, Vec<String>)> {
    let current = send(app, Method::HEAD, None).await.headers()["etag"].clone();
    let current = current.to_str().unwrap();
    let stale = Some(("if-match", "\"stale\""));
    let mut kinds = Vec::new();
    for (method, field, status) in [
        (Method::GET, None, 200),
        (Method::GET, Some(("if-match", current)), 200),
        (Method::GET, Some(("if-none-match", current)), 304),
        (Method::GET, stale, 412),
        (Method::HEAD, None, 200),
        (Method::HEAD, stale, 412),
        (Method::POST, stale, 412),
        (Method::DELETE, stale, 412),
        (Method::POST, Some(("if-match", current)), 200),
    ] {
        counting.asked();
        let kind = format!("{method} {status}");
        let response = send(app, method, field).await;
        assert_eq!(response.status(), status);
        to_bytes(response.into_body(), 1 << 10).await.unwrap();
        kinds.push((kind, counting.asked()));
    }
    kinds
}

async fn count(objects: &dyn ObjectStore, directory: &str) -> usize {
    let listed = objects.list(Some(&Path::from(directory)));
    let listed: Vec<_> = listed.try_collect().await.unwrap();
    listed.len()
}

/// Of this many writes one is made by a request. Of the others only what a write leaves once it is
/// replaced is put: its version.
async fn soak(backend: &Backend, by_request: u64) {
    let counting = Counting::new(Arc::clone(&backend.objects));
    let app = app(Store::new(Arc::new(counting.clone())));
    let (mut first, mut written) = (None, 0);
    for target in [10, 100, 1_000, WRITES] {
        while written < target {
            let others = (target - written).min(by_request) - 1;
            if others > 0 {
                put_versions(backend, written, others).await;
            }
            let response = send(&app, Method::POST, None).await;
            assert!(response.status().is_success());
            written += others + 1;
        }
        let asked = asked(&app, &counting).await;
        written += 1;
        let numbers: Vec<_> = (asked.iter())
            .map(|(kind, asked)| format!("{kind}: {}", asked.len()))
            .collect();
        println!("after {target} writes, requests: {}", numbers.join(", "));
        let first = first.get_or_insert_with(|| asked.clone());
        assert_eq!(asked, *first, "after {target} writes");

        let objects = &*backend.objects;
        assert_eq!(count(objects, "content").await, 1);
        assert_eq!(count(objects, "newest").await, 1);
        // Within an hour none of them goes.
        assert_eq!(count(objects, "entries").await as u64, written);
    }
    for (kind, asked) in first.unwrap() {
        assert!(asked.len() <= 16, "{kind}: {asked:?}");
        assert!(!asked.contains(&"list entries".to_owned()), "{kind}");
        let is_read = kind.starts_with("GET") || kind.starts_with("HEAD");
        assert!(!is_read || asked.len() <= 9, "{kind}: {asked:?}");
    }
}

/// Puts so many versions after this one, and says where they are.
async fn put_versions(backend: &Backend, last: u64, number: u64) {
    let record: Record = match backend.objects.get(&entry(KEY, last)).await {
        Ok(object) => serde_json::from_slice(&object.bytes().await.unwrap()).unwrap(),
        Err(_) => Record::default(),
    };
    let newest = last + number;
    let puts = stream::iter(last + 1..=newest).map(|version| {
        let record = Record {
            id: version.to_string(),
            ..record.clone()
        };
        let json = serde_json::to_vec(&record).unwrap();
        let (location, mode) = (entry(KEY, version), PutMode::Create.into());
        async move {
            let put = backend.objects.put_opts(&location, json.into(), mode);
            put.await.unwrap();
        }
    });
    puts.buffer_unordered(8).collect::<()>().await;
    let numbers = format!("{newest} 1");
    backend.put(pointer(KEY).as_ref(), numbers).await;
}

#[tokio::test]
async fn reads_stay_flat_in_memory() {
    soak(&Backend::memory(), 1).await;
}

#[tokio::test]
#[ignore = "needs half a minute"]
async fn reads_stay_flat_on_a_disk() {
    soak(&Backend::disk(), 1).await;
}

/// The server of `.ci/run` takes some 30 ms for all that a write does, and would take five minutes.
#[tokio::test]
#[ignore = "needs an S3 server"]
async fn reads_stay_flat_in_a_bucket() {
    soak(&Backend::s3().await, 100).await;
}
