//! 304, 412, 428 and 503: the handler does not run, and the request body is not read.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{
    Method, Request, Response,
    header::{CACHE_CONTROL, CONTENT_LOCATION, CONTENT_TYPE, EXPIRES, HeaderName, VARY},
    request::Parts,
};
use http_body::{Body, Frame};
use serde_json::Value;
use tower::{Layer, ServiceExt, service_fn};
use tower_conditional::{
    ConditionalLayer, Decision, EntityTag, Field, Representation, Requirement, Selected, ready_fn,
};

use crate::support::{Exchange, Trial, date_of, dated, head, present, tagged};

const DATE: &str = "Tue, 15 Nov 1994 12:45:26 GMT";

#[track_caller]
fn problem(exchange: &Exchange, status: u16, field: Option<&str>) {
    assert_eq!(
        exchange.field("content-type"),
        Some("application/problem+json")
    );
    let problem: Value = serde_json::from_slice(exchange.response.body()).unwrap();
    assert_eq!(problem["status"], status);
    assert_eq!(problem["field"].as_str(), field);
    assert!(problem["title"].is_string());
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("send the request again")
            || problem["detail"]
                .as_str()
                .unwrap()
                .contains("Send it again")
    );
}

#[test]
fn not_modified_carries_the_tag_and_no_date() {
    let representation =
        Representation::from(EntityTag::from_static("\"1\"")).with_last_modified(date_of(DATE));
    let exchange = Trial::new(Method::GET, present(representation))
        .with("if-none-match", "\"1\"")
        .refused(304);
    assert_eq!(exchange.field("etag"), Some("\"1\""));
    assert_eq!(exchange.field("last-modified"), None);
    assert!(exchange.response.body().is_empty());
}

#[test]
fn not_modified_carries_the_date_where_there_is_no_tag() {
    let exchange = Trial::new(Method::HEAD, dated(DATE))
        .with("if-modified-since", DATE)
        .refused(304);
    assert_eq!(exchange.field("last-modified"), Some(DATE));
    assert!(exchange.response.body().is_empty());
}

#[test]
fn not_modified_repeats_fields_and_leaves_content_fields_off() {
    let content = [
        "accept-ranges",
        "content-digest",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-md5",
        "content-range",
        "content-type",
        "digest",
        "repr-digest",
        "trailer",
        "transfer-encoding",
    ];
    let mut representation = Representation::from(EntityTag::from_version(1))
        .with_field(CACHE_CONTROL, "max-age=60".parse().unwrap())
        .with_field(CACHE_CONTROL, "public".parse().unwrap())
        .with_field(CONTENT_LOCATION, "/resource.en".parse().unwrap())
        .with_field(EXPIRES, DATE.parse().unwrap())
        .with_field(VARY, "accept-language".parse().unwrap());
    for name in content {
        representation =
            representation.with_field(HeaderName::from_static(name), "x".parse().unwrap());
    }
    let exchange = Trial::new(Method::GET, present(representation))
        .with("if-none-match", "\"1\"")
        .refused(304);
    let headers = exchange.response.headers();
    let lines: Vec<_> = headers.get_all(CACHE_CONTROL).iter().collect();
    assert_eq!(lines, ["max-age=60", "public"]);
    assert_eq!(exchange.field("content-location"), Some("/resource.en"));
    assert_eq!(exchange.field("expires"), Some(DATE));
    assert_eq!(exchange.field("vary"), Some("accept-language"));
    for name in content {
        assert_eq!(exchange.field(name), None, "{name}");
    }
}

#[test]
fn nothing_of_the_request_is_in_a_refusal() {
    for (method, status) in [(Method::GET, 304), (Method::PUT, 412)] {
        let exchange = Trial::new(method, tagged("\"1\""))
            .with("if-none-match", "*")
            .with("authorization", "Basic c2VjcmV0")
            .with("cookie", "secret")
            .refused(status);
        for name in ["if-none-match", "authorization", "cookie"] {
            assert_eq!(exchange.field(name), None, "{name}");
        }
    }
}

