//! `FirstKnown`, which asks a second source if the first one does not know.

use std::{convert::Infallible, error::Error};

use http::{Method, Request, Response, request::Parts};
use tokio_test::{assert_pending, assert_ready, assert_ready_ok, task};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_conditional::{
    ByHead, ConditionalLayer, EntityTag, Selected, ready_fn,
    source::{FirstKnown, ServiceSource, SourceError},
    source_fn,
};
use tower_test::mock;

use crate::support::{Counter, assert_answer, never, request, response, tag};

type Answer = Result<Selected, &'static str>;

async fn handler(_: Request<String>) -> Result<Response<String>, Infallible> {
    Ok(response(200, &[]))
}

fn put() -> Request<String> {
    request(Method::PUT, "/a", &[("if-match", "\"1\"")])
}

/// Sends a request with each source either ready at once or awaited. All responses must be the
/// same.
async fn exchange(first: Answer, second: Answer) -> Response<()> {
    let at_once = |answer: &Answer| {
        let answer = answer.clone();
        ready_fn(move |_: &Parts| answer.clone())
    };
    let later = |answer: &Answer| {
        let answer = answer.clone();
        source_fn(move |_: &Parts| {
            let answer = answer.clone();
            async move {
                tokio::task::yield_now().await;
                answer
            }
        })
    };
    let handler = service_fn(handler);
    let responses = [
        ConditionalLayer::new(FirstKnown::new(at_once(&first), at_once(&second)))
            .layer(handler)
            .oneshot(put())
            .await
            .unwrap(),
        ConditionalLayer::new(FirstKnown::new(later(&first), later(&second)))
            .layer(handler)
            .oneshot(put())
            .await
            .unwrap(),
        ConditionalLayer::new(FirstKnown::new(at_once(&first), later(&second)))
            .layer(handler)
            .oneshot(put())
            .await
            .unwrap(),
        ConditionalLayer::new(FirstKnown::new(later(&first), at_once(&second)))
            .layer(handler)
            .oneshot(put())
            .await
            .unwrap(),
    ];
    let [first, rest @ ..] = responses.map(|response| response.map(drop));
    for other in rest {
        assert_eq!(other.status(), first.status());
        assert_eq!(other.headers(), first.headers());
        assert_eq!(cause(&other), cause(&first));
    }
    first
}

fn cause(response: &Response<()>) -> Option<String> {
    let error = response.extensions().get::<SourceError>()?;
    Some(error.source().unwrap().to_string())
}

fn present(opaque: &str) -> Answer {
    Ok(tag(opaque).into())
}

#[tokio::test]
async fn the_first_one_wins_if_it_knows() {
    assert_answer(&exchange(present("1"), present("2")).await, 200, None);
    assert_answer(
        &exchange(present("2"), present("1")).await,
        412,
        Some("\"2\""),
    );
    assert_answer(
        &exchange(Ok(Selected::Missing), present("1")).await,
        412,
        None,
    );
}

#[tokio::test]
async fn the_second_one_is_asked_if_the_first_does_not_know_or_fails() {
    let unknown = || Ok(Selected::Unknown);
    assert_answer(&exchange(unknown(), present("1")).await, 200, None);
    assert_answer(&exchange(Err("down"), present("1")).await, 200, None);
    assert_answer(&exchange(unknown(), unknown()).await, 503, None);
}

#[tokio::test]
async fn a_failure_is_the_answer_if_nobody_knows() {
    let response = exchange(Err("first down"), Ok(Selected::Unknown)).await;
    assert_answer(&response, 503, None);
    assert_eq!(cause(&response).unwrap(), "first down");

    let response = exchange(Ok(Selected::Unknown), Err("second down")).await;
    assert_answer(&response, 503, None);
    assert_eq!(cause(&response).unwrap(), "second down");
}

#[test]
fn the_second_one_is_not_asked_before_the_first_has_answered() {
    let (first, mut first_handle) = mock::pair::<Request<()>, Selected>();
    let (second, mut second_handle) = mock::pair::<Request<()>, Selected>();
    let source = FirstKnown::new(ServiceSource::new(first), ServiceSource::new(second));
    let mut layered = ConditionalLayer::new(source).layer(service_fn(handler));
    let mut answered = task::spawn(layered.call(put()));
    assert_pending!(answered.poll());
    assert_pending!(task::spawn(second_handle.next_request()).poll());

    let mut asked = task::spawn(first_handle.next_request());
    let (_, answer) = assert_ready!(asked.poll()).unwrap();
    answer.send_response(Selected::Unknown);
    assert_pending!(answered.poll());
    let mut asked = task::spawn(second_handle.next_request());
    let (head, answer) = assert_ready!(asked.poll()).unwrap();
    assert_eq!(head.headers()["if-match"], "\"1\"");
    answer.send_response(tag("1").into());
    assert_answer(&assert_ready_ok!(answered.poll()), 200, None);
}

#[test]
fn dropping_the_response_drops_the_question_that_is_open() {
    let dropped = Counter::default();
    let counter = dropped.clone();
    let second = service_fn(move |_: Request<()>| never::<Selected>(counter.clone()));
    let unknown = ready_fn(|_: &Parts| Selected::Unknown);
    let source = FirstKnown::new(unknown, ServiceSource::new(second));
    let mut layered = ConditionalLayer::new(source).layer(service_fn(handler));
    let mut answered = task::spawn(layered.call(put()));
    assert_pending!(answered.poll());
    assert_eq!(dropped.get(), 0);
    drop(answered);
    assert_eq!(dropped.get(), 1);
}

#[tokio::test]
async fn the_wrapped_service_can_be_the_last_one_to_ask() {
    let release = ready_fn(|head: &Parts| match head.uri.path() {
        "/about" => Selected::from(EntityTag::from_static("\"release\"")),
        _ => Selected::Unknown,
    });
    let service = service_fn(|_: Request<String>| async {
        Ok::<_, Infallible>(response::<String>(200, &[("etag", "\"page\"")]))
    });
    let source = FirstKnown::new(release, ByHead::<String>::new());
    let layered = ConditionalLayer::new(source).layer(service);
    for (path, current) in [("/about", "\"release\""), ("/page", "\"page\"")] {
        let put = request(Method::PUT, path, &[("if-match", "\"other\"")]);
        let refused = layered.clone().oneshot(put).await.unwrap();
        assert_answer(&refused, 412, Some(current));
    }
}

/// The answer to HEAD would be that to a write, but a read is performed, so it says nothing.
#[tokio::test]
async fn the_second_one_is_asked_about_a_read_where_head_is_refused() {
    for status in [301, 401, 403] {
        let service = service_fn(move |asked: Request<String>| async move {
            let head = asked.method() == Method::HEAD;
            Ok::<_, Infallible>(response::<String>(if head { status } else { 200 }, &[]))
        });
        let source = FirstKnown::new(ByHead::<String>::new(), ready_fn(|_: &Parts| tag("1")));
        let layered = ConditionalLayer::new(source).layer(service);
        let read = request(Method::GET, "/a", &[("if-none-match", "\"1\"")]);
        assert_answer(&layered.oneshot(read).await.unwrap(), 304, Some("\"1\""));
    }
}
