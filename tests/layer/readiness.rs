//! `poll_ready` polls the wrapped service, and exactly the instance that was polled is called.

use http::{Method, Request, Response, header::IF_NONE_MATCH, request::Parts};
use tokio::sync::watch;
use tokio_test::{assert_pending, assert_ready_err, assert_ready_ok, task};
use tower::{Layer, limit::ConcurrencyLimit};
use tower_conditional::{ConditionalLayer, EntityTag, ValidatorSource, ready_fn, source_fn};
use tower_test::mock;

use crate::support::{Handler, head};

type Body = String;
type Handle = mock::Handle<Request<Body>, Response<Body>>;
type Wrapped<V> =
    mock::Spawn<tower_conditional::Conditional<mock::Mock<Request<Body>, Response<Body>>, V>>;

fn wrap<V: ValidatorSource + Clone>(source: V) -> (Wrapped<V>, Handle) {
    mock::spawn_layer(ConditionalLayer::new(source))
}

fn get(tag: &'static str) -> Request<Body> {
    let mut head = head(Method::GET);
    if !tag.is_empty() {
        head.headers.insert(IF_NONE_MATCH, tag.parse().unwrap());
    }
    Request::from_parts(head, Body::new())
}

fn version_1(_: &Parts) -> EntityTag {
    EntityTag::from_version(1)
}

#[tokio::test]
async fn waits_for_the_wrapped_service() {
    let (mut service, mut handle) = wrap(ready_fn(version_1));
    handle.allow(0);
    assert_pending!(service.poll_ready());

    handle.allow(1);
    assert!(service.is_woken());
    assert_ready_ok!(service.poll_ready());
}

#[tokio::test]
async fn fails_as_the_wrapped_service_does() {
    let (mut service, mut handle) = wrap(ready_fn(version_1));
    handle.send_error("out of order");
    let error = assert_ready_err!(service.poll_ready());
    assert_eq!(error.to_string(), "out of order");
}

// The mock panics if the instance that is called was not polled ready, for example a clone.
#[tokio::test]
async fn calls_the_polled_instance_when_the_source_answers_at_once() {
    let (mut service, mut handle) = wrap(ready_fn(version_1));
    for _ in 0..2 {
        handle.allow(1);
        assert_ready_ok!(service.poll_ready());
        let mut response = task::spawn(service.call(get("\"0\"")));
        assert_pending!(response.poll());

        let (request, reply) = handle.next_request().await.unwrap();
        assert_eq!(request.headers()[IF_NONE_MATCH], "\"0\"");
        reply.send_response(Response::default());
        assert_ready_ok!(response.poll());
    }
}

#[tokio::test]
async fn calls_the_polled_instance_when_the_source_has_to_be_waited_for() {
    let (sender, receiver) = watch::channel(None);
    let (mut service, mut handle) = wrap(source_fn(move |_: &Parts| {
        let mut receiver = receiver.clone();
        async move { receiver.wait_for(Option::is_some).await.unwrap().clone() }
    }));
    for _ in 0..2 {
        handle.allow(1);
        assert_ready_ok!(service.poll_ready());
        sender.send_replace(None);
        let mut response = task::spawn(service.call(get("\"0\"")));
        assert_pending!(response.poll());
        assert_pending!(handle.poll_request(), "the source is not done");

        sender.send_replace(Some(EntityTag::from_version(1)));
        assert!(response.is_woken());
        assert_pending!(response.poll());
        let (_, reply) = handle.next_request().await.unwrap();
        reply.send_response(Response::default());
        assert_ready_ok!(response.poll());
    }
}

// The future takes the instance that was polled ready, with its permit. The clone that takes its
// place has to be polled again.
#[tokio::test]
async fn the_clone_left_behind_is_not_ready() {
    let (sender, receiver) = watch::channel(None);
    let source = source_fn(move |_: &Parts| {
        let mut receiver = receiver.clone();
        async move { receiver.wait_for(Option::is_some).await.unwrap().clone() }
    });
    let one_at_a_time = ConcurrencyLimit::new(Handler::default(), 1);
    let mut service = mock::Spawn::new(ConditionalLayer::new(source).layer(one_at_a_time));

    assert_ready_ok!(service.poll_ready::<Request<Body>>());
    let mut response = task::spawn(service.call(get("\"0\"")));
    assert_pending!(response.poll());
    assert_pending!(service.poll_ready::<Request<Body>>());

    sender.send_replace(Some(EntityTag::from_version(1)));
    assert_ready_ok!(response.poll());
    drop(response);
    assert_ready_ok!(service.poll_ready::<Request<Body>>());
}

#[tokio::test]
async fn a_refusal_leaves_the_instance_ready_for_the_next_request() {
    let (mut service, mut handle) = wrap(ready_fn(version_1));
    handle.allow(1);
    assert_ready_ok!(service.poll_ready());
    let mut refused = task::spawn(service.call(get("\"1\"")));
    assert_eq!(assert_ready_ok!(refused.poll()).status(), 304);
    assert_pending!(handle.poll_request());

    assert_ready_ok!(service.poll_ready());
    let mut passed = task::spawn(service.call(get("")));
    assert_pending!(passed.poll());
    let (_, reply) = handle.next_request().await.unwrap();
    reply.send_response(Response::default());
    assert_ready_ok!(passed.poll());
}
