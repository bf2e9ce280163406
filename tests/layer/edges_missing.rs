//! Edge cases in which there is no representation.

use http::{Method, StatusCode};
use tower_conditional::{Decision, Expected, Field, Outcome, Requirement, Rules, Selected};

use crate::support::{Trial, response};

const DATE: &str = "Tue, 15 Nov 1994 12:45:26 GMT";

fn missing(method: Method) -> Trial {
    Trial::new(method, Ok(Selected::Missing))
        .handler(|| response(StatusCode::NOT_FOUND, &[("etag", "\"error-page\"")]))
}

// RFC 9110 section 13.2.1: a response other than 2xx and 412 takes precedence over preconditions.
#[test]
fn a_read_gets_the_404_of_the_handler() {
    let fields = [
        ("if-match", "*"),
        ("if-match", "\"1\""),
        ("if-none-match", "*"),
        ("if-none-match", "\"error-page\""),
        ("if-modified-since", DATE),
        ("if-unmodified-since", DATE),
    ];
    for method in [Method::GET, Method::HEAD] {
        for (name, value) in fields {
            let exchange = missing(method.clone()).with(name, value).performed();
            assert_eq!(exchange.decision(), None, "{name}: {value}");
        }
    }
}

#[test]
fn a_write_with_if_match_fails() {
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
        for value in ["*", "\"1\"", "\"1\", \"2\"", "", "unquoted"] {
            let exchange = missing(method.clone()).with("if-match", value).refused(412);
            assert_eq!(
                exchange.decision(),
                Some(Decision::PreconditionFailed(Field::IfMatch))
            );
        }
    }
}

#[test]
fn a_switch_lets_creation_through() {
    let upsert = Rules::RFC9110.creation_despite_if_match(true);
    for value in ["*", "\"1\""] {
        missing(Method::PUT)
            .rules(upsert)
            .with("if-match", value)
            .performed();
    }
}

// RFC 9110 section 13.2.1: the 404 takes precedence, as S3 and cachew answer.
#[test]
fn a_switch_lets_the_404_of_a_change_come_first() {
    let rules = Rules::RFC9110.not_found_first(true);
    let with = |method: Method| missing(method).rules(rules).with("if-match", "\"1\"");
    for method in [Method::PATCH, Method::DELETE] {
        let exchange = with(method.clone()).performed();
        let expected = exchange.seen.as_ref().unwrap().extensions.get::<Outcome>();
        assert!(matches!(expected.unwrap().expected(), Expected::Absent));
        with(method.clone())
            .require(Requirement::WRITES)
            .performed();
        let strict = rules.strict_creation(true);
        let strict = with(method).rules(strict).require(Requirement::WRITES);
        strict.performed();
    }
    for method in [
        Method::PUT,
        Method::POST,
        Method::from_bytes(b"MOVE").unwrap(),
    ] {
        with(method).refused(412);
    }
    let strict = missing(Method::PATCH).rules(rules.strict_creation(true));
    strict.require(Requirement::WRITES).refused(428);
    // There is something to change.
    let present = Trial::new(Method::DELETE, crate::support::tagged("\"2\"")).rules(rules);
    present.with("if-match", "\"1\"").refused(412);
}

#[test]
fn if_none_match_is_true() {
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
        for value in ["*", "\"1\"", ""] {
            let exchange = missing(method.clone())
                .with("if-none-match", value)
                .performed();
            assert_eq!(
                exchange.decision(),
                Some(Decision::Perform(Field::IfNoneMatch))
            );
        }
    }
}

#[test]
fn if_match_decides_before_if_none_match() {
    missing(Method::PUT)
        .with("if-none-match", "*")
        .with("if-match", "*")
        .refused(412);
}

#[test]
fn the_dates_are_ignored_for_want_of_a_date() {
    for name in ["if-unmodified-since", "if-modified-since"] {
        missing(Method::PUT)
            .with(name, "Thu, 01 Jan 1970 00:00:00 GMT")
            .performed();
    }
}
