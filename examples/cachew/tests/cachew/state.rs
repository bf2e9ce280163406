//! What there is of an entry, before and after a request that is to change nothing.

use std::future::Future;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use bytes::Bytes;
use example_cachew::{
    app,
    store::{content, entry, pointer},
};
use futures_util::TryStreamExt;
use object_store::path::Path;
use tower::ServiceExt;

use crate::backend::{Backend, target};

/// What a client sees, and what the store holds.
#[derive(Debug, PartialEq)]
struct State {
    status: StatusCode,
    headers: HeaderMap,
    content: Bytes,
    objects: Vec<(Path, u64)>,
}

async fn state(backend: &Backend, key: &str) -> State {
    let read = Request::get(target(key)).body(Body::empty()).unwrap();
    let response = app(backend.store()).oneshot(read).await.unwrap();
    let (mut head, body) = response.into_parts();
    // It is not sent before its second is over.
    head.headers.remove("last-modified");
    let mut objects = Vec::new();
    for object in [content(key, "x"), entry(key, 1), pointer(key)] {
        let directory: Path = object.parts().take(2).collect();
        let listed: Vec<_> = backend
            .objects
            .list(Some(&directory))
            .try_collect()
            .await
            .unwrap();
        objects.extend(listed.into_iter().map(|meta| (meta.location, meta.size)));
    }
    objects.sort();
    State {
        status: head.status,
        headers: head.headers,
        content: to_bytes(body, usize::MAX).await.unwrap(),
        objects,
    }
}

/// Makes requests that are to change nothing, and looks whether anything is different.
pub(crate) async fn unchanged<T>(
    backend: &Backend,
    key: &str,
    requests: impl Future<Output = T>,
) -> T {
    let before = state(backend, key).await;
    let outcome = requests.await;
    assert_eq!(state(backend, key).await, before);
    outcome
}
