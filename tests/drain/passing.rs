//! What passes untouched: requests without content, upgrades, readiness.

use std::{
    convert::Infallible,
    future::{pending, ready},
};

use bytes::Bytes;
use futures_util::FutureExt;
use http::{Method, Request, Response};
use http_body::Body;
use http_body_util::{Empty, Full};
use tokio_test::{assert_pending, assert_ready_err, assert_ready_ok};
use tower::{Layer, Service, service_fn};
use tower_conditional::drain::{DrainBody, DrainLayer};
use tower_test::mock;

use crate::support::{Incoming, Step, Steps, put};

#[test]
fn a_request_without_content_is_not_waited_for() {
    let layer = DrainLayer::new().timeout(|| -> std::future::Pending<()> {
        unreachable!("nothing is read");
    });
    let handler = service_fn(|request: Request<DrainBody<Empty<Bytes>>>| {
        assert!(request.body().is_end_stream());
        assert_eq!(request.body().size_hint().exact(), Some(0));
        ready(Ok::<_, Infallible>(Response::new(())))
    });
    let request = Request::get("/").body(Empty::new()).unwrap();
    let response = layer.layer(handler).call(request).now_or_never();
    assert!(response.unwrap().unwrap().headers().is_empty());
}

#[test]
fn size_hints_pass() {
    let handler = service_fn(|request: Request<DrainBody<Full<Bytes>>>| {
        assert!(!request.body().is_end_stream());
        assert_eq!(request.body().size_hint().exact(), Some(7));
        ready(Ok::<_, Infallible>(Response::new(())))
    });
    let request = Request::put("/").body(Full::from("content")).unwrap();
    let response = DrainLayer::new().layer(handler).call(request);
    response.now_or_never().unwrap().unwrap();
}

// What follows belongs to the other protocol.
#[test]
fn upgrades_pass() {
    for (method, status) in [(Method::CONNECT, 200), (Method::GET, 101)] {
        for connection in [None, Some("upgrade")] {
            let body = Steps::new([Step::Data(3), Step::Stall]);
            let fate = body.fate();
            let mut request = put(body);
            *request.method_mut() = method.clone();
            let handler = service_fn(move |_: Incoming| {
                let mut response = Response::builder().status(status);
                if let Some(connection) = connection {
                    response = response.header("connection", connection);
                }
                ready(Ok::<_, Infallible>(response.body(()).unwrap()))
            });
            let response = DrainLayer::new().layer(handler).call(request);
            let response = response.now_or_never().expect("a response at once");
            let response = response.unwrap();
            assert_eq!(response.status(), status);
            let lines = response.headers().get_all("connection").iter();
            assert!(lines.eq(connection.iter()));
            assert_eq!(fate.polls(), 0);
        }
    }
}

#[tokio::test]
async fn readiness_is_the_inner_services() {
    type Mock = mock::Mock<Incoming, Response<()>>;
    let (mut service, mut handle) = mock::spawn_with(|inner: Mock| DrainLayer::new().layer(inner));
    handle.allow(0);
    assert_pending!(service.poll_ready());
    handle.allow(1);
    assert_ready_ok!(service.poll_ready());
    let response = service.call(put(Steps::new([Step::Data(3)])));
    let (request, send) = handle.next_request().await.unwrap();
    drop(request);
    send.send_response(Response::new(()));
    assert_eq!(response.await.unwrap().status(), 200);
    handle.send_error("not ready");
    assert_ready_err!(service.poll_ready());
}

#[test]
fn a_body_by_default_belongs_to_no_layer() {
    let body = DrainBody::<Full<Bytes>>::default();
    assert!(body.is_end_stream());
}

// A layer is shared by all connections, and its future moves between threads.
#[test]
fn auto_traits_are_those_of_the_parts() {
    fn all_three<T: Send + Sync + Unpin>(_: &T) {}
    fn is_send<T: Send>(_: &T) {}
    let layer = DrainLayer::new().timeout(|| async { pending::<()>().await });
    all_three(&layer);
    let handler = |request: Request<DrainBody<axum::body::Body>>| async {
        drop(request);
        Ok::<_, Infallible>(Response::new(()))
    };
    let mut service = layer.layer(service_fn(handler));
    all_three(&service);
    is_send(&service.call(Request::new(axum::body::Body::empty())));
    all_three(&DrainBody::<Full<Bytes>>::default());
}
