//! `Cached` around `ByHead`.

use std::{convert::Infallible, time::Duration};

use axum::{Router, body::Body, routing::get as on_get};
use http::{Method, Request, Response, StatusCode};
use tower::{Layer, ServiceExt, service_fn};
use tower_conditional::{ByHead, Cached, ConditionalLayer};

use crate::support::{Counter, assert_answer, request, response};

const LONG: Duration = Duration::from_secs(3600);

fn get() -> Request<String> {
    request(Method::GET, "/a", &[("if-none-match", "\"1\"")])
}

#[tokio::test]
async fn one_head_serves_many_requests() {
    let heads = Counter::default();
    let counter = heads.clone();
    let service = service_fn(move |request: Request<String>| {
        if request.method() == Method::HEAD {
            counter.add_one();
        }
        async { Ok::<_, Infallible>(response::<String>(200, &[("etag", "\"1\"")])) }
    });
    let source = Cached::new(ByHead::<String>::new(), 100, LONG);
    let layered = ConditionalLayer::new(source).layer(service);
    for _ in 0..3 {
        let answer = layered.clone().oneshot(get()).await.unwrap();
        assert_answer(&answer, 304, Some("\"1\""));
    }
    assert_eq!(heads.get(), 1);
    let write = request(Method::PUT, "/a", &[("if-match", "\"1\"")]);
    assert_answer(
        &layered.clone().oneshot(write).await.unwrap(),
        200,
        Some("\"1\""),
    );
    assert_eq!(heads.get(), 2);
    layered.oneshot(get()).await.unwrap();
    assert_eq!(heads.get(), 3);
}

/// A router that responds with this entity tag at `/a`.
fn tagged(etag: &'static str) -> Router {
    Router::new().route("/a", on_get(move || async move { [("etag", etag)] }))
}

/// The wrapped services under both prefixes see the same path.
#[tokio::test]
async fn two_nests_with_one_layer_do_not_meet() {
    let source = Cached::new(ByHead::<Body>::new(), 100, LONG);
    let layer = ConditionalLayer::new(source);
    let app: Router = Router::new()
        .nest_service("/one", layer.layer(tagged("\"1\"")))
        .nest_service("/two", layer.layer(tagged("\"2\"")));
    for _ in 0..2 {
        for (path, status, etag) in [("/one/a", 304, "\"1\""), ("/two/a", 200, "\"2\"")] {
            let asked: Request<Body> = request(Method::GET, path, &[("if-none-match", "\"1\"")]);
            let answer = app.clone().oneshot(asked).await.unwrap();
            assert_answer(&answer, status, Some(etag));
        }
    }
}

/// Returns a service that responds with `answer`, and a counter of the HEAD requests that it gets.
fn counted(
    answer: impl Fn(&Request<String>) -> Response<String> + Clone,
) -> (
    impl tower::Service<Request<String>, Response = Response<String>, Error = Infallible, Future: Send>
    + Clone,
    Counter,
) {
    let heads = Counter::default();
    let counter = heads.clone();
    let service = service_fn(move |request: Request<String>| {
        if request.method() == Method::HEAD {
            counter.add_one();
        }
        let answer = answer(&request);
        async { Ok::<_, Infallible>(answer) }
    });
    (service, heads)
}

#[tokio::test]
async fn a_read_without_preconditions_asks_nothing() {
    let (service, heads) = counted(|_| response(200, &[("etag", "\"1\"")]));
    let source = Cached::new(ByHead::<String>::new(), 100, LONG);
    let layered = ConditionalLayer::new(source).layer(service);
    let plain = request(Method::GET, "/a", &[]);
    assert_answer(&layered.oneshot(plain).await.unwrap(), 200, Some("\"1\""));
    assert_eq!(heads.get(), 0);
}

#[tokio::test]
async fn what_only_the_authorized_may_see_is_shown_to_nobody_else() {
    let (service, heads) = counted(|request| match request.headers().get("authorization") {
        Some(_) => response(200, &[("etag", "\"1\"")]),
        None => response(401, &[]),
    });
    let source = Cached::new(ByHead::<String>::new(), 100, LONG);
    let layered = ConditionalLayer::new(source).layer(service);
    for n in 1..3 {
        let fields = [("if-none-match", "\"1\""), ("authorization", "Basic YQ==")];
        let authorized = request(Method::GET, "/a", &fields);
        let answer = layered.clone().oneshot(authorized).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
        let answer = layered.clone().oneshot(get()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(heads.get(), 2 * n);
    }
}

#[tokio::test]
async fn what_is_not_to_be_stored_is_not_remembered() {
    for (cache_control, asked) in [
        ("no-cache, must-revalidate", 1),
        ("no-store", 2),
        ("Private", 2),
        ("max-age=1, private=\"set-cookie\"", 2),
    ] {
        let (service, heads) =
            counted(move |_| response(200, &[("etag", "\"1\""), ("cache-control", cache_control)]));
        let source = Cached::new(ByHead::<String>::new(), 100, LONG);
        let layered = ConditionalLayer::new(source).layer(service);
        for _ in 0..2 {
            let answer = layered.clone().oneshot(get()).await.unwrap();
            assert_answer(&answer, 304, Some("\"1\""));
        }
        assert_eq!(heads.get(), asked, "{cache_control}");
    }
}
