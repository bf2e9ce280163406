//! Kinds of requests without entity tags, and the status in place of 428.

use bytes::Bytes;
use http::{Method, Request, Response, request::Parts};
use http_body_util::Full;
use tower::{Layer, ServiceExt};
use tower_conditional::{
    ConditionalLayer, CurrentState, Decision, EntityTag, Field, Outcome, Requirement, Ruling,
    Validators, ready_fn, server::ResponseBody,
};

use crate::support::{Handler, head};

/// Sends a request through a layer that requires conditional writes and has a policy that always
/// returns this ruling.
fn rule(
    ruling: Ruling,
    method: Method,
    fields: impl IntoIterator<Item = (&'static str, &'static str)>,
) -> (Response<ResponseBody<Full<Bytes>>>, Option<Parts>) {
    let handler = Handler::default();
    let service = ConditionalLayer::new(ready_fn(|_: &Parts| EntityTag::from_version(1)))
        .record_decision(true)
        .outcome_of_reads(true)
        .require(Requirement::WRITES)
        .policy(move |_: &Parts, _: CurrentState<&Validators>| ruling.clone())
        .layer(handler.clone());
    let mut head = head(method);
    for (name, value) in fields {
        head.headers.insert(name, value.parse().unwrap());
    }
    let request = Request::from_parts(head, String::new());
    let response = tokio_test::block_on(service.oneshot(request)).unwrap();
    let seen = (handler.calls() > 0).then(|| handler.only_request());
    (response, seen)
}

const FAILING: [(Method, &str, &str); 3] = [
    (Method::GET, "if-none-match", "\"1\""),
    (Method::PUT, "if-match", "\"0\""),
    (Method::PUT, "if-none-match", "*"),
];

#[test]
fn an_ignored_request_is_performed_whatever_it_says() {
    for (method, name, value) in FAILING {
        let (response, seen) = rule(Ruling::Ignore, method, Some((name, value)));
        assert_eq!(response.status(), 200);
        assert!(response.headers().is_empty(), "not stamped");
        let outcome = seen
            .unwrap()
            .extensions
            .get::<Outcome>()
            .map(Outcome::decision);
        assert!(matches!(outcome, None | Some(Decision::Unconditional)));
    }
    let (response, _) = rule(Ruling::Ignore, Method::PUT, None);
    assert_eq!(response.status(), 200, "nothing is required of it");
}

#[test]
fn a_requirement_is_a_ruling() {
    let send = |requirement: Requirement, method: Method| {
        let handler = Handler::default();
        let service = ConditionalLayer::new(ready_fn(|_: &Parts| EntityTag::from_version(1)))
            .policy(move |_, _| requirement.clone())
            .layer(handler.clone());
        let request = Request::from_parts(head(method), String::new());
        let response = tokio_test::block_on(service.oneshot(request)).unwrap();
        (response.status().as_u16(), handler.calls())
    };
    assert_eq!(send(Requirement::WRITES, Method::PUT), (428, 0));
    assert_eq!(send(Requirement::WRITES, Method::POST), (200, 1));
    assert_eq!(send(Requirement::NONE, Method::PUT), (200, 1));
}

#[test]
fn an_ignored_if_range_takes_its_range_with_it() {
    let fields = [("range", "bytes=1-"), ("if-range", "\"1\"")];
    let (_, seen) = rule(Ruling::Ignore, Method::GET, fields);
    assert!(seen.unwrap().headers.is_empty());
}

#[test]
fn a_refused_request_is_told_if_it_is_conditional() {
    for (method, name, value) in FAILING {
        let (response, seen) = rule(Ruling::NotAcceptable, method, Some((name, value)));
        assert_eq!(response.status(), 406);
        assert!(seen.is_none(), "the handler was called");
        assert_eq!(response.extensions().get(), Some(&Decision::NotAcceptable));
    }
    for method in [Method::GET, Method::PUT] {
        let (response, seen) = rule(Ruling::NotAcceptable, method, None);
        assert_eq!(response.status(), 200);
        assert!(seen.is_some());
        assert!(response.headers().is_empty(), "not stamped");
    }
}

#[test]
fn silence_and_a_requirement_leave_the_rest_as_it_is() {
    for ruling in [Ruling::Default, Ruling::Require(Requirement::WRITES)] {
        let (response, _) = rule(ruling.clone(), Method::PUT, None);
        assert_eq!(response.status(), 428);
        let (response, _) = rule(ruling, Method::PUT, Some(("if-match", "\"0\"")));
        let failed = Decision::PreconditionFailed(Field::IfMatch);
        assert_eq!(response.extensions().get(), Some(&failed));
    }
}
