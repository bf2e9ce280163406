//! cachew's store: a conditional put, on disk and in a bucket.

use std::sync::Arc;

use axum::Router;
use example_cachew::{app, open::open, store::Store};
use example_judge::race::counter::Counter;

use crate::{
    bucket::bucket,
    support::{briefly, counted, counter, serve},
};
use example_support::unguarded::unguarded;

/// An object that is replaced by POST.
async fn object(app: Router, key: &str) -> Counter {
    let path = format!("/api/v1/object/{key}");
    Counter {
        method: "POST",
        ..counter(vec![serve(app).await], &path)
    }
}

fn cachew(url: &str, options: &[(&str, &str)]) -> Router {
    let options = options
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    app(Arc::new(Store::new(
        open(&url.parse().unwrap(), options).unwrap(),
    )))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_increment_on_disk_is_lost() {
    lose_nothing(500).await;
}

pub(crate) async fn lose_nothing(increments: u64) {
    let directory = tempfile::tempdir().unwrap();
    let app = cachew(&format!("file://{}", directory.path().display()), &[]);
    let counter = object(app, "on-disk").await;
    let counted = counted(&Counter {
        increments,
        ..counter
    })
    .await;
    counted.assert_nothing_is_lost();
    assert_eq!(counted.unknown, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_check_and_then_a_write_increments_on_disk_are_lost() {
    let directory = tempfile::tempdir().unwrap();
    let app = unguarded(cachew(
        &format!("file://{}", directory.path().display()),
        &[],
    ));
    counted(&briefly(object(app, "on-disk").await))
        .await
        .assert_updates_are_lost();
}

/// A service on a new bucket of moto. `CACHEW_TEST_S3` is its URL.
async fn in_moto() -> Router {
    let endpoint = std::env::var("CACHEW_TEST_S3").expect("the URL of an S3 server");
    let bucket = format!(
        "counter-{}-{:?}",
        std::process::id(),
        std::time::Instant::now()
    );
    let bucket: String = bucket.chars().filter(char::is_ascii_alphanumeric).collect();
    let bucket = bucket.to_lowercase();
    let created = reqwest::Client::new()
        .put(format!("{endpoint}/{bucket}"))
        .send()
        .await;
    assert!(created.unwrap().status().is_success());
    cachew(
        &format!("s3://{bucket}/some/prefix"),
        &[
            ("aws_endpoint", &endpoint),
            ("aws_allow_http", "true"),
            ("aws_region", "us-east-1"),
            ("aws_access_key_id", "test"),
            ("aws_secret_access_key", "test"),
        ],
    )
}

/// A service on a bucket in memory.
fn in_a_bucket(honours_conditions: bool) -> Router {
    app(Arc::new(Store::new(bucket(honours_conditions))))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_increment_in_a_bucket_in_memory_is_lost() {
    lose_nothing_in_a_bucket(200).await;
}

pub(crate) async fn lose_nothing_in_a_bucket(increments: u64) {
    let counter = Counter {
        increments,
        ..object(in_a_bucket(true), "in-a-bucket").await
    };
    let counted = counted(&counter).await;
    counted.assert_nothing_is_lost();
    assert_eq!(counted.unknown, 0);
}

/// The guard is the put-if-absent of the store.
#[tokio::test(flavor = "multi_thread")]
async fn in_a_bucket_that_honours_no_condition_increments_are_lost() {
    let counter = briefly(object(in_a_bucket(false), "without-conditions").await);
    counted(&counter).await.assert_updates_are_lost();
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_check_and_then_a_write_increments_in_a_bucket_in_memory_are_lost() {
    let counter = briefly(object(unguarded(in_a_bucket(true)), "in-a-bucket").await);
    counted(&counter).await.assert_updates_are_lost();
}

/// It answers one request at a time, so it gets fewer increments.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an S3 server"]
async fn no_increment_in_a_bucket_is_lost() {
    let counter = Counter {
        increments: 150,
        ..object(in_moto().await, "in-moto").await
    };
    counted(&counter).await.assert_nothing_is_lost();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an S3 server"]
async fn with_a_check_and_then_a_write_increments_in_a_bucket_are_lost() {
    let counter = Counter {
        clients: 8,
        increments: 60,
        takes_turns: false,
        ..object(unguarded(in_moto().await), "in-moto").await
    };
    counted(&counter).await.assert_updates_are_lost();
}
