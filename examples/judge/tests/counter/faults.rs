//! Faults while writers run: no update is lost, no lock is stuck, nothing is written after a false
//! precondition, and readers get defined answers.

use std::time::Duration;

use axum::{Router, http::StatusCode};
use example_files::files;
use example_judge::race::counter::Counter;
use tokio::time::sleep;
use tower_conditional::lock::{KeyedLock, WriteLock};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

use crate::{
    support::{counted, counter, serve},
    vault::{Faults, vault},
};

/// Some of them go away within their content.
fn vanishing(counter: Counter) -> Counter {
    Counter {
        clients: 16,
        increments: 300,
        takes_turns: false,
        vanishing: 4,
        ..counter
    }
}

/// With a time limit for the lock and one for the request, and layers as in a real service.
async fn with(faults: Faults) -> (Counter, KeyedLock) {
    let keys = KeyedLock::new();
    let lock = WriteLock::held_by(keys.clone()).timeout(|| sleep(Duration::from_secs(5)));
    let limit = Duration::from_millis(100);
    let app: Router = vault(Some(lock), faults)
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            limit,
        ));
    let counter = counter(vec![serve(app).await], "/counter");
    (vanishing(counter), keys)
}

/// What is in progress when the last client is done ends soon.
async fn assert_nothing_is_held(keys: &KeyedLock) {
    for _ in 0..500 {
        if keys.is_empty() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("{keys:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_vanish() {
    let (counter, keys) = with(Faults::default()).await;
    counted(&counter).await.assert_nothing_is_lost();
    assert_nothing_is_held(&keys).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_vanish_while_files_are_written() {
    let directory = tempfile::tempdir().unwrap();
    let app = files(directory.path(), Duration::from_secs(10)).unwrap();
    let counter = vanishing(counter(vec![serve(app).await], "/counter"));
    let counted = counted(&counter).await;
    counted.assert_nothing_is_lost();
    assert_eq!(counted.unknown, 0);
    for _ in 0..500 {
        if std::fs::read_dir(directory.path()).unwrap().count() == 1 {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("halves of files are left");
}

#[tokio::test(flavor = "multi_thread")]
async fn handlers_panic() {
    let (counter, keys) = with(Faults {
        handler_panics: 5,
        ..Faults::default()
    })
    .await;
    let counted = counted(&counter).await;
    counted.assert_nothing_is_lost();
    assert!(counted.unknown > 0, "some have panicked");
    // A handler that panics has not written.
    assert_eq!(counted.value, counted.performed);
    assert_nothing_is_held(&keys).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_source_fails_hangs_and_panics() {
    let (counter, keys) = with(Faults {
        source_fails: 7,
        source_hangs: 101,
        source_panics: 31,
        ..Faults::default()
    })
    .await;
    let counted = counted(&counter).await;
    counted.assert_nothing_is_lost();
    assert!(counted.unknown > 0, "some were answered 503 or 504");
    assert_nothing_is_held(&keys).await;
}
