//! A Tower service as the source.

use std::{convert::Infallible, future::pending, time::Duration};

use http::{Method, Request, Response};
use tokio_test::{assert_pending, assert_ready, assert_ready_ok, task};
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};
use tower_conditional::{
    Conditional, ConditionalLayer, EntityTag, Selected,
    source::{ServiceSource, SourceError},
};
use tower_test::{assert_request_eq, mock};

use crate::support::{BoxError, Counter, assert_answer, never, request, response, tag};

async fn handler(_: Request<String>) -> Result<Response<String>, Infallible> {
    Ok(response(200, &[]))
}

fn put() -> Request<String> {
    request(Method::PUT, "/a", &[("if-match", "\"1\"")])
}

fn get() -> Request<String> {
    request(Method::GET, "/a", &[("if-none-match", "\"1\"")])
}

/// The mock panics if the instance that is called was not polled ready.
#[test]
fn the_instance_that_is_called_was_polled_ready() {
    let (service, mut handle) = mock::pair::<Request<()>, Selected>();
    handle.allow(0);
    let mut layered = Conditional::new(service_fn(handler), ServiceSource::new(service));
    assert_ready_ok!(task::spawn(layered.ready()).poll());

    let mut response = task::spawn(layered.call(get()));
    assert_pending!(response.poll());
    assert_pending!(response.poll());
    handle.allow(1);
    assert!(response.is_woken());
    assert_pending!(response.poll());

    let mut asked = task::spawn(handle.next_request());
    let (head, answer) = assert_ready!(asked.poll()).unwrap();
    assert_eq!(head.uri(), "/a");
    assert_eq!(head.headers()["if-none-match"], "\"1\"");
    answer.send_response(tag("1").into());
    assert_answer(&assert_ready_ok!(response.poll()), 304, Some("\"1\""));
}

#[test]
fn dropping_the_response_drops_the_question() {
    let dropped = Counter::default();
    let counter = dropped.clone();
    let source = service_fn(move |_: Request<()>| never::<Selected>(counter.clone()));
    let mut layered = Conditional::new(service_fn(handler), ServiceSource::new(source));
    let mut response = task::spawn(layered.call(get()));
    assert_pending!(response.poll());
    assert_eq!(dropped.get(), 0);
    drop(response);
    assert_eq!(dropped.get(), 1);
}

#[test]
fn the_extensions_of_the_request_reach_the_source() {
    let (service, mut handle) = mock::pair::<Request<()>, Selected>();
    let mut layered = Conditional::new(service_fn(handler), ServiceSource::new(service));
    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let mut request = get();
    request.extensions_mut().insert("alice");
    let mut response = task::spawn(layered.call(request));
    assert_pending!(response.poll());
    let mut asked = task::spawn(handle.next_request());
    let (head, _) = assert_ready!(asked.poll()).unwrap();
    assert_eq!(head.extensions().get(), Some(&"alice"));
}

#[test]
fn an_error_of_readiness_is_a_failure_of_the_source() {
    let (service, mut handle) = mock::pair::<Request<()>, Selected>();
    handle.send_error("closed");
    let mut layered = Conditional::new(service_fn(handler), ServiceSource::new(service));
    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let mut response = task::spawn(layered.call(put()));
    let response = assert_ready_ok!(response.poll());
    assert_answer(&response, 503, None);
    assert_failure(&response, "closed");
}

