//! The source does not know or fails: reads are performed, writes that depend on the answer are
//! not.

use http::{Method, StatusCode};
use tower_conditional::{Decision, Field, Requirement, Rules, Selected, source::SourceError};

use crate::support::{Answer, Exchange, Trial, response};

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

const UNKNOWN: [Answer; 2] = [Ok(Selected::Unknown), Err("no connection")];

#[track_caller]
fn reports_its_error(exchange: &Exchange, answer: &Answer) {
    let error = exchange.response.extensions().get::<SourceError>();
    assert_eq!(error.is_some(), answer.is_err());
    if let (Some(error), Err(cause)) = (error, answer) {
        let source = std::error::Error::source(error).unwrap();
        assert_eq!(source.to_string(), *cause);
    }
}

#[test]
fn reads_are_performed() {
    let fields = [
        ("if-match", "\"1\""),
        ("if-none-match", "\"1\""),
        ("if-modified-since", DATE),
        ("if-unmodified-since", DATE),
    ];
    for answer in UNKNOWN {
        for method in [Method::GET, Method::HEAD] {
            for (name, value) in fields {
                let trial = Trial::new(method.clone(), answer.clone()).with(name, value);
                let exchange = trial.performed();
                assert_eq!(exchange.decision(), Some(Decision::Deferred), "{name}");
                reports_its_error(&exchange, &answer);
            }
        }
    }
}

#[test]
fn an_unconditional_read_is_performed_and_the_error_reported() {
    for answer in UNKNOWN {
        let exchange = Trial::new(Method::GET, answer.clone()).performed();
        reports_its_error(&exchange, &answer);
    }
}

#[test]
fn writes_that_depend_on_the_answer_are_not() {
    let fields = [
        ("if-match", "\"1\"", Field::IfMatch),
        ("if-match", "*", Field::IfMatch),
        ("if-match", "", Field::IfMatch),
        ("if-unmodified-since", DATE, Field::IfUnmodifiedSince),
        ("if-none-match", "*", Field::IfNoneMatch),
        ("if-none-match", "\"1\"", Field::IfNoneMatch),
    ];
    for answer in UNKNOWN {
        for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
            for (name, value, field) in fields {
                let trial = Trial::new(method.clone(), answer.clone()).with(name, value);
                let exchange = trial.refused(503);
                assert_eq!(
                    exchange.decision(),
                    Some(Decision::Undecidable(Some(field)))
                );
                reports_its_error(&exchange, &answer);
            }
        }
    }
}

#[test]
fn writes_that_are_required_to_be_conditional_are_not() {
    for answer in UNKNOWN {
        let trial = Trial::new(Method::PUT, answer.clone()).require(Requirement::WRITES);
        let exchange = trial.refused(503);
        assert_eq!(exchange.decision(), Some(Decision::Undecidable(None)));
        reports_its_error(&exchange, &answer);
    }
}

#[test]
fn a_write_whose_date_is_ignored_anyway_is_performed() {
    for answer in UNKNOWN {
        let trial =
            |value| Trial::new(Method::PUT, answer.clone()).with("if-unmodified-since", value);
        reports_its_error(&trial("tomorrow").performed(), &answer);
        trial(DATE).with("if-unmodified-since", DATE).performed();
    }
}

#[test]
fn a_range_is_not_taken_from_what_nobody_knows() {
    for answer in UNKNOWN {
        for (name, value) in [("if-range", "\"1\""), ("if-none-match", "\"0\"")] {
            let exchange = Trial::new(Method::GET, answer.clone())
                .with("range", "bytes=0-0")
                .with("if-range", "\"2\"")
                .with(name, value)
                .performed();
            let headers = exchange.seen.unwrap().headers;
            assert!(!headers.contains_key("range") && !headers.contains_key("if-range"));
        }
    }
}

#[test]
fn the_tag_of_a_response_is_compared_by_the_rules_too() {
    let read = Trial::new(Method::GET, Ok(Selected::Unknown))
        .handler(|| response(StatusCode::OK, &[("etag", "\"1\"")]))
        .with("if-none-match", "\"1-gzip\"");
    assert_eq!(read.send().response.status(), 200);
    let read = read.rules(Rules::RFC9110.coding_suffixes(&["-gzip"]));
    assert_eq!(read.send().response.status(), 304);
    let part = read.with("range", "bytes=5-");
    assert_eq!(part.send().response.status(), 200);
}
