//! Clients that read, add one and write, and begin again after a 412.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use http::Method;
use tokio::task::{JoinSet, yield_now};
use tower::Layer;
use tower_conditional::{ConditionalLayer, EntityTag, lock::WriteLock, ready_fn};

use crate::support::{App, Body, boxed, request, send};

/// A counter whose handler reads the new value from the request, and just writes it. The tag is the
/// value.
fn counter(value: &Arc<AtomicU64>, lock: Option<WriteLock>) -> App {
    let kept = value.clone();
    let handler = tower::service_fn(move |request: http::Request<()>| {
        let value = kept.clone();
        async move {
            if request.method() == Method::PUT {
                let new = request.uri().query().unwrap().parse().unwrap();
                yield_now().await;
                value.store(new, Ordering::SeqCst);
            }
            Ok::<_, std::convert::Infallible>(http::Response::new(Body::default()))
        }
    });
    let value = value.clone();
    let source = ready_fn(move |_| EntityTag::from_version(value.load(Ordering::SeqCst)));
    let mut layer = ConditionalLayer::new(source);
    if let Some(lock) = lock {
        layer = layer.lock(lock);
    }
    boxed(layer.layer(handler))
}

/// Returns the number of 2xx, and what was lost.
async fn run(lock: Option<WriteLock>, clients: usize, increments: u64) -> (u64, u64) {
    let value = Arc::new(AtomicU64::new(0));
    let left = Arc::new(AtomicU64::new(increments));
    let app = counter(&value, lock);
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let (app, left) = (app.clone(), left.clone());
        tasks.spawn(async move {
            let mut done = 0;
            let take = |left: u64| left.checked_sub(1);
            while left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, take)
                .is_ok()
            {
                loop {
                    let read = send(&app, request(Method::GET, "/counter", None)).await;
                    let tag: EntityTag = read.headers()["etag"].to_str().unwrap().parse().unwrap();
                    let seen: u64 = tag.version().unwrap();
                    let target = format!("/counter?{}", seen + 1);
                    let written = send(&app, request(Method::PUT, &target, Some(seen))).await;
                    match written.status().as_u16() {
                        200 => break,
                        412 => yield_now().await,
                        status => panic!("{status}"),
                    }
                }
                done += 1;
            }
            done
        });
    }
    let done: u64 = tasks.join_all().await.into_iter().sum();
    assert_eq!(done, increments);
    (done, done - value.load(Ordering::SeqCst).min(done))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_the_lock_no_increment_is_lost() {
    let (done, lost) = run(Some(WriteLock::new()), 64, 10_000).await;
    assert_eq!((done, lost), (10_000, 0));
}

/// The same test can fail: without the lock it does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_lock_increments_are_lost() {
    let (_, lost) = run(None, 64, 10_000).await;
    assert!(lost > 0);
}