#[track_caller]
fn assert_failure<B>(response: &Response<B>, message: &str) {
    let error = response.extensions().get::<SourceError>().unwrap();
    let cause = std::error::Error::source(error).unwrap();
    assert_eq!(cause.to_string(), message);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_takes_too_long_is_a_failure() {
    let never = service_fn(|_: Request<()>| pending::<Result<Selected, Infallible>>());
    let source = ServiceBuilder::new()
        .timeout(Duration::from_secs(1))
        .service(never);
    let service = ConditionalLayer::new(ServiceSource::new(source)).layer(service_fn(handler));

    let refused = service.clone().oneshot(put()).await.unwrap();
    assert_answer(&refused, 503, None);
    assert_failure(&refused, "request timed out");
    let performed = service.oneshot(get()).await.unwrap();
    assert_answer(&performed, 200, None);
    assert_failure(&performed, "request timed out");
}

/// The first look-up holds the only permit, so the second one is shed.
#[test]
fn an_overloaded_source_is_a_failure() {
    let (service, mut handle) = mock::pair::<Request<()>, Selected>();
    let source = ServiceBuilder::new()
        .load_shed()
        .concurrency_limit(1)
        .service(service);
    let mut layered = Conditional::new(service_fn(handler), ServiceSource::new(source));
    let mut first = task::spawn(layered.call(get()));
    assert_pending!(first.poll());

    let mut second = task::spawn(layered.call(put()));
    let refused = assert_ready_ok!(second.poll());
    assert_answer(&refused, 503, None);
    assert_failure(&refused, "service overloaded");

    let mut asked = task::spawn(handle.next_request());
    assert_ready!(asked.poll())
        .unwrap()
        .1
        .send_response(tag("1").into());
    assert_answer(&assert_ready_ok!(first.poll()), 304, Some("\"1\""));
    drop(first);
    let mut third = task::spawn(layered.call(put()));
    assert_pending!(third.poll());
}

#[tokio::test]
async fn buffer_and_retry_stand_around_a_source() {
    #[derive(Clone)]
    struct Once(bool);

    impl tower::retry::Policy<Request<()>, Option<EntityTag>, BoxError> for Once {
        type Future = std::future::Ready<()>;

        fn retry(
            &mut self,
            _: &mut Request<()>,
            result: &mut Result<Option<EntityTag>, BoxError>,
        ) -> Option<Self::Future> {
            let again = result.is_err() && !std::mem::replace(&mut self.0, true);
            again.then(|| std::future::ready(()))
        }

        fn clone_request(&mut self, head: &Request<()>) -> Option<Request<()>> {
            Some(head.clone())
        }
    }

    let (service, mut handle) = mock::pair::<Request<()>, Option<EntityTag>>();
    let source = ServiceBuilder::new()
        .buffer(4)
        .retry(Once(false))
        .service(service);
    let layered = Conditional::new(service_fn(handler), ServiceSource::new(source));
    let response = tokio::spawn(layered.oneshot(put()));

    let (_, answer) = handle.next_request().await.unwrap();
    answer.send_error("connection reset");
    let (_, answer) = handle.next_request().await.unwrap();
    answer.send_response(Some(tag("2")));
    assert_answer(&response.await.unwrap().unwrap(), 412, Some("\"2\""));
}

#[tokio::test]
async fn none_means_that_there_is_no_representation() {
    let source = service_fn(|_: Request<()>| async { Ok::<Option<EntityTag>, Infallible>(None) });
    let layered = Conditional::new(service_fn(handler), ServiceSource::new(source));
    assert_answer(&layered.oneshot(put()).await.unwrap(), 412, None);
}

#[test]
fn nothing_is_asked_about_a_request_that_depends_on_nothing() {
    let (service, mut handle) = mock::pair::<Request<()>, Selected>();
    let (inner, mut inner_handle) = mock::pair::<Request<String>, Response<String>>();
    let mut layered = Conditional::new(inner, ServiceSource::new(service));
    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let mut answered = task::spawn(layered.call(request(Method::PUT, "/a", &[])));
    assert_pending!(answered.poll());
    assert_pending!(task::spawn(handle.next_request()).poll());
    let mut performed = task::spawn(inner_handle.next_request());
    let (_, answer) = assert_ready!(performed.poll()).unwrap();
    answer.send_response(response(204, &[]));
    assert_answer(&assert_ready_ok!(answered.poll()), 204, None);
}

#[tokio::test]
async fn the_head_is_all_that_a_source_is_sent() {
    let (service, mut handle) = mock::pair::<(Method, String), Selected>();
    let source = ServiceBuilder::new()
        .map_request(|head: Request<()>| (head.method().clone(), head.uri().to_string()))
        .service(service);
    let layered = Conditional::new(service_fn(handler), ServiceSource::new(source));
    let response = tokio::spawn(layered.oneshot(put()));
    let answer = assert_request_eq!(handle, (Method::PUT, String::from("/a")));
    answer.send_response(tag("1").into());
    assert_answer(&response.await.unwrap().unwrap(), 200, None);
}
