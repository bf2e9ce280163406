//! What the handler finds in the request, and outer layers in the response.

use http::{Method, StatusCode};
use tower_conditional::{
    CurrentState, Decision, EntityTag, Field, Outcome, Representation, Requirement, Rules,
    Selected, source::SourceError,
};

use crate::support::{Exchange, Trial, present, response, tagged};

#[track_caller]
fn outcome(exchange: &Exchange) -> Option<&Outcome> {
    exchange.seen.as_ref().unwrap().extensions.get()
}

#[test]
fn the_handler_gets_the_validators_that_were_evaluated() {
    let exchange = Trial::new(Method::PUT, tagged("\"7\""))
        .with("if-match", "\"7\"")
        .performed();
    let outcome = outcome(&exchange).unwrap();
    assert_eq!(outcome.decision(), Decision::Perform(Field::IfMatch));
    assert_eq!(
        outcome.validators().and_then(|v| v.etag()?.version()),
        Some(7)
    );
    assert!(matches!(outcome.current(), CurrentState::Present(_)));
}

#[test]
fn the_handler_gets_to_know_that_there_was_nothing() {
    let exchange = Trial::new(Method::PUT, Ok(Selected::Missing))
        .with("if-none-match", "*")
        .performed();
    let created = outcome(&exchange).unwrap();
    assert_eq!(created.decision(), Decision::Perform(Field::IfNoneMatch));
    assert!(matches!(created.current(), CurrentState::Missing));
    assert!(created.validators().is_none());

    // Nothing can be lost, so the requirement is satisfied. The handler still has to create the
    // resource atomically.
    let exchange = Trial::new(Method::PUT, Ok(Selected::Missing))
        .require(Requirement::WRITES)
        .performed();
    assert_eq!(
        outcome(&exchange).unwrap().decision(),
        Decision::Unconditional
    );
    let exchange = Trial::new(Method::PUT, Ok(Selected::Missing))
        .rules(Rules::RFC9110.creation_despite_if_match(true))
        .with("if-match", "\"1\"")
        .performed();
    assert!(matches!(
        outcome(&exchange).unwrap().current(),
        CurrentState::Missing
    ));
}

#[test]
fn the_handler_gets_to_know_that_nothing_is_known() {
    let exchange = Trial::new(Method::GET, Err("no connection"))
        .with("if-none-match", "\"1\"")
        .performed();
    let outcome = outcome(&exchange).unwrap();
    assert_eq!(outcome.decision(), Decision::Deferred);
    assert!(matches!(outcome.current(), CurrentState::Unknown));
}

