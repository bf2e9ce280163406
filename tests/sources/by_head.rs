//! The wrapped service itself, asked by HEAD.

use std::convert::Infallible;

use http::{HeaderMap, Method, Request, Response};
use tokio_test::{assert_pending, assert_ready, assert_ready_ok, task};
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};
use tower_conditional::{ByHead, ConditionalLayer, Decision, Field, Requirement, SourceError};
use tower_test::mock;

use crate::support::{Counter, assert_answer, never, request, response};

type Fields = &'static [(&'static str, &'static str)];

/// A service that answers HEAD by this, and everything else by 200.
async fn exchange(head: (u16, Fields), asked: Request<String>) -> (Response<String>, Vec<Method>) {
    let (service, mut handle) = mock::pair::<Request<String>, Response<String>>();
    let layer = ConditionalLayer::new(ByHead::<String>::new()).require(Requirement::DELETES);
    let answer = tokio::spawn(layer.layer(service).oneshot(asked));
    let mut methods = Vec::new();
    while let Some((request, answer)) = handle.next_request().await {
        methods.push(request.method().clone());
        answer.send_response(match *request.method() {
            Method::HEAD => response(head.0, head.1),
            _ => response(200, &[("etag", "\"new\""), ("x-handler", "ran")]),
        });
    }
    let (head, _) = answer.await.unwrap().unwrap().into_parts();
    (Response::from_parts(head, String::new()), methods)
}

const CURRENT: Fields = &[
    ("etag", "\"1\""),
    ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ("cache-control", "no-cache"),
    ("content-location", "/a.html"),
    ("content-type", "text/html"),
    ("content-length", "100"),
    ("expires", "0"),
    ("vary", "accept"),
    ("vary", "accept-language"),
    ("x-powered-by", "nothing"),
];

#[tokio::test]
async fn a_304_has_the_fields_of_the_answer_to_head_that_it_repeats() {
    let get = request(Method::GET, "/a", &[("if-none-match", "\"1\"")]);
    let (response, methods) = exchange((200, CURRENT), get).await;
    assert_eq!(methods, [Method::HEAD]);
    assert_answer(&response, 304, Some("\"1\""));
    let mut fields: Vec<_> = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    fields.sort_unstable();
    let kept = [
        ("cache-control", "no-cache"),
        ("content-location", "/a.html"),
        ("etag", "\"1\""),
        ("expires", "0"),
        ("vary", "accept"),
        ("vary", "accept-language"),
    ];
    assert_eq!(fields, kept);
}

#[tokio::test]
async fn the_date_of_the_answer_to_head_is_a_validator() {
    let since = request(
        Method::PUT,
        "/a",
        &[("if-unmodified-since", "Sat, 05 Nov 1994 08:49:37 GMT")],
    );
    let (response, methods) = exchange((200, CURRENT), since).await;
    assert_eq!(methods, [Method::HEAD]);
    assert_answer(&response, 412, Some("\"1\""));
}

#[tokio::test]
async fn a_write_is_performed_if_its_tag_is_that_of_the_answer_to_head() {
    let put = request(Method::PUT, "/a", &[("if-match", "\"1\"")]);
    let (response, methods) = exchange((204, CURRENT), put).await;
    assert_eq!(methods, [Method::HEAD, Method::PUT]);
    assert_answer(&response, 200, Some("\"new\""));
}

#[tokio::test]
async fn nothing_is_asked_about_what_depends_on_nothing() {
    for method in [Method::GET, Method::PUT, Method::POST] {
        let (response, methods) =
            exchange((200, CURRENT), request(method.clone(), "/a", &[])).await;
        assert_eq!(methods, [method]);
        assert_answer(&response, 200, Some("\"new\""));
    }
}

#[tokio::test]
async fn not_found_and_gone_mean_that_there_is_no_representation() {
    for status in [404, 410] {
        let update = request(Method::PUT, "/a", &[("if-match", "*")]);
        let (response, methods) = exchange((status, &[]), update).await;
        assert_answer(&response, 412, None);
        assert_eq!(methods, [Method::HEAD]);

        let creation = request(Method::PUT, "/a", &[("if-none-match", "*")]);
        let (response, methods) = exchange((status, &[]), creation).await;
        assert_answer(&response, 200, Some("\"new\""));
        assert_eq!(methods, [Method::HEAD, Method::PUT]);
    }
}

const AWAY: Fields = &[
    ("location", "/b"),
    ("www-authenticate", "Basic"),
    ("content-length", "100"),
    ("content-type", "text/html"),
];

