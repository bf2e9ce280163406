//! The lock, around a handler that just writes into memory.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    http::{StatusCode, request::Parts},
    response::IntoResponse,
    routing::get,
};
use example_judge::race::counter::Counter;
use tokio::time::sleep;
use tower_conditional::{
    ConditionalLayer, EntityTag, Requirement, Selected, lock::WriteLock, source_fn,
};

use crate::support::{briefly, counted, counter, serve};

/// A version and a content.
pub(crate) type Vault = Arc<Mutex<(u64, Bytes)>>;

/// How often something goes wrong: every so many times. Zero is never.
#[derive(Clone, Copy, Default)]
pub(crate) struct Faults {
    pub(crate) handler_panics: u64,
    pub(crate) source_fails: u64,
    pub(crate) source_hangs: u64,
    pub(crate) source_panics: u64,
}

/// A service whose handler knows nothing of tags when it writes.
pub(crate) fn vault(lock: Option<WriteLock>, faults: Faults) -> Router {
    let vault = Vault::default();
    let (read, write) = (vault.clone(), vault.clone());
    let (looks, writes) = (Arc::new(AtomicU64::new(1)), Arc::new(AtomicU64::new(1)));
    let source = source_fn(move |_: &Parts| {
        let number = looks.fetch_add(1, Ordering::Relaxed);
        let vault = vault.clone();
        async move {
            let now = |every: u64| every > 0 && number % every == 0;
            assert!(!now(faults.source_panics), "as it was told");
            if now(faults.source_hangs) {
                std::future::pending::<()>().await;
            }
            if now(faults.source_fails) {
                return Err("as it was told");
            }
            let version = vault.lock().unwrap().0;
            Ok(match version {
                0 => Selected::Missing,
                _ => EntityTag::from_version(version).into(),
            })
        }
    });
    let mut layer = ConditionalLayer::new(source).require(Requirement::WRITES);
    if let Some(lock) = lock {
        layer = layer.lock(lock);
    }
    let read = move || async move {
        let (version, content) = read.lock().unwrap().clone();
        match version {
            0 => StatusCode::NOT_FOUND.into_response(),
            _ => {
                let tag = EntityTag::from_version(version).to_string();
                ([("etag", tag)], content).into_response()
            }
        }
    };
    let write = move |content: Bytes| async move {
        let old = write.lock().unwrap().0;
        // Time for another writer to slip in.
        sleep(Duration::from_micros(200)).await;
        let number = writes.fetch_add(1, Ordering::Relaxed);
        let panics = faults.handler_panics > 0 && number % faults.handler_panics == 0;
        assert!(!panics, "as it was told");
        *write.lock().unwrap() = (old + 1, content);
        StatusCode::NO_CONTENT
    };
    Router::new().route("/counter", get(read).put(write).route_layer(layer))
}

#[tokio::test(flavor = "multi_thread")]
async fn under_the_lock_no_increment_is_lost() {
    lose_nothing(500).await;
}

pub(crate) async fn lose_nothing(increments: u64) {
    let app = vault(Some(WriteLock::new()), Faults::default());
    let counter = counter(vec![serve(app).await], "/counter");
    let counted = counted(&Counter {
        increments,
        ..counter
    })
    .await;
    counted.assert_nothing_is_lost();
    assert_eq!(counted.unknown, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_lock_increments_are_lost() {
    let app = vault(None, Faults::default());
    let counter = counter(vec![serve(app).await], "/counter");
    counted(&briefly(counter)).await.assert_updates_are_lost();
}
