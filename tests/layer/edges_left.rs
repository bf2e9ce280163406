//! What the source leaves to the handler is subject to no preconditions.

use http::{Method, StatusCode};
use tower_conditional::{Outcome, Requirement, Selected};

use crate::support::{Exchange, Trial, response};

fn left(method: Method) -> Trial {
    Trial::new(method, Ok(Selected::LeftToHandler))
        .require(Requirement::WRITES)
        .require_per_resource()
}

/// The handler gets the request as it was sent, and its response is the answer.
#[track_caller]
fn passed_on(trial: &Trial) -> Exchange {
    let exchange = trial.performed();
    assert_eq!(exchange.asked, 1);
    assert_eq!(exchange.decision(), None, "nothing was decided");
    let seen = exchange.seen.as_ref().unwrap();
    assert!(seen.extensions.get::<Outcome>().is_none());
    exchange
}

#[test]
fn a_precondition_is_not_evaluated() {
    for (method, name, value) in [
        (Method::GET, "if-none-match", "*"),
        (Method::GET, "if-match", "\"1\""),
        (Method::PUT, "if-match", "\"1\""),
        (Method::PUT, "if-none-match", "*"),
        (Method::DELETE, "if-unmodified-since", "yesterday"),
    ] {
        let exchange = passed_on(&left(method).with(name, value));
        assert_eq!(exchange.seen.unwrap().headers[name], value);
    }
}

#[test]
fn nothing_is_required() {
    passed_on(&left(Method::PUT));
    passed_on(&left(Method::DELETE));
}

#[test]
fn nothing_is_added_to_the_response() {
    let exchange = passed_on(&left(Method::GET));
    assert_eq!(exchange.field("etag"), None);
}

#[test]
fn the_response_of_the_handler_is_not_evaluated_either() {
    let trial = left(Method::GET)
        .with("if-none-match", "\"1\"")
        .handler(|| response(StatusCode::OK, &[("etag", "\"1\"")]));
    assert_eq!(passed_on(&trial).response.body(), "content");
}

#[test]
fn ranges_are_left_as_they_are() {
    let trial = left(Method::GET)
        .with("range", "bytes=0-1")
        .with("if-range", "\"1\"");
    let seen = passed_on(&trial).seen.unwrap();
    assert_eq!(seen.headers["range"], "bytes=0-1");
    assert_eq!(seen.headers["if-range"], "\"1\"");
}
