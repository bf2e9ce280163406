//! Notes: compare-and-swap in SQLite. With PostgreSQL and several instances see
//! `examples/notes/tests/shared`.

use std::{path::Path, time::Duration};

use axum::Router;
use example_judge::race::counter::Counter;
use example_notes::{Store, notes};
use tempfile::TempDir;

use crate::support::{briefly, counted, counter, serve};
use example_support::unguarded::unguarded;

const NOTE: &str = r#"{"title":"{}","text":""}"#;

/// SQLite waits for the disk with each commit. Where memory is a directory it need not.
fn directory() -> TempDir {
    let memory = Path::new("/dev/shm");
    let parent = match memory.is_dir() {
        true => memory.to_owned(),
        false => std::env::temp_dir(),
    };
    tempfile::tempdir_in(parent).unwrap()
}

/// The service, on a database of its own.
async fn on_sqlite() -> (TempDir, Router) {
    let directory = directory();
    let url = format!("sqlite:{}", directory.path().join("notes.db").display());
    let store = Store::open(&url).await.unwrap();
    store.seed().await.unwrap();
    let app = notes(store, Duration::from_secs(60));
    (directory, Router::new().fallback_service(app))
}

async fn note(app: Router) -> Counter {
    Counter {
        template: NOTE,
        content_type: "application/json",
        ..counter(vec![serve(app).await], "/notes/1000000")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_increment_of_a_note_is_lost() {
    lose_nothing(500).await;
}

pub(crate) async fn lose_nothing(increments: u64) {
    let (_directory, app) = on_sqlite().await;
    let counter = note(app).await;
    let counted = counted(&Counter {
        increments,
        ..counter
    })
    .await;
    counted.assert_nothing_is_lost();
    assert_eq!(counted.unknown, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_check_and_then_a_write_increments_are_lost() {
    let (_directory, app) = on_sqlite().await;
    let counter = briefly(note(unguarded(app)).await);
    counted(&counter).await.assert_updates_are_lost();
}
