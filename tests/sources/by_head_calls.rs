//! The two calls of the wrapped service: readiness, cancellation, errors.

use std::convert::Infallible;

use http::{Method, Request, Response};
use tokio_test::{assert_pending, assert_ready, assert_ready_ok, task};
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};
use tower_conditional::{ByHead, ConditionalLayer, source::SourceError};
use tower_test::mock;

use crate::support::{Counter, assert_answer, never, request, response};

const CURRENT: &[(&str, &str)] = &[("etag", "\"1\"")];

/// The mock panics if the instance that is called was not polled ready.
#[test]
fn each_of_the_two_calls_goes_to_an_instance_that_was_polled_ready() {
    let (service, mut handle) = mock::pair::<Request<String>, Response<String>>();
    handle.allow(0);
    let mut layered = ConditionalLayer::new(ByHead::<String>::new()).layer(service);
    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let put = request(Method::PUT, "/a", &[("if-match", "\"1\"")]);
    let mut answered = task::spawn(layered.call(put));
    assert_pending!(answered.poll());
    assert_pending!(task::spawn(handle.next_request()).poll());

    handle.allow(1);
    assert!(answered.is_woken());
    assert_pending!(answered.poll());
    let mut asked = task::spawn(handle.next_request());
    let (head, answer) = assert_ready!(asked.poll()).unwrap();
    assert_eq!(head.method(), Method::HEAD);
    drop(asked);
    answer.send_response(response(200, CURRENT));
    assert_pending!(answered.poll());
    assert_pending!(task::spawn(handle.next_request()).poll());

    handle.allow(1);
    assert!(answered.is_woken());
    assert_pending!(answered.poll());
    let mut asked = task::spawn(handle.next_request());
    let (write, answer) = assert_ready!(asked.poll()).unwrap();
    assert_eq!(write.method(), Method::PUT);
    answer.send_response(response(204, &[]));
    assert_answer(&assert_ready_ok!(answered.poll()), 204, None);
}

/// A request must not hold a permit while its HEAD request waits for one. It would wait forever.
#[test]
fn a_concurrency_limit_inside_does_not_block_itself() {
    let (service, mut handle) = mock::pair::<Request<String>, Response<String>>();
    let mut layered = ServiceBuilder::new()
        .layer(ConditionalLayer::new(ByHead::<String>::new()))
        .concurrency_limit(1)
        .service(service);
    let mut answers = Vec::new();
    for _ in 0..2 {
        assert_ready_ok!(task::spawn(layered.ready()).poll());
        let put = request(Method::PUT, "/a", &[("if-match", "\"1\"")]);
        answers.push(task::spawn(layered.call(put)));
    }
    for _ in 0..4 {
        for answer in &mut answers {
            let _ = answer.poll();
        }
        let mut asked = task::spawn(handle.next_request());
        let (head, answer) = assert_ready!(asked.poll()).unwrap();
        answer.send_response(match *head.method() {
            Method::HEAD => response(200, CURRENT),
            _ => response(204, &[]),
        });
        drop(asked);
        answers.retain_mut(|answer| answer.poll().is_pending());
    }
    assert!(answers.is_empty(), "both are answered after two calls each");
}

#[test]
fn dropping_the_response_drops_the_head() {
    let dropped = Counter::default();
    let counter = dropped.clone();
    let service = service_fn(move |_: Request<String>| never::<Response<String>>(counter.clone()));
    let mut layered = ConditionalLayer::new(ByHead::<String>::new()).layer(service);
    let get = request(Method::GET, "/a", &[("if-none-match", "\"1\"")]);
    let mut answered = task::spawn(layered.call(get));
    assert_pending!(answered.poll());
    assert_eq!(dropped.get(), 0);
    drop(answered);
    assert_eq!(dropped.get(), 1);
}

#[tokio::test]
async fn an_error_of_the_head_is_not_the_error_of_the_request() {
    let heads = Counter::default();
    let counter = heads.clone();
    let service = service_fn(move |request: Request<String>| {
        let counter = counter.clone();
        async move {
            if request.method() == Method::HEAD {
                counter.add_one();
                return Err("connection reset");
            }
            Ok(response::<String>(200, &[]))
        }
    });
    let layered = ConditionalLayer::new(ByHead::<String>::new()).layer(service);
    let put = request(Method::PUT, "/a", &[("if-match", "\"1\"")]);
    let refused = layered.clone().oneshot(put).await.unwrap();
    assert_answer(&refused, 503, None);
    assert!(refused.extensions().get::<SourceError>().is_some());
    let get = request(Method::GET, "/a", &[("if-none-match", "\"1\"")]);
    assert_answer(&layered.oneshot(get).await.unwrap(), 200, None);
    assert_eq!(heads.get(), 2);
}

#[tokio::test]
async fn an_error_of_the_request_stays_its_error() {
    let service = service_fn(|request: Request<String>| async move {
        match *request.method() {
            Method::HEAD => Ok(response::<String>(200, CURRENT)),
            _ => Err("connection reset"),
        }
    });
    let layered = ConditionalLayer::new(ByHead::<String>::new()).layer(service);
    let put = request(Method::PUT, "/a", &[("if-match", "\"1\"")]);
    assert_eq!(layered.oneshot(put).await.unwrap_err(), "connection reset");
}

/// The error type of an infallible service stays `Infallible`, because axum requires it.
#[tokio::test]
async fn infallible_stays_infallible() {
    let service = service_fn(|_: Request<String>| async {
        Ok::<_, Infallible>(response::<String>(200, CURRENT))
    });
    let layered = ConditionalLayer::new(ByHead::<String>::new()).layer(service);
    let get = request(Method::HEAD, "/a", &[("if-none-match", "\"1\"")]);
    let Ok(answer) = layered.oneshot(get).await;
    assert_answer(&answer, 304, Some("\"1\""));
}