#[test]
fn what_depended_on_nothing_has_no_outcome() {
    for method in [Method::GET, Method::PUT, Method::OPTIONS] {
        let exchange = Trial::new(method, tagged("\"1\"")).performed();
        assert!(outcome(&exchange).is_none());
        assert_eq!(exchange.decision(), None);
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Row(&'static str);

#[test]
fn the_handler_gets_what_the_source_read_along() {
    let representation =
        Representation::from(EntityTag::from_version(1)).with_extension(Row("read"));
    assert_eq!(representation.extension(), Some(&Row("read")));
    for trial in [
        Trial::new(Method::GET, present(representation.clone())),
        Trial::new(Method::PUT, present(representation.clone())).with("if-match", "\"1\""),
        Trial::new(Method::GET, present(representation))
            .set_validators(false)
            .with("if-match", "*"),
    ] {
        let exchange = trial.performed();
        assert_eq!(exchange.seen.unwrap().extensions.get(), Some(&Row("read")));
    }
}

#[test]
fn the_response_has_the_decision() {
    let trial = |method| {
        Trial::new(method, tagged("\"1\""))
            .require(Requirement::methods([http::Method::DELETE]).unwrap())
    };
    let not_modified = trial(Method::GET)
        .with("if-none-match", "\"1\"")
        .refused(304);
    assert_eq!(
        not_modified.decision(),
        Some(Decision::NotModified(Field::IfNoneMatch))
    );

    let failed = trial(Method::PUT).with("if-match", "\"0\"").refused(412);
    assert_eq!(
        failed.decision(),
        Some(Decision::PreconditionFailed(Field::IfMatch))
    );

    let required = trial(Method::DELETE).refused(428);
    assert_eq!(required.decision(), Some(Decision::PreconditionRequired));

    let performed = trial(Method::PUT).with("if-match", "\"1\"").performed();
    assert_eq!(
        performed.decision(),
        Some(Decision::Perform(Field::IfMatch))
    );
}

#[test]
fn every_performed_decision_tells_its_first_field() {
    let decide = |method, fields: &[(&'static str, &str)]| {
        let mut trial = Trial::new(method, tagged("\"1\""));
        for (name, value) in fields {
            trial = trial.with(name, value);
        }
        trial.performed().decision().unwrap()
    };
    let both = [("if-none-match", "\"0\""), ("if-match", "\"1\"")];
    assert_eq!(
        decide(Method::GET, &both),
        Decision::Perform(Field::IfMatch)
    );
    assert_eq!(
        decide(Method::GET, &both[..1]),
        Decision::Perform(Field::IfNoneMatch)
    );
    let range = [("range", "bytes=0-0"), ("if-range", "\"1\"")];
    assert_eq!(
        decide(Method::GET, &range),
        Decision::Perform(Field::IfRange)
    );
}

#[test]
fn no_decision_is_recorded_unless_it_is_asked_for() {
    for (method, answer) in [
        (Method::GET, tagged("\"1\"")),
        (Method::PUT, tagged("\"1\"")),
        (Method::PUT, Err("no connection")),
        (Method::GET, Err("no connection")),
    ] {
        let exchange = Trial::new(method, answer)
            .record_decision(false)
            .with("if-none-match", "\"1\"")
            .handler(|| response(StatusCode::OK, &[("etag", "\"1\"")]))
            .send();
        assert!(exchange.response.extensions().get::<Decision>().is_none());
        assert_ne!(exchange.response.status(), 200);
    }
    // A failure is rare, and nothing else reports it.
    for method in [Method::GET, Method::PUT] {
        let failed = Trial::new(method, Err("no connection"))
            .record_decision(false)
            .with("if-none-match", "\"1\"")
            .send();
        assert!(failed.response.extensions().get::<SourceError>().is_some());
        assert_eq!(failed.decision(), None);
    }
    // The handler still gets its outcome, because its atomic check depends on it.
    let trial = Trial::new(Method::PUT, tagged("\"1\""))
        .record_decision(false)
        .with("if-match", "*");
    assert!(outcome(&trial.performed()).is_some());
}

#[test]
fn a_read_has_an_outcome_only_if_it_is_asked_for() {
    let trial = |method, tag: &str| {
        Trial::new(method, tagged("\"1\""))
            .with("if-none-match", tag)
            .outcome_of_reads(false)
    };
    for method in [Method::GET, Method::HEAD] {
        let read = trial(method.clone(), "\"0\"");
        assert!(outcome(&read.performed()).is_none());
        let read = read.outcome_of_reads(true).performed();
        let outcome = outcome(&read).unwrap();
        assert_eq!(outcome.decision(), Decision::Perform(Field::IfNoneMatch));
        // The validators are added to the response all the same.
        assert!(outcome.validators().unwrap().etag().is_some());
        assert_eq!(read.field("etag"), Some("\"1\""));
    }
    assert!(outcome(&trial(Method::PUT, "\"0\"").performed()).is_some());

    let deferred = Trial::new(Method::GET, Ok(Selected::Unknown)).with("if-none-match", "\"0\"");
    assert!(outcome(&deferred.performed()).is_some());
    assert!(outcome(&deferred.outcome_of_reads(false).performed()).is_none());
}

#[test]
fn the_default_records_nothing_of_a_read() {
    use http::Request;
    use tower::{Layer, ServiceExt};
    use tower_conditional::{ConditionalLayer, ready_fn};

    let handler = tower::service_fn(|request: Request<()>| async move {
        assert!(request.extensions().is_empty());
        Ok::<_, std::convert::Infallible>(http::Response::new(String::new()))
    });
    let layer = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(1)));
    for (tag, status) in [("\"0\"", 200), ("\"1\"", 304)] {
        let get = Request::get("/").header("if-none-match", tag);
        let response = layer.layer(handler).oneshot(get.body(()).unwrap());
        let response = tokio_test::block_on(response).unwrap();
        assert_eq!(response.status(), status);
        assert!(response.extensions().is_empty());
    }
}
