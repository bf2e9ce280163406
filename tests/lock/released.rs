//! The lock is released whatever becomes of the request.

use std::{
    convert::Infallible,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
};

use http::{Method, Request, Response, StatusCode, request::Parts};
use tower::Layer;
use tower_conditional::{
    ConditionalLayer, EntityTag, Selected,
    lock::{KeyedLock, WriteLock},
    source_fn,
};

use crate::support::{App, Body, Resource, boxed, put, request, settle, spawn};

fn locked(resource: &Resource) -> (App, KeyedLock) {
    let keys = KeyedLock::new();
    (resource.service(WriteLock::held_by(keys.clone())), keys)
}

#[test]
fn when_the_request_is_cancelled_while_it_waits() {
    let resource = Resource::gated();
    let (app, keys) = locked(&resource);
    let mut first = spawn(&app, put("/a", 1));
    assert!(settle(&mut first).is_none());
    let mut second = spawn(&app, put("/a", 1));
    assert!(settle(&mut second).is_none());
    let mut third = spawn(&app, put("/a", 2));
    assert!(settle(&mut third).is_none());
    drop(second);
    resource.gate.add_permits(2);
    assert_eq!(settle(&mut first).unwrap().status(), 200);
    assert_eq!(settle(&mut third).unwrap().status(), 200);
    assert!(keys.is_empty());
}

/// The lock was handed to a request that goes away before it is polled again.
#[test]
fn when_the_request_is_cancelled_after_it_was_woken() {
    let resource = Resource::gated();
    let (app, keys) = locked(&resource);
    let mut first = spawn(&app, put("/a", 1));
    assert!(settle(&mut first).is_none());
    let mut second = spawn(&app, put("/a", 1));
    let mut third = spawn(&app, put("/a", 2));
    assert!(settle(&mut second).is_none() && settle(&mut third).is_none());
    resource.gate.add_permits(2);
    assert_eq!(settle(&mut first).unwrap().status(), 200);
    assert!(second.is_woken());
    drop(second);
    assert!(third.is_woken(), "the lock is handed on");
    assert_eq!(settle(&mut third).unwrap().status(), 200);
    assert!(keys.is_empty());
}

#[test]
fn when_the_request_is_cancelled_in_the_handler() {
    let resource = Resource::gated();
    let (app, keys) = locked(&resource);
    let mut first = spawn(&app, put("/a", 1));
    assert!(settle(&mut first).is_none());
    assert_eq!(resource.running(), 1);
    drop(first);
    assert!(keys.is_empty());
    resource.gate.add_permits(1);
    assert_eq!(
        settle(&mut spawn(&app, put("/a", 1))).unwrap().status(),
        200
    );
    assert_eq!(resource.version(), 2);
}

/// A handler may still write when it is dropped, for example by a rollback.
#[test]
fn after_the_handler_is_gone() {
    struct Last(KeyedLock, Arc<Mutex<Vec<usize>>>);
    impl Drop for Last {
        fn drop(&mut self) {
            self.1.lock().unwrap().push(self.0.len());
        }
    }
    let keys = KeyedLock::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    for ends in [false, true] {
        let (kept, noted) = (keys.clone(), seen.clone());
        let handler = tower::service_fn(move |_: Request<()>| {
            let last = Last(kept.clone(), noted.clone());
            // A future that keeps what it has until it is dropped, as that of a timeout does.
            std::future::poll_fn(move |_| {
                let _ = &last;
                match ends {
                    true => std::task::Poll::Ready(Ok(Response::new(Body::default()))),
                    false => std::task::Poll::Pending::<Result<_, Infallible>>,
                }
            })
        });
        let resource = Resource::open();
        let layer = ConditionalLayer::new(resource.source()).lock(WriteLock::held_by(keys.clone()));
        let app = boxed(layer.layer(handler));
        let mut write = spawn(&app, put("/a", 1));
        assert_eq!(settle(&mut write).is_some(), ends);
        drop(write);
        assert!(keys.is_empty());
    }
    assert_eq!(
        *seen.lock().unwrap(),
        [1, 1],
        "the key was held when the handler went"
    );
}

#[test]
fn when_the_handler_panics() {
    let resource = Resource::open().acting(|head| {
        assert!(!head.headers.contains_key("panics"), "as it was told");
        Response::new(Body::default())
    });
    let (app, keys) = locked(&resource);
    let mut request = put("/a", 1);
    request
        .headers_mut()
        .insert("panics", "yes".parse().unwrap());
    let mut write = spawn(&app, request);
    assert!(catch_unwind(AssertUnwindSafe(|| settle(&mut write))).is_err());
    // At once, even if the future is kept, as a layer that catches panics does.
    assert!(keys.is_empty());
    assert_eq!(
        settle(&mut spawn(&app, put("/a", 1))).unwrap().status(),
        200
    );
    drop(write);
}

#[test]
fn when_the_source_panics() {
    let keys = KeyedLock::new();
    let source = source_fn(|head: &Parts| {
        let panics = head.uri.query() == Some("panics");
        async move {
            tokio::task::yield_now().await;
            assert!(!panics, "as it was told");
            Selected::from(EntityTag::from_version(1))
        }
    });
    let resource = Resource::open();
    let app = resource.with(source, WriteLock::held_by(keys.clone()));
    let mut write = spawn(&app, put("/a?panics", 1));
    assert!(catch_unwind(AssertUnwindSafe(|| settle(&mut write))).is_err());
    assert!(keys.is_empty());
    assert_eq!(resource.version(), 1);
    assert_eq!(
        settle(&mut spawn(&app, put("/a", 1))).unwrap().status(),
        200
    );
}

#[test]
fn when_the_request_is_refused_or_the_source_fails() {
    let resource = Resource::open();
    let (app, keys) = locked(&resource);
    for (tag, status) in [(None, 428), (Some(9), 412)] {
        let refused = settle(&mut spawn(&app, request(Method::PUT, "/a", tag)));
        assert_eq!(refused.unwrap().status(), status);
        assert!(keys.is_empty());
    }
    let failing = source_fn(|_: &Parts| async { Err::<Selected, _>("no connection") });
    let app = resource.with(failing, WriteLock::held_by(keys.clone()));
    assert_eq!(
        settle(&mut spawn(&app, put("/a", 1))).unwrap().status(),
        503
    );
    assert!(keys.is_empty());
    assert_eq!(resource.version(), 1);
}

#[test]
fn when_the_handler_fails() {
    let keys = KeyedLock::new();
    let handler = tower::service_fn(|_: Request<()>| async { Err::<Response<Body>, _>("broken") });
    let source = Resource::open().source();
    let lock = WriteLock::held_by(keys.clone());
    let service = ConditionalLayer::new(source).lock(lock).layer(handler);
    let response = tower::ServiceExt::oneshot(service, put("/a", 1));
    assert_eq!(tokio_test::block_on(response).unwrap_err(), "broken");
    assert!(keys.is_empty());

    let resource = Resource::open().answering(StatusCode::INTERNAL_SERVER_ERROR);
    let (app, keys) = locked(&resource);
    assert_eq!(
        settle(&mut spawn(&app, put("/a", 1))).unwrap().status(),
        500
    );
    assert!(keys.is_empty());
}
