//! 428: where a precondition can be required, which requirement applies, and what satisfies it.

use bytes::Bytes;
use http::{Method, Request, request::Parts};
use http_body_util::Full;
use tower::{Layer, ServiceExt};
use tower_conditional::{
    ConditionalLayer, CurrentState, EntityTag, Representation, Requirement, Rules, Selected,
    Validators, ready_fn,
};

use crate::support::{Handler, Trial, date_of, head, present, tagged};

const DATE: &str = "Tue, 15 Nov 1994 12:45:26 GMT";
const LATER: &str = "Wed, 16 Nov 1994 12:45:26 GMT";

fn required(method: Method) -> Trial {
    let representation =
        Representation::from(EntityTag::from_version(1)).with_last_modified(date_of(DATE));
    Trial::new(method, present(representation)).require(Requirement::WRITES)
}

#[test]
fn the_presets_cover_their_methods() {
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        required(method).refused(428);
    }
    for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST] {
        required(method).performed();
    }
    required(Method::DELETE)
        .require(Requirement::methods([http::Method::DELETE]).unwrap())
        .refused(428);
    required(Method::PUT)
        .require(Requirement::methods([http::Method::DELETE]).unwrap())
        .performed();
}

#[test]
fn a_list_can_cover_post_and_methods_of_other_specifications() {
    let propfind = Method::from_bytes(b"PROPPATCH").unwrap();
    let listed = Requirement::methods([Method::POST, propfind.clone()]).unwrap();
    required(Method::POST).require(listed.clone()).refused(428);
    required(propfind).require(listed.clone()).refused(428);
    required(Method::PUT).require(listed).performed();
}

#[test]
fn the_unsafe_methods_are_all_but_those_that_are_safe() {
    let required = |method: &str| {
        let method = method.parse().unwrap();
        required(method).require(Requirement::UNSAFE)
    };
    for method in [
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "PROPPATCH",
        "MOVE",
        "FROB",
        "query",
    ] {
        required(method).refused(428);
        required(method).with("if-match", "\"1\"").performed();
    }
    for method in ["GET", "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY"] {
        required(method).performed();
    }
}

#[test]
fn a_list_is_of_methods_that_can_need_it() {
    let query = Method::from_bytes(b"QUERY").unwrap();
    for method in [
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::CONNECT,
        query,
    ] {
        let error = Requirement::methods([Method::PUT, method.clone()]).unwrap_err();
        let expected = format!("expected unsafe methods, found {method}");
        assert_eq!(error.to_string(), expected);
    }
    assert!(Requirement::methods([]).is_err(), "that is `NONE`");
}

#[test]
fn an_evaluated_lost_update_precondition_satisfies_it() {
    required(Method::PUT).with("if-match", "\"1\"").performed();
    required(Method::PUT).with("if-match", "*").performed();
    required(Method::PUT)
        .with("if-unmodified-since", LATER)
        .performed();
}

#[test]
fn an_ignored_one_does_not() {
    required(Method::PUT)
        .with("if-unmodified-since", "tomorrow")
        .refused(428);
    required(Method::PUT)
        .with("if-unmodified-since", LATER)
        .with("if-unmodified-since", LATER)
        .refused(428);
    let undated = Trial::new(Method::PUT, tagged("\"1\"")).require(Requirement::WRITES);
    undated.with("if-unmodified-since", LATER).refused(428);
    required(Method::PUT)
        .with("if-modified-since", DATE)
        .refused(428);
}

#[test]
fn a_tag_list_in_if_none_match_never_does() {
    required(Method::PUT)
        .with("if-none-match", "\"0\"")
        .refused(428);
    required(Method::PUT).with("if-none-match", "").refused(428);
}

// Preconditions are evaluated first: a 412 is more specific than a 428.
#[test]
fn a_failed_precondition_wins_over_the_requirement() {
    required(Method::PUT).with("if-match", "\"0\"").refused(412);
    required(Method::PUT)
        .with("if-none-match", "*")
        .refused(412);
    required(Method::PUT)
        .with("if-none-match", "\"1\"")
        .refused(412);
}

