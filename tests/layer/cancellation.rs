//! Dropping the future drops what it is waiting for.

use std::{
    future::{Future, pending},
    sync::Arc,
};

use http::{Method, Request, Response, header::IF_MATCH, request::Parts};
use tokio_test::{assert_pending, assert_ready_ok, task};
use tower::{Layer, Service, service_fn};
use tower_conditional::{ConditionalLayer, EntityTag, ready_fn, source_fn};

use crate::support::{Handler, head};

type Token = Arc<()>;

fn put() -> Request<Token> {
    let mut head = head(Method::PUT);
    head.headers.insert(IF_MATCH, "\"1\"".parse().unwrap());
    Request::from_parts(head, Token::default())
}

fn never_with(token: &Token) -> impl Future<Output = EntityTag> + use<> {
    let token = Arc::clone(token);
    async move {
        let _held = token;
        pending().await
    }
}

#[test]
fn drops_the_future_of_the_source() {
    let held = Token::default();
    let token = Arc::clone(&held);
    let handler = Handler::default();
    let mut service = ConditionalLayer::new(source_fn(move |_: &Parts| never_with(&token)))
        .layer(handler.clone());
    let before = Arc::strong_count(&held);

    let request = put();
    let body = Arc::clone(request.body());
    let mut response = task::spawn(service.call(request));
    assert_pending!(response.poll());
    assert_eq!(Arc::strong_count(&held), before + 1);
    assert_eq!(Arc::strong_count(&body), 2);

    drop(response);
    assert_eq!(Arc::strong_count(&held), before);
    assert_eq!(Arc::strong_count(&body), 1, "the request went with it");
    assert_eq!(handler.calls(), 0);
}

#[test]
fn drops_the_future_of_the_handler() {
    let held = Token::default();
    let token = Arc::clone(&held);
    let handler = service_fn(move |request: Request<Token>| {
        let token = Arc::clone(&token);
        async move {
            let _held = (token, request);
            pending::<Result<Response<String>, std::io::Error>>().await
        }
    });
    let before = Arc::strong_count(&held);
    let source = ready_fn(|_: &Parts| EntityTag::from_version(1));
    let mut service = ConditionalLayer::new(source).layer(handler);

    let mut response = task::spawn(service.call(put()));
    assert_pending!(response.poll());
    assert_eq!(Arc::strong_count(&held), before + 1);

    drop(response);
    assert_eq!(Arc::strong_count(&held), before);
}

// The source and the handler may share a pool that has only one connection.
#[test]
fn drops_the_future_of_the_source_before_the_handler_runs() {
    let held = Token::default();
    let token = Arc::clone(&held);
    let source = source_fn(move |_: &Parts| {
        let token = Arc::clone(&token);
        async move {
            let _held = token;
            EntityTag::from_version(1)
        }
    });
    let handler = service_fn(|_: Request<Token>| pending::<Result<Response<String>, ()>>());
    let mut service = ConditionalLayer::new(source).layer(handler);
    let before = Arc::strong_count(&held);

    let mut response = task::spawn(service.call(put()));
    assert_eq!(Arc::strong_count(&held), before + 1);
    assert_pending!(response.poll());
    assert_eq!(Arc::strong_count(&held), before);
}

#[test]
fn drops_the_body_of_a_refused_request() {
    let source = ready_fn(|_: &Parts| EntityTag::from_version(2));
    let mut service = ConditionalLayer::new(source).layer(Handler::default());
    let request = put();
    let body = Arc::clone(request.body());

    let mut response = task::spawn(service.call(request));
    assert_eq!(Arc::strong_count(&body), 1);
    assert_eq!(assert_ready_ok!(response.poll()).status(), 412);
}