#[test]
fn precondition_failed_names_the_field_and_the_current_tag() {
    let representation = Representation::from(EntityTag::from_static("W/\"2\""))
        .with_last_modified(date_of(DATE))
        .with_field(CONTENT_TYPE, "text/html".parse().unwrap())
        .with_field(CACHE_CONTROL, "max-age=60".parse().unwrap());
    let failing = [
        ("if-match", "\"1\"", "If-Match"),
        (
            "if-unmodified-since",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "If-Unmodified-Since",
        ),
        ("if-none-match", "\"2\"", "If-None-Match"),
    ];
    for (name, value, field) in failing {
        let exchange = Trial::new(Method::PUT, present(representation.clone()))
            .with(name, value)
            .refused(412);
        problem(&exchange, 412, Some(field));
        assert_eq!(exchange.field("etag"), Some("W/\"2\""));
        assert_eq!(
            exchange.field("cache-control"),
            None,
            "that of the representation"
        );
    }
}

#[test]
fn precondition_failed_without_a_representation_has_no_tag() {
    let exchange = Trial::new(Method::PUT, Ok(Selected::Missing))
        .with("if-match", "*")
        .refused(412);
    problem(&exchange, 412, Some("If-Match"));
    assert_eq!(exchange.field("etag"), None);
}

#[test]
fn precondition_required_says_how_to_resubmit_and_is_not_stored() {
    let exchange = Trial::new(Method::PUT, tagged("\"1\""))
        .require(Requirement::WRITES)
        .refused(428);
    problem(&exchange, 428, None);
    assert_eq!(exchange.field("etag"), Some("\"1\""));
    assert_eq!(exchange.field("cache-control"), Some("no-store"));
}

#[test]
fn undecidable_gives_the_reason_and_is_not_stored() {
    for answer in [Ok(Selected::Unknown), Err("no connection")] {
        let exchange = Trial::new(Method::PUT, answer.clone())
            .with("if-match", "\"1\"")
            .refused(503);
        problem(&exchange, 503, Some("If-Match"));
        assert_eq!(exchange.field("cache-control"), Some("no-store"));
        let body = std::str::from_utf8(exchange.response.body()).unwrap();
        assert!(
            !body.contains("connection"),
            "the error is nobody else's business: {body}"
        );

        let required = Trial::new(Method::PUT, answer)
            .require(Requirement::WRITES)
            .refused(503);
        problem(&required, 503, None);
    }
}

/// A body that must not be read.
struct Unread;

impl Body for Unread {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        panic!("the request's body was read");
    }
}

#[tokio::test]
async fn neither_a_refusal_nor_a_pass_reads_the_body() {
    let source = ready_fn(|_: &Parts| EntityTag::from_version(2));
    for (tag, status) in [("\"1\"", 412), ("\"2\"", 204)] {
        let handler = service_fn(|_: Request<Unread>| async {
            Ok::<_, Infallible>(Response::builder().status(204).body(String::new()).unwrap())
        });
        let mut head = head(Method::PUT);
        head.headers.insert("if-match", tag.parse().unwrap());
        let response = ConditionalLayer::new(source)
            .layer(handler)
            .oneshot(Request::from_parts(head, Unread))
            .await
            .unwrap();
        assert_eq!(response.status(), status);
    }
}

// What a client should do differs, so no two say the same.
#[test]
fn each_refusal_says_what_to_do() {
    for (decision, advice) in [
        (Decision::PreconditionRequired, "must be conditional"),
        (Decision::NotAcceptable, "Send it without them"),
        (Decision::Busy, "Other writes"),
        (Decision::Undecidable(None), "could not be determined"),
        (
            Decision::PreconditionFailed(Field::IfUnmodifiedSince),
            "modified after this date",
        ),
        (
            Decision::PreconditionFailed(Field::IfNoneMatch),
            "The resource exists",
        ),
        (
            Decision::PreconditionFailed(Field::IfMatch),
            "with its new ETag in If-Match",
        ),
    ] {
        let body = Bytes::from(decision.response(Selected::Unknown).into_body());
        let problem: Value = serde_json::from_slice(&body).unwrap();
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(advice), "{decision:?}: {detail}");
    }
}