#[test]
fn creation_is_not_required_to_be_conditional_but_for_the_switch() {
    let missing = |method| Trial::new(method, Ok(Selected::Missing)).require(Requirement::WRITES);
    missing(Method::PUT).performed();

    let strict = |method| missing(method).rules(Rules::RFC9110.strict_creation(true));
    strict(Method::PUT).refused(428);
    strict(Method::PUT)
        .with("if-none-match", "\"1\"")
        .refused(428);
    strict(Method::PUT)
        .with("if-unmodified-since", LATER)
        .refused(428);
    strict(Method::PUT).with("if-none-match", "*").performed();
    strict(Method::DELETE).performed();
}

#[test]
fn the_resource_speaks_only_where_it_is_asked() {
    let strict =
        Representation::from(EntityTag::from_version(1)).with_requirement(Requirement::WRITES);
    let trial = || Trial::new(Method::PUT, present(strict.clone()));
    assert_eq!(trial().performed().asked, 0);
    assert_eq!(trial().require_per_resource().refused(428).asked, 1);
    trial()
        .require_per_resource()
        .with("if-match", "\"1\"")
        .performed();
}

#[test]
fn the_resource_wins_over_the_layer() {
    let with = |requirement| {
        let representation =
            Representation::from(EntityTag::from_version(1)).with_requirement(requirement);
        Trial::new(Method::PUT, present(representation)).require_per_resource()
    };
    with(Requirement::NONE)
        .require(Requirement::WRITES)
        .performed();
    with(Requirement::methods([http::Method::DELETE]).unwrap())
        .require(Requirement::WRITES)
        .performed();
    with(Requirement::WRITES)
        .require(Requirement::NONE)
        .refused(428);
}

fn put_status(
    policy: impl Fn(&Parts, CurrentState<&Validators>) -> Option<Requirement> + Send + Sync + 'static,
    of_resource: Option<Requirement>,
) -> u16 {
    let mut representation = Representation::from(EntityTag::from_version(1));
    if let Some(requirement) = of_resource {
        representation = representation.with_requirement(requirement);
    }
    let service = ConditionalLayer::new(ready_fn(move |_: &Parts| representation.clone()))
        .require(Requirement::WRITES)
        .policy(policy)
        .layer(Handler::default());
    let request = Request::from_parts(head(Method::PUT), Full::<Bytes>::default());
    tokio_test::block_on(service.oneshot(request))
        .unwrap()
        .status()
        .as_u16()
}

#[test]
fn the_request_wins_over_the_resource_and_the_layer() {
    let none = |_: &Parts, _: CurrentState<&Validators>| Some(Requirement::NONE);
    let writes = |_: &Parts, _: CurrentState<&Validators>| Some(Requirement::WRITES);
    let silent = |_: &Parts, _: CurrentState<&Validators>| None;

    assert_eq!(put_status(none, Some(Requirement::WRITES)), 200);
    assert_eq!(put_status(none, None), 200);
    assert_eq!(put_status(writes, Some(Requirement::NONE)), 428);
    assert_eq!(put_status(silent, Some(Requirement::NONE)), 200);
    assert_eq!(put_status(silent, None), 428);
}

#[test]
fn the_policy_sees_the_request_and_the_representation() {
    let policy = |head: &Parts, current: CurrentState<&Validators>| {
        assert_eq!(
            (head.method.as_str(), head.uri.path()),
            ("PUT", "/resource")
        );
        let version = current.validators()?.etag()?.version();
        (version == Some(1)).then_some(Requirement::NONE)
    };
    assert_eq!(put_status(policy, Some(Requirement::WRITES)), 200);
}

// The policy needs the state, so the layer must ask the source before it knows what is required.
#[test]
fn a_policy_makes_the_layer_ask_about_unconditional_writes_only() {
    let policy = |_: &Parts, _: CurrentState<&Validators>| None;
    let asked = crate::support::AtomicCounter::default();
    let counter = asked.clone();
    let layer = ConditionalLayer::new(ready_fn(move |_: &Parts| {
        counter.add_one();
        EntityTag::from_version(1)
    }))
    .set_validators(false)
    .policy(policy);
    for (method, expected) in [(Method::POST, 1), (Method::GET, 1), (Method::OPTIONS, 1)] {
        let request = Request::from_parts(head(method), Full::<Bytes>::default());
        tokio_test::block_on(layer.layer(Handler::default()).oneshot(request)).unwrap();
        assert_eq!(asked.count(), expected);
    }
}
