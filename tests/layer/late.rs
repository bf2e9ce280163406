//! The state is unknown, so preconditions are evaluated against the handler's response.

use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use tower::{Layer, ServiceExt};
use tower_conditional::{
    ConditionalLayer, Decision, Field, FromResponse, Rules, Selected, source::SourceError,
};

use crate::support::{Answer, Handler, Trial, response};

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
const LATER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

const UNKNOWN: [Answer; 2] = [Ok(Selected::Unknown), Err("no connection")];

const FIELDS: [(&str, &str); 6] = [
    ("etag", "\"1\""),
    ("last-modified", DATE),
    ("cache-control", "no-cache"),
    ("vary", "accept"),
    ("content-type", "text/plain"),
    ("content-length", "7"),
];

fn trial(method: Method, answer: &Answer, status: u16) -> Trial {
    let status = StatusCode::from_u16(status).unwrap();
    Trial::new(method, answer.clone()).handler(move || response(status, &FIELDS))
}

/// Sends the request. The handler must get it, and the response must have this status.
#[track_caller]
fn answered(trial: &Trial, status: u16) -> crate::support::Exchange {
    let exchange = trial.send();
    assert!(exchange.seen.is_some(), "the handler was not called");
    assert_eq!(exchange.response.status(), status);
    exchange
}

#[test]
fn a_matching_tag_becomes_a_304() {
    for answer in UNKNOWN {
        for method in [Method::GET, Method::HEAD] {
            for value in ["\"1\"", "W/\"1\"", "\"0\", \"1\"", "*"] {
                let trial = trial(method.clone(), &answer, 200).with("if-none-match", value);
                let exchange = answered(&trial, 304);
                assert_eq!(
                    exchange.decision(),
                    Some(Decision::NotModified(Field::IfNoneMatch))
                );
                assert_eq!(
                    exchange
                        .response
                        .extensions()
                        .get::<SourceError>()
                        .is_some(),
                    answer.is_err(),
                );
                assert!(exchange.response.body().is_empty());
                assert_eq!(exchange.field("etag"), Some("\"1\""));
                assert_eq!(exchange.field("cache-control"), Some("no-cache"));
                assert_eq!(exchange.field("vary"), Some("accept"));
                for name in ["last-modified", "content-type", "content-length"] {
                    assert_eq!(exchange.field(name), None, "{name}");
                }
            }
        }
    }
}

#[test]
fn a_matching_date_becomes_a_304() {
    for answer in UNKNOWN {
        for value in [DATE, LATER] {
            let trial = trial(Method::GET, &answer, 200).with("if-modified-since", value);
            let exchange = answered(&trial, 304);
            assert_eq!(
                exchange.decision(),
                Some(Decision::NotModified(Field::IfModifiedSince))
            );
        }
    }
}

#[test]
fn the_date_stays_on_a_304_without_a_tag() {
    let trial = Trial::new(Method::GET, Ok(Selected::Unknown))
        .handler(|| response(StatusCode::OK, &[("last-modified", DATE)]))
        .with("if-modified-since", DATE);
    assert_eq!(answered(&trial, 304).field("last-modified"), Some(DATE));
}

#[test]
fn what_does_not_match_is_the_handlers_unchanged() {
    let fields = [
        ("if-none-match", "\"0\""),
        ("if-none-match", ""),
        ("if-modified-since", "Sun, 06 Nov 1994 08:49:36 GMT"),
        ("if-modified-since", "yesterday"),
    ];
    for answer in UNKNOWN {
        for (name, value) in fields {
            let exchange = trial(Method::GET, &answer, 200)
                .with(name, value)
                .performed();
            assert_eq!(exchange.decision(), Some(Decision::Deferred));
            assert_eq!(exchange.response.body(), "content");
            for (name, value) in FIELDS {
                assert_eq!(exchange.field(name), Some(value));
            }
        }
    }
}

#[test]
fn if_none_match_suppresses_the_date_here_too() {
    let trial = trial(Method::GET, &UNKNOWN[0], 200)
        .with("if-none-match", "\"0\"")
        .with("if-modified-since", LATER);
    trial.performed();
}

// RFC 9110 section 13.2.1: preconditions apply only if the response would be a 2xx.
#[test]
fn only_2xx_becomes_a_304() {
    for answer in UNKNOWN {
        for status in [200, 203, 206] {
            let trial = trial(Method::GET, &answer, status).with("if-none-match", "\"1\"");
            answered(&trial, 304);
        }
        for status in [301, 401, 404, 410, 416, 500, 503] {
            let trial = trial(Method::GET, &answer, status).with("if-none-match", "*");
            assert_eq!(answered(&trial, status).response.body(), "content");
        }
    }
}

#[test]
fn a_404_or_500_with_a_matching_tag_stays_one() {
    for status in [404, 500] {
        let trial = trial(Method::GET, &UNKNOWN[1], status).with("if-none-match", "\"1\"");
        assert_eq!(
            answered(&trial, status).field("content-type"),
            Some("text/plain")
        );
    }
}

