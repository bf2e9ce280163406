//! The state is unknown, so preconditions are evaluated against the handler's response.

use http::{Method, StatusCode};
use tower_conditional::{Decision, Field, Selected, source::SourceError};

use crate::support::{Answer, Trial, response};

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
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

// The method has been performed already, so a 412 would be wrong.
#[test]
fn there_is_no_late_412() {
    for answer in UNKNOWN {
        for (name, value) in [
            ("if-match", "\"0\""),
            ("if-unmodified-since", "Sun, 06 Nov 1994 08:49:36 GMT"),
        ] {
            trial(Method::GET, &answer, 200)
                .with(name, value)
                .performed();
            let both = trial(Method::GET, &answer, 200).with("if-none-match", "\"1\"");
            both.with(name, value).performed();
        }
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
