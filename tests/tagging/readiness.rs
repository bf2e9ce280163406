//! Readiness, errors and cancellation.

use http::{Request, Response};
use tokio_test::{assert_pending, assert_ready, assert_ready_err, assert_ready_ok, task};
use tower::{Layer, Service, ServiceExt};
use tower_conditional::EtagLayer;
use tower_test::mock;

use crate::support::{HELLO_WORLD, Script, Step, field, get};

#[test]
fn the_instance_that_is_called_was_polled_ready() {
    let (service, mut handle) = mock::pair::<Request<()>, Response<Script>>();
    handle.allow(0);
    let mut layered = EtagLayer::new().layer(service);
    assert_pending!(task::spawn(layered.ready()).poll());
    handle.allow(1);
    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let mut answered = task::spawn(layered.call(get()));
    assert_pending!(answered.poll());
    let mut asked = task::spawn(handle.next_request());
    let (_, answer) = assert_ready!(asked.poll()).unwrap();
    let steps = [Step::Pending, Step::Data("hello, world")];
    answer.send_response(Response::new(Script::new(steps).exact(12)));
    assert_pending!(answered.poll());
    let response = assert_ready_ok!(answered.poll());
    assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));
}

#[test]
fn an_error_stays_the_error() {
    let (service, mut handle) = mock::pair::<Request<()>, Response<Script>>();
    let mut layered = EtagLayer::new().layer(service);
    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let mut answered = task::spawn(layered.call(get()));
    assert_pending!(answered.poll());
    let mut asked = task::spawn(handle.next_request());
    assert_ready!(asked.poll())
        .unwrap()
        .1
        .send_error("connection reset");
    let error = assert_ready_err!(answered.poll());
    assert_eq!(error.to_string(), "connection reset");
}

#[test]
fn dropping_the_response_drops_the_body_that_is_held_back() {
    let (service, mut handle) = mock::pair::<Request<()>, Response<Script>>();
    let mut layered = EtagLayer::new().layer(service);
    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let mut answered = task::spawn(layered.call(get()));
    assert_pending!(answered.poll());
    let mut asked = task::spawn(handle.next_request());
    let (_, answer) = assert_ready!(asked.poll()).unwrap();
    let body = Script::new([Step::Data("hello"), Step::Pending]).exact(12);
    let held = std::sync::Arc::downgrade(&body.taken);
    answer.send_response(Response::new(body));
    assert_pending!(answered.poll());
    assert!(held.upgrade().is_some());
    drop(answered);
    assert!(held.upgrade().is_none());
}