// A read has changed nothing, so the response can be thrown away.
#[test]
fn a_false_guard_becomes_a_412() {
    for answer in UNKNOWN {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::from_bytes(b"QUERY").unwrap(),
        ] {
            for (name, value, field) in [
                ("if-match", "\"0\"", Field::IfMatch),
                ("if-match", "W/\"1\"", Field::IfMatch),
                ("if-unmodified-since", BEFORE, Field::IfUnmodifiedSince),
            ] {
                for status in [200, 206] {
                    let trial = trial(method.clone(), &answer, status).with(name, value);
                    for trial in [trial.clone(), trial.with("if-none-match", "\"1\"")] {
                        let exchange = answered(&trial, 412);
                        let failed = Decision::PreconditionFailed(field);
                        assert_eq!(exchange.decision(), Some(failed));
                        assert_eq!(exchange.field("etag"), Some("\"1\""));
                        assert_ne!(exchange.response.body(), "content");
                        assert_ne!(exchange.field("content-type"), Some("text/plain"));
                        let error = exchange.response.extensions().get::<SourceError>();
                        assert_eq!(error.is_some(), answer.is_err());
                    }
                }
            }
        }
    }
}

// A part of another version was sent, because the handler ran with `Range` and was not questioned.
#[test]
fn a_part_of_another_version_is_never_sent() {
    let part = |fields: &'static [(&'static str, &'static str)]| {
        Trial::new(Method::GET, Ok(Selected::Unknown))
            .handler(|| response(StatusCode::PARTIAL_CONTENT, fields))
            .with("range", "bytes=5-")
            .with("if-match", "\"1-gzip\"")
            .rules(Rules::RFC9110.coding_suffixes(&["-gzip"]))
    };
    for fields in [&[][..], &[("etag", "\"1\"")], &[("etag", "malformed")]] {
        let refusal = answered(&part(fields), 412);
        assert_ne!(refusal.response.body(), "content", "{fields:?}");
    }
    let same = answered(&part(&[("etag", "\"1-gzip\"")]), 206);
    assert_eq!(same.response.body(), "content");
}

#[test]
fn a_complete_response_without_a_tag_is_not_compared_with_one() {
    for tag in ["*", "\"1\"", ""] {
        Trial::new(Method::GET, Ok(Selected::Unknown))
            .with("if-match", tag)
            .performed();
    }
}

#[test]
fn a_late_412_is_the_one_that_respond_with_makes() {
    let handler = Handler::new(|| response(StatusCode::OK, &[("etag", "\"1\"")]));
    let layer = ConditionalLayer::new(FromResponse).respond_with(|refusal| {
        let name = String::from_utf8_lossy(refusal.head().headers["x-name"].as_bytes());
        let body = format!("{}: {:?}", name, refusal.selected().current().validators());
        Response::builder().status(409).body(body).unwrap()
    });
    let request = Request::get("/")
        .header("x-name", "me")
        .header("if-match", "\"0\"");
    let answer = layer
        .layer(handler)
        .oneshot(request.body(String::new()).unwrap());
    let (head, body) = tokio_test::block_on(answer).unwrap().into_parts();
    assert_eq!(head.status, 409);
    let body = tokio_test::block_on(body.collect()).unwrap().to_bytes();
    let body = String::from_utf8_lossy(&body);
    assert!(
        body.starts_with("me: ") && body.contains("\\\"1\\\""),
        "{body}"
    );
}

#[test]
fn a_late_304_leaves_out_what_belongs_to_the_content() {
    const PAGE: [(&str, &str); 9] = [
        ("etag", "\"1\""),
        ("content-security-policy", "script-src 'nonce-1'"),
        (
            "content-security-policy-report-only",
            "script-src 'nonce-1'",
        ),
        ("set-cookie", "a=b"),
        ("signature", "sig=:AA==:"),
        ("date", DATE),
        ("age", "7"),
        ("access-control-allow-origin", "https://example.com"),
        ("x-request-id", "1"),
    ];
    let trial = Trial::new(Method::GET, Ok(Selected::Unknown))
        .handler(|| response(StatusCode::OK, &PAGE))
        .with("if-none-match", "\"1\"");
    let exchange = answered(&trial, 304);
    for (name, value) in PAGE {
        let kept = [
            "etag",
            "date",
            "age",
            "access-control-allow-origin",
            "x-request-id",
        ];
        let expected = kept.contains(&name).then_some(value);
        assert_eq!(exchange.field(name), expected, "{name}");
    }
}

#[test]
fn there_is_nothing_late_about_a_write() {
    for answer in UNKNOWN {
        let trial = trial(Method::POST, &answer, 200).with("if-unmodified-since", "tomorrow");
        assert_eq!(answered(&trial, 200).response.body(), "content");
    }
}

#[test]
fn nothing_is_late_where_the_source_knew() {
    let missing = Ok(Selected::Missing);
    trial(Method::GET, &missing, 200)
        .with("if-none-match", "\"1\"")
        .performed();
    let other = crate::support::tagged("\"0\"");
    trial(Method::GET, &other, 200)
        .with("if-none-match", "\"1\"")
        .performed();
}

#[test]
fn a_tag_that_is_none_matches_nothing() {
    for tag in ["1", "\"1", "\"1\", \"2\""] {
        let trial = Trial::new(Method::GET, Ok(Selected::Unknown))
            .handler(move || response(StatusCode::OK, &[("etag", tag)]))
            .with("if-none-match", tag);
        trial.performed();
    }
}