#[tokio::test]
async fn a_write_is_answered_as_head_was_where_it_must_not_go() {
    for status in [401, 403, 301, 302, 303, 307, 308] {
        for write in [
            request(Method::PUT, "/a", &[("if-match", "\"1\"")]),
            request(Method::PUT, "/a", &[("if-none-match", "*")]),
            request(Method::DELETE, "/a", &[]),
        ] {
            let (response, methods) = exchange((status, AWAY), write).await;
            assert_eq!(methods, [Method::HEAD]);
            assert_answer(&response, status, None);
            assert_eq!(response.headers()["location"], "/b");
            assert_eq!(response.headers()["www-authenticate"], "Basic");
            assert!(!response.headers().contains_key("content-length"));
            assert!(!response.headers().contains_key("content-type"));
            let decision = response.extensions().get::<Decision>();
            assert!(matches!(decision, Some(Decision::Undecidable(_))));
        }
    }
}

#[tokio::test]
async fn a_write_never_goes_through_undecided() {
    for status in [100, 300, 304, 305, 400, 405, 418, 429, 500, 501, 503] {
        let put = request(Method::PUT, "/a", &[("if-match", "\"1\"")]);
        let (response, methods) = exchange((status, AWAY), put).await;
        assert_eq!(methods, [Method::HEAD], "{status}");
        assert_answer(&response, 503, None);
        let decision = response.extensions().get::<Decision>();
        let undecidable = Decision::Undecidable(Some(Field::IfMatch));
        assert_eq!(decision, Some(&undecidable));
    }
}

/// RFC 9110 section 13.2.1: the response without the preconditions is not a 2xx, so they do not
/// apply. If it is one after all, its own validators are evaluated.
#[tokio::test]
async fn a_safe_request_goes_through_where_head_fails() {
    for status in [301, 401, 403, 404, 405, 410, 500, 503] {
        let stale = request(Method::GET, "/a", &[("if-match", "\"other\"")]);
        let (response, methods) = exchange((status, AWAY), stale).await;
        assert_eq!(methods, [Method::HEAD, Method::GET]);
        assert_answer(&response, 200, Some("\"new\""));
        assert_eq!(response.headers()["x-handler"], "ran");
    }
    let held = request(Method::GET, "/a", &[("if-none-match", "\"new\"")]);
    let (response, methods) = exchange((405, &[]), held).await;
    assert_eq!(methods, [Method::HEAD, Method::GET]);
    assert_answer(&response, 304, Some("\"new\""));
}

#[tokio::test]
async fn head_has_the_fields_of_the_request_but_no_precondition_and_no_body() {
    let (service, mut handle) = mock::pair::<Request<String>, Response<String>>();
    let layer = ConditionalLayer::new(ByHead::<String>::new());
    let mut asked: Request<String> = request(
        Method::PATCH,
        "/a?b",
        &[
            ("accept", "text/html"),
            ("authorization", "Bearer x"),
            ("content-length", "4"),
            ("content-type", "text/plain"),
            ("content-encoding", "gzip"),
            ("expect", "100-continue"),
            ("if-match", "\"1\""),
            ("if-none-match", "\"2\""),
            ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("if-range", "\"1\""),
            ("range", "bytes=0-1"),
            ("trailer", "digest"),
            ("transfer-encoding", "chunked"),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
        ],
    );
    *asked.body_mut() = String::from("body");
    *asked.version_mut() = http::Version::HTTP_2;
    asked.extensions_mut().insert("alice");
    let _answer = tokio::spawn(layer.layer(service).oneshot(asked));

    let (head, _) = handle.next_request().await.unwrap();
    assert_eq!(head.method(), Method::HEAD);
    assert_eq!(head.uri(), "/a?b");
    assert_eq!(head.version(), http::Version::HTTP_2);
    assert_eq!(head.body(), "");
    assert_eq!(head.extensions().get(), Some(&"alice"));
    let mut expected = HeaderMap::new();
    expected.insert("accept", "text/html".parse().unwrap());
    expected.insert("authorization", "Bearer x".parse().unwrap());
    expected.append("cookie", "a=1".parse().unwrap());
    expected.append("cookie", "b=2".parse().unwrap());
    assert_eq!(head.headers(), &expected);
}

/// The mock refuses a call on an instance that was not polled ready.
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

/// A request that held a place while its HEAD waits for another would wait for ever.
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

/// A service that never fails keeps an error that cannot be: axum asks for it.
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
