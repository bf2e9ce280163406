//! Who waits for whom, and for how long.

use std::{future::pending, sync::atomic::Ordering, time::Duration};

use http::Method;
use http_body_util::BodyExt;
use tokio_test::task;
use tower::Layer;
use tower_conditional::{
    ConditionalLayer, Decision, EntityTag,
    lock::{KeyedLock, WriteLock},
    ready_fn,
};

use crate::support::{Resource, boxed, put, request, send, settle, spawn};

#[test]
fn a_write_waits_for_the_one_before_it() {
    let resource = Resource::gated();
    let app = resource.service(WriteLock::new());
    let mut first = spawn(&app, put("/a", 1));
    let mut second = spawn(&app, put("/a", 1));
    assert!(settle(&mut first).is_none() && settle(&mut second).is_none());
    assert_eq!(resource.running(), 1);
    assert_eq!(
        resource.asked.load(Ordering::SeqCst),
        1,
        "not before the lock is held"
    );

    resource.gate.add_permits(1);
    assert_eq!(settle(&mut first).unwrap().status(), 200);
    // It would have been true when the request came.
    assert_eq!(settle(&mut second).unwrap().status(), 412);
    assert_eq!(resource.version(), 2);
    assert_eq!(resource.most.load(Ordering::SeqCst), 1);
}

#[test]
fn without_a_lock_both_pass_and_one_is_lost() {
    let resource = Resource::gated();
    let layer = ConditionalLayer::new(resource.source());
    let app = boxed(layer.layer(resource.handler()));
    let mut writes = [spawn(&app, put("/a", 1)), spawn(&app, put("/a", 1))];
    assert!(writes.iter_mut().all(|write| settle(write).is_none()));
    resource.gate.add_permits(2);
    for write in &mut writes {
        assert_eq!(settle(write).unwrap().status(), 200);
    }
    assert_eq!(resource.version(), 2, "of two writes");
}

#[test]
fn an_unconditional_write_waits_too() {
    let resource = Resource::gated();
    let layer = ConditionalLayer::new(resource.source()).lock(WriteLock::new());
    let app = boxed(layer.layer(resource.handler()));
    let methods = [Method::PUT, Method::POST, Method::PATCH, Method::DELETE];
    let mut first = spawn(&app, put("/a", 1));
    assert!(settle(&mut first).is_none());
    for method in methods {
        let mut other = spawn(&app, request(method, "/a", None));
        assert!(settle(&mut other).is_none());
        assert_eq!(resource.running(), 1);
    }
}

#[test]
fn reads_never_wait() {
    let resource = Resource::gated();
    let app = resource.service(WriteLock::new());
    let mut write = spawn(&app, put("/a", 1));
    assert!(settle(&mut write).is_none());
    let query = Method::from_bytes(b"QUERY").unwrap();
    for method in [
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::TRACE,
        query,
    ] {
        let mut read = spawn(&app, request(method.clone(), "/a", None));
        assert_eq!(settle(&mut read).unwrap().status(), 200, "{method}");
    }
    let mut read = request(Method::GET, "/a", None);
    read.headers_mut()
        .insert("if-none-match", "\"1\"".parse().unwrap());
    assert_eq!(settle(&mut spawn(&app, read)).unwrap().status(), 304);
}

#[test]
fn writes_are_served_in_turn() {
    let resource = Resource::gated();
    let app = resource.service(WriteLock::new());
    let mut writes: Vec<_> = (1..=5).map(|tag| spawn(&app, put("/a", tag))).collect();
    for write in &mut writes {
        assert!(settle(write).is_none());
    }
    for (turn, tag) in (0..5).zip(1..) {
        resource.gate.add_permits(1);
        let response = settle(&mut writes[turn]).unwrap();
        assert_eq!(response.status(), 200, "each is based on the one before it");
        assert_eq!(resource.version(), tag + 1);
        for write in &mut writes[turn + 1..] {
            if write.is_woken() {
                assert!(settle(write).is_none());
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_too_long_gets_503_and_writes_nothing() {
    let resource = Resource::gated();
    let lock = WriteLock::new()
        .timeout(|| tokio::time::sleep(Duration::from_secs(5)))
        .retry_after(Duration::from_secs(7));
    let app = resource.service(lock);
    let mut first = task::spawn(send(&app, put("/a", 1)));
    while resource.running() == 0 {
        assert!(first.poll().is_pending());
    }
    let refused = send(&app, put("/a", 1)).await;
    assert_eq!(refused.status(), 503);
    assert_eq!(refused.headers()["retry-after"], "7");
    assert_eq!(refused.headers()["cache-control"], "no-store");
    assert_eq!(refused.extensions().get(), Some(&Decision::Busy));
    let content = refused.into_body().collect().await.unwrap().to_bytes();
    assert!(content.starts_with(b"{\"title\":\"Service Unavailable\",\"status\":503,\"detail\""));
    assert_eq!(resource.version(), 1);
    assert_eq!(resource.most.load(Ordering::SeqCst), 1);

    // The one that held the lock is not disturbed, and the next one gets it.
    resource.gate.add_permits(2);
    assert_eq!(first.await.status(), 200);
    assert_eq!(send(&app, put("/a", 2)).await.status(), 200);
}

#[test]
fn the_time_limit_is_for_waiting_only() {
    let resource = Resource::gated();
    let app = resource.service(WriteLock::new().timeout(|| std::future::ready(())));
    let mut write = spawn(&app, put("/a", 1));
    assert!(
        settle(&mut write).is_none(),
        "the lock was free, and the handler takes its time"
    );
    let refused = settle(&mut spawn(&app, put("/a", 1))).unwrap();
    assert_eq!((refused.status().as_u16(), resource.version()), (503, 1));
    let never = resource.service(WriteLock::new().timeout(pending::<()>));
    assert!(settle(&mut spawn(&never, put("/a", 1))).is_none());
}

#[test]
fn a_closure_of_the_application_makes_the_503() {
    let keys = KeyedLock::new();
    let lock = WriteLock::held_by(keys.clone()).timeout(|| std::future::ready(()));
    let layer = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(1)))
        .lock(lock)
        .respond_with(|refusal| {
            assert_eq!(refusal.decision(), Decision::Busy);
            http::Response::builder()
                .status(423)
                .body("locked")
                .unwrap()
        });
    let resource = Resource::open();
    let app = boxed(layer.layer(resource.handler()));
    let held = tokio_test::block_on(keys.lock(b"a"));
    let refused = settle(&mut spawn(&app, put("/a", 1))).unwrap();
    assert_eq!((refused.status().as_u16(), resource.version()), (423, 1));
    assert!(
        !refused.headers().contains_key("retry-after"),
        "the response is the closure's"
    );
    drop(held);
    assert_eq!(
        settle(&mut spawn(&app, put("/a", 1))).unwrap().status(),
        200
    );
}

/// The inner layer would wait for the outer one, and never end.
#[test]
fn nested_layers_with_one_lock_do_not_wait_for_each_other() {
    let resource = Resource::open();
    let lock = WriteLock::new();
    let inner = ConditionalLayer::new(resource.source())
        .lock(lock.clone())
        .layer(resource.handler());
    let outer = ConditionalLayer::new(resource.source())
        .lock(lock)
        .layer(inner);
    let outer = tower::util::MapResponse::new(outer, |response: http::Response<_>| {
        response.map(|_| Default::default())
    });
    let app = boxed(outer);
    let response = settle(&mut spawn(&app, put("/a", 1)));
    assert_eq!(response.unwrap().status(), 200);
    assert_eq!(resource.version(), 2);
}
