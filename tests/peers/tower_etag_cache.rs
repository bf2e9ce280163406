//! tower-etag-cache 0.1.

use std::{
    convert::Infallible,
    future::pending,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, request::Parts};
use http_body::{Body, Frame};
use tokio_test::{assert_pending, block_on, task};
use tower::{Service, ServiceExt, service_fn};
use tower_conditional::{Conditional, EntityTag, ready_fn, source_fn};

use crate::support::{DATE, Site, both};

// A hit never reached the handler, and nothing was invalidated, so a stale 304 was permanent.
#[test]
fn answers_a_permanent_304() {
    let version = Arc::new(AtomicU64::new(1));
    let current = Arc::clone(&version);
    let source = ready_fn(move |_: &Parts| EntityTag::from_version(current.load(Ordering::SeqCst)));
    let handler =
        service_fn(|_: Request<()>| async { Ok::<_, Infallible>(Response::new(String::new())) });
    let service = Conditional::new(handler, source);
    for (now, status) in [(1, 304), (2, 200), (1, 304)] {
        version.store(now, Ordering::SeqCst);
        let get = Request::get("/")
            .header("if-none-match", "\"1\"")
            .body(())
            .unwrap();
        assert_eq!(
            block_on(service.clone().oneshot(get)).unwrap().status(),
            status
        );
    }
}

// ETag had no quotes, and Last-Modified had the date format of email.
#[test]
fn sends_malformed_validators() {
    let response = Site::of(both()).send(Request::get("/")).response;
    assert_eq!(response.headers()["etag"], "\"1\"");
    assert_eq!(response.headers()["last-modified"], DATE);
}

// A HEAD without content overwrote the tag of the GET.
#[test]
fn gives_head_a_tag_of_its_own() {
    let site = Site::of(both());
    let get = site.send(Request::get("/")).response;
    let head = site.send(Request::head("/")).response;
    assert_eq!(get.headers(), head.headers());
    assert_eq!(
        site.status(Request::head("/").header("if-none-match", "\"1\"")),
        304
    );
}

// Lists and `*` were not supported.
#[test]
fn knows_one_tag_only() {
    for value in ["\"0\", \"1\"", "*", "W/\"1\""] {
        let get = Request::get("/").header("if-none-match", value);
        assert_eq!(Site::of(both()).status(get), 304, "{value}");
    }
}

/// Content that never arrives.
struct Endless;

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

// A single actor read whole bodies in its loop, so a slow body delayed all requests.
#[test]
fn waits_for_the_body_of_a_response() {
    let handler =
        service_fn(|_: Request<()>| async { Ok::<_, Infallible>(Response::new(Endless)) });
    let service = Conditional::new(handler, ready_fn(|_: &Parts| both()));
    for _ in 0..2 {
        let get = Request::get("/").body(()).unwrap();
        assert_eq!(
            block_on(service.clone().oneshot(get)).unwrap().status(),
            200
        );
    }
}

// A future that was dropped early leaked the request.
#[test]
fn leaks_the_request_of_a_dropped_future() {
    let handler = service_fn(|_: Request<Arc<()>>| async {
        Ok::<_, Infallible>(Response::new(String::new()))
    });
    let mut service = Conditional::new(handler, source_fn(|_: &Parts| pending::<EntityTag>()));
    let body = Arc::new(());
    let get = Request::get("/").body(Arc::clone(&body)).unwrap();
    drop(service.call(get));
    assert_eq!(Arc::strong_count(&body), 1, "never polled");

    let get = Request::get("/").body(Arc::clone(&body)).unwrap();
    let mut response = task::spawn(service.call(get));
    assert_pending!(response.poll());
    drop(response);
    assert_eq!(Arc::strong_count(&body), 1, "polled once");
}

// `poll_ready` was always ready, so outer layers could not shed load.
#[test]
fn hides_backpressure() {
    let (mock, mut handle) = tower_test::mock::pair::<Request<()>, Response<String>>();
    handle.allow(0);
    let mut service = task::spawn(Conditional::new(mock, ready_fn(|_: &Parts| both())));
    assert_pending!(service.enter(|context, mut service| service.poll_ready(context)));
}
