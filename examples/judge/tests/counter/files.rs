//! A directory of files, under the lock.

use std::time::Duration;

use example_files::files;
use example_judge::race::counter::Counter;

use crate::support::{briefly, counted, counter, serve};
use example_support::unguarded::unguarded;

const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn no_increment_of_a_file_is_lost() {
    lose_nothing(500).await;
}

pub(crate) async fn lose_nothing(increments: u64) {
    let directory = tempfile::tempdir().unwrap();
    let app = files(directory.path(), PATIENCE).unwrap();
    let counter = counter(vec![serve(app).await], "/file");
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
    let directory = tempfile::tempdir().unwrap();
    let app = unguarded(files(directory.path(), PATIENCE).unwrap());
    let counter = counter(vec![serve(app).await], "/file");
    counted(&briefly(counter)).await.assert_updates_are_lost();
}
