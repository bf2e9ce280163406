//! `FromResponse`, which uses the validators that the handler sets on its response.

use http::{Method, Request, Response};
use http_body_util::BodyExt;
use tower::{Layer, ServiceExt, service_fn};
use tower_conditional::{
    ConditionalLayer, Decision, EntityTag, Field, FromResponse, Requirement, Selected, ready_fn,
    source::FirstKnown,
};

use crate::support::{Counter, assert_answer, request};

/// Sends the request through the layer. Returns the response, and the number of calls of the
/// handler.
async fn exchange(
    handler: (u16, &'static [(&'static str, &'static str)]),
    asked: Request<String>,
) -> (
    Response<tower_conditional::server::ResponseBody<String>>,
    usize,
) {
    let calls = Counter::default();
    let counter = calls.clone();
    let service = service_fn(move |_: Request<String>| {
        counter.add_one();
        let mut response = crate::support::response::<String>(handler.0, handler.1);
        *response.body_mut() = String::from("content");
        async move { Ok::<_, std::convert::Infallible>(response) }
    });
    let layer = ConditionalLayer::new(FromResponse)
        .record_decision(true)
        .require(Requirement::methods([http::Method::DELETE]).unwrap());
    let response = layer.layer(service).oneshot(asked).await.unwrap();
    (response, calls.get())
}

const TAGGED: &[(&str, &str)] = &[
    ("etag", "\"1\""),
    ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ("content-type", "text/plain"),
    ("vary", "accept"),
];

#[tokio::test]
async fn a_representation_that_the_client_has_is_not_sent_again() {
    for field in [
        ("if-none-match", "\"1\""),
        ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ] {
        let (response, calls) = exchange((200, TAGGED), request(Method::GET, "/", &[field])).await;
        assert_eq!(calls, 1);
        assert_answer(&response, 304, Some("\"1\""));
        assert_eq!(response.headers()["vary"], "accept");
        assert!(!response.headers().contains_key("content-type"));
        assert!(!response.headers().contains_key("last-modified"));
        assert!(http_body::Body::is_end_stream(response.body()));
        // A router would make `Content-Length: 0` of an exact size.
        assert_eq!(http_body::Body::size_hint(response.body()).exact(), None);
    }
}

#[tokio::test]
async fn all_lines_of_the_precondition_count() {
    for (lines, status) in [(["\"0\"", "\"1\""], 304), (["\"0\"", "\"2\""], 200)] {
        let fields = lines.map(|line| ("if-none-match", line));
        let (response, _) = exchange((200, TAGGED), request(Method::GET, "/", &fields)).await;
        assert_answer(&response, status, Some("\"1\""));
    }
}

/// Few fields are read in another way than many.
#[tokio::test]
async fn the_tag_is_found_among_any_number_of_fields() {
    for (others, lines, tags, status) in [
        (0, 1, 1, 304),
        (0, 1, 2, 200),
        (14, 1, 1, 304),
        (14, 1, 2, 200),
        (15, 1, 1, 304),
        (16, 1, 1, 304),
        (16, 1, 2, 200),
        (3, 2, 1, 304),
        (3, 2, 2, 200),
    ] {
        let service = service_fn(|_: Request<String>| async move {
            let mut response = Response::builder();
            for i in 0..others * lines {
                response = response.header(format!("x-{}", i % others), "1");
            }
            for _ in 0..tags {
                response = response.header("etag", "\"1\"");
            }
            response.body(String::from("content"))
        });
        let get = request(Method::GET, "/", &[("if-none-match", "\"1\"")]);
        let layer = ConditionalLayer::new(FromResponse);
        let response = layer.layer(service).oneshot(get).await.unwrap();
        assert_eq!(response.status(), status, "{others} {lines} {tags}");
    }
}

#[tokio::test]
async fn any_other_status_than_2xx_is_the_answer() {
    for status in [301, 304, 404, 500] {
        let get = request(Method::GET, "/", &[("if-none-match", "\"1\"")]);
        let (response, _) = exchange((status, TAGGED), get).await;
        assert_answer(&response, status, Some("\"1\""));
        assert_eq!(response.headers()["content-type"], "text/plain");
        assert_eq!(http_body::Body::size_hint(response.body()).exact(), Some(7));
    }
}

#[tokio::test]
async fn a_response_of_another_version_is_thrown_away() {
    for field in [
        ("if-match", "\"2\""),
        ("if-unmodified-since", "Sun, 06 Nov 1994 08:49:36 GMT"),
    ] {
        let (response, calls) = exchange((200, TAGGED), request(Method::GET, "/", &[field])).await;
        assert_eq!(calls, 1);
        assert_answer(&response, 412, Some("\"1\""));
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        assert_ne!(http_body::Body::size_hint(response.body()).exact(), Some(7));
    }
}

/// The stored page has the nonce of its own response. With that of this one its scripts would not run.
#[tokio::test]
async fn a_304_leaves_out_what_belongs_to_the_content() {
    const PAGE: &[(&str, &str)] = &[
        ("etag", "\"1\""),
        ("content-security-policy", "script-src 'nonce-2'"),
        ("set-cookie", "a=b"),
        ("date", "Mon, 07 Nov 1994 08:49:37 GMT"),
        ("access-control-allow-origin", "*"),
        ("location", "/results/1"),
    ];
    let get = request(Method::GET, "/", &[("if-none-match", "\"1\"")]);
    let (response, _) = exchange((200, PAGE), get).await;
    assert_answer(&response, 304, Some("\"1\""));
    let mut names: Vec<_> = response
        .headers()
        .keys()
        .map(|name| name.as_str())
        .collect();
    names.sort_unstable();
    let kept = ["access-control-allow-origin", "date", "etag", "location"];
    assert_eq!(names, kept);
}

#[tokio::test]
async fn a_write_that_depends_on_validators_is_not_performed() {
    for (write, field) in [
        (
            request(Method::PUT, "/", &[("if-match", "\"1\"")]),
            Some(Field::IfMatch),
        ),
        (
            request(Method::POST, "/", &[("if-none-match", "*")]),
            Some(Field::IfNoneMatch),
        ),
        (request(Method::DELETE, "/", &[]), None),
    ] {
        let (response, calls) = exchange((200, TAGGED), write).await;
        assert_eq!(calls, 0);
        // Not a 503, which says that it might work later.
        assert_answer(&response, 501, None);
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        let decision = response.extensions().get::<Decision>();
        assert_eq!(decision, Some(&Decision::Undecidable(field)));
        let problem = response.into_body().collect().await.unwrap().to_bytes();
        let problem: serde_json::Value = serde_json::from_slice(&problem).unwrap();
        assert_eq!(problem["status"], 501);
        let detail = problem["detail"].as_str().unwrap();
        assert!(!detail.contains("later"), "{detail}");
    }
}

#[tokio::test]
async fn a_write_that_depends_on_nothing_is_performed() {
    let (response, calls) = exchange((200, TAGGED), request(Method::PUT, "/", &[])).await;
    assert_eq!(calls, 1);
    assert_answer(&response, 200, Some("\"1\""));
}

#[tokio::test]
async fn with_a_source_for_writes_only_writes_ask_it() {
    let asked = Counter::default();
    let counter = asked.clone();
    let writes = ready_fn(move |_| {
        counter.add_one();
        EntityTag::from_version(1)
    });
    let written = Counter::default();
    let counter = written.clone();
    let service = service_fn(move |request: Request<String>| {
        if !request.method().is_safe() {
            counter.add_one();
        }
        async { Ok::<_, std::convert::Infallible>(crate::support::response::<String>(200, TAGGED)) }
    });
    let layer = ConditionalLayer::new(FromResponse::for_reads(writes))
        .require(Requirement::WRITES)
        .layer(service);
    for (method, field, status, asks, writes) in [
        (Method::GET, ("if-none-match", "\"1\""), 304, 0, 0),
        (Method::GET, ("if-none-match", "\"0\""), 200, 0, 0),
        (Method::PUT, ("if-match", "\"0\""), 412, 1, 0),
        (Method::PUT, ("accept", "*/*"), 428, 2, 0),
        (Method::PUT, ("if-match", "\"1\""), 200, 3, 1),
    ] {
        let asks_for = request(method, "/", &[field]);
        let response = layer.clone().oneshot(asks_for).await.unwrap();
        assert_eq!(response.status(), status, "{field:?}");
        assert_eq!((asked.get(), written.get()), (asks, writes), "{field:?}");
    }
}

// The first source fails for now: "never" would be wrong.
#[tokio::test]
async fn behind_a_source_that_fails_a_write_may_be_sent_again_later() {
    for (first, status) in [
        (Err("no connection"), 503),
        (Ok(Selected::Unknown), 501),
        (Ok(EntityTag::from_version(2).into()), 412),
    ] {
        let first = ready_fn(move |_| first.clone());
        let service = service_fn(|_: Request<String>| async {
            Ok::<_, std::convert::Infallible>(Response::new(String::new()))
        });
        let layer = ConditionalLayer::new(FirstKnown::new(first, FromResponse));
        let put = request(Method::PUT, "/", &[("if-match", "\"1\"")]);
        let response = layer.layer(service).oneshot(put).await.unwrap();
        assert_eq!(response.status(), status);
    }
}
