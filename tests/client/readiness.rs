//! The instance that was polled ready is the one that is called; a dropped future drops all.

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Full;
use tokio_test::{assert_pending, assert_ready, assert_ready_ok};
use tower::Layer;
use tower_conditional::client::{
    ClientErrorReason, ConditionalClient, ConditionalClientLayer, Guard,
};
use tower_test::mock;

use crate::support::{get, put, request};

type Mock = mock::Mock<Request<Full<Bytes>>, Response<Full<Bytes>>>;
type Handle = mock::Handle<Request<Full<Bytes>>, Response<Full<Bytes>>>;

fn spawn(layer: ConditionalClientLayer) -> (mock::Spawn<ConditionalClient<Mock>>, Handle) {
    mock::spawn_with(|mock| layer.layer(mock))
}

fn tagged() -> Response<Full<Bytes>> {
    Response::builder()
        .header("etag", "\"1\"")
        .body(Full::default())
        .unwrap()
}

#[tokio::test]
async fn backpressure_is_passed_on() {
    let (mut client, mut handle) = spawn(ConditionalClientLayer::new());
    handle.allow(0);
    assert_pending!(client.poll_ready());
    handle.allow(1);
    assert_ready_ok!(client.poll_ready());
}

/// The mock panics when an instance is called that was not polled ready.
#[tokio::test]
async fn the_write_waits_until_the_service_is_ready_again() {
    let (mut client, mut handle) = spawn(ConditionalClientLayer::new().guard(Guard::ReadFirst));
    handle.allow(1);
    assert_ready_ok!(client.poll_ready());
    let mut response = tokio_test::task::spawn(client.call(put()));
    assert_pending!(response.poll());

    let (read, reply) = assert_ready!(handle.poll_request()).unwrap();
    assert_eq!(read.method(), Method::GET);
    reply.send_response(tagged());
    assert_pending!(response.poll());
    assert_pending!(handle.poll_request());

    handle.allow(1);
    assert!(response.is_woken());
    assert_pending!(response.poll());
    let (write, reply) = assert_ready!(handle.poll_request()).unwrap();
    assert_eq!(write.method(), Method::PUT);
    assert_eq!(write.headers()["if-match"], "\"1\"");
    reply.send_response(tagged());
    assert_eq!(assert_ready_ok!(response.poll()).status(), 200);
}

#[tokio::test]
async fn errors_of_the_service_are_passed_on() {
    let (mut client, mut handle) = spawn(ConditionalClientLayer::new().guard(Guard::ReadFirst));
    handle.allow(1);
    assert_ready_ok!(client.poll_ready());
    let mut response = tokio_test::task::spawn(client.call(put()));
    assert_pending!(response.poll());
    let (_, reply) = assert_ready!(handle.poll_request()).unwrap();
    reply.send_error("reset");
    let error = assert_ready!(response.poll()).unwrap_err();
    assert_eq!(error.inner().unwrap().to_string(), "reset");
    assert_eq!(error.reason(), ClientErrorReason::Inner);
    assert!(error.request().is_none());

    handle.send_error("closed");
    let error = assert_ready!(client.poll_ready()).unwrap_err();
    assert_eq!(error.into_inner().unwrap().to_string(), "closed");
}

#[tokio::test]
async fn a_dropped_future_cancels_and_what_was_known_stays() {
    let (mut client, mut handle) = spawn(ConditionalClientLayer::new());
    handle.allow(3);
    assert_ready_ok!(client.poll_ready());
    let mut response = tokio_test::task::spawn(client.call(get()));
    assert_pending!(response.poll());
    let (_, reply) = assert_ready!(handle.poll_request()).unwrap();
    reply.send_response(tagged());
    assert_ready_ok!(response.poll());

    assert_ready_ok!(client.poll_ready());
    let mut response = tokio_test::task::spawn(client.call(put()));
    assert_pending!(response.poll());
    let (write, _reply) = assert_ready!(handle.poll_request()).unwrap();
    assert_eq!(write.headers()["if-match"], "\"1\"");
    drop(response);

    // It may have reached the server: with the old tag the next one fails closed.
    assert_ready_ok!(client.poll_ready());
    let mut response =
        tokio_test::task::spawn(client.call(request(Method::PATCH, crate::support::DOC)));
    assert_pending!(response.poll());
    let (write, _reply) = assert_ready!(handle.poll_request()).unwrap();
    assert_eq!(write.headers()["if-match"], "\"1\"");
}

#[tokio::test]
async fn a_read_first_that_is_dropped_never_writes() {
    let (mut client, mut handle) = spawn(ConditionalClientLayer::new().guard(Guard::ReadFirst));
    handle.allow(5);
    assert_ready_ok!(client.poll_ready());
    let mut response = tokio_test::task::spawn(client.call(put()));
    assert_pending!(response.poll());
    let (_, reply) = assert_ready!(handle.poll_request()).unwrap();
    drop(response);
    reply.send_response(tagged());
    drop(client);
    assert!(assert_ready!(handle.poll_request()).is_none());
}
