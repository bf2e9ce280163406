//! `Debug` of the public types: it shows the settings, but no values that closures capture.

use std::fmt::Debug;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, header::IF_NONE_MATCH, request::Parts,
};
use tower::{Layer, Service};
use tower_conditional::{
    Conditional, ConditionalLayer, CurrentState, Decision, EntityTag, Field, HttpDate, Outcome,
    Preconditions, Refusal, Representation, Requirement, Rules, Selected, ValidatorSource,
    Validators,
    etag::{EntityTagRef, EntityTags},
    ready_fn,
    source::{Lookup, by_head::HeadSource},
    source_fn,
};
#[cfg(feature = "cache")]
use {
    std::time::Duration,
    tower_conditional::{Cached, source::BindSource},
};

use crate::support::{Handler, Trial, head, tagged};

const SECRET: &str = "hunter2";

#[track_caller]
fn shown(value: impl Debug) -> String {
    let shown = format!("{value:?}");
    assert!(!shown.is_empty());
    assert!(!format!("{value:#?}").contains(SECRET));
    assert!(!shown.contains(SECRET), "{shown}");
    shown
}

#[test]
fn layer_and_service_and_future_show_their_settings_but_no_closure() {
    let secret = SECRET.to_owned();
    let (one, two, three) = (secret.clone(), secret.clone(), secret);
    let source = ready_fn(move |_: &Parts| one.is_empty().then(|| EntityTag::from_version(1)));
    let layer = ConditionalLayer::new(source)
        .require(Requirement::WRITES)
        .policy(move |_: &Parts, _: CurrentState<&Validators>| {
            two.is_empty().then_some(Requirement::NONE)
        })
        .respond_with(move |refusal: Refusal| {
            assert!(!three.is_empty());
            refusal.into_response()
        });
    let settings = shown(&layer);
    for part in [
        "ConditionalLayer",
        "Writes",
        "set_validators: true",
        "record_decision: false",
        "policy: Some(Policy)",
        "respond: Some(Respond)",
        "ReadyFn",
    ] {
        assert!(settings.contains(part), "{part}: {settings}");
    }

    // The handler is shown with its own `Debug`.
    #[derive(Clone, Debug)]
    struct Inner;
    assert!(shown(layer.layer(Inner)).contains("inner: Inner"));

    let mut service = layer.layer(Handler::default());
    let request = |method| Request::from_parts(head(method), SECRET.to_owned());
    assert!(shown(service.call(request(Method::GET))).contains("Performing"));
    // Nothing is left to do with the responses to these.
    assert!(shown(service.call(request(Method::PUT))).contains("Passing"));
    assert!(shown(service.call(request(Method::OPTIONS))).contains("Passing"));
    let mut get = request(Method::PUT);
    get.headers_mut()
        .insert("if-match", SECRET.parse().unwrap());
    assert!(shown(service.call(get)).contains("Refusing"));

    let asks = source_fn(|_| async { EntityTag::from_version(1) });
    let mut service = Conditional::new(Handler::default(), asks);
    assert!(shown(service.call(request(Method::GET))).contains("LookingUp"));
}

#[test]
fn sources_and_answers() {
    let secret = SECRET.to_owned();
    let source = ready_fn(move |_: &Parts| secret.is_empty().then(|| EntityTag::from_version(1)));
    assert!(shown(&source).starts_with("ReadyFn"));

    let representation = Representation::from(EntityTag::from_version(7));
    assert!(shown(Selected::Present(representation.clone())).contains("\\\"7\\\""));
    shown(representation);
    shown(Lookup::<()>::Ready(Ok(Selected::Missing)));
    shown(Lookup::Pending(()));
    let awaited = source_fn(|_| async { EntityTag::from_version(1) });
    assert!(shown(awaited).starts_with("SourceFn"));
    let looked_up = awaited.look_up(&head(Method::GET));
    assert!(shown(looked_up).contains("AnswerFuture"));
    let boxed = awaited.boxed();
    assert_eq!(shown(&boxed), "BoxedSource");
    assert!(shown(boxed.look_up(&head(Method::GET))).contains("BoxLookup"));

    let error = Trial::new(Method::PUT, Err("no connection"))
        .with("if-match", "*")
        .refused(503);
    let error = error
        .response
        .extensions()
        .get::<tower_conditional::source::SourceError>();
    assert!(shown(error.unwrap()).contains("no connection"));
}

#[test]
fn sources_that_ask_a_service() {
    let source = HeadSource::<_, String>::new(Handler::default());
    assert!(shown(&source).contains("Handler"));
    let looked_up = source.look_up(&head(Method::GET));
    assert!(shown(looked_up).contains("HeadFuture { safe: true }"));
}

#[cfg(feature = "cache")]
#[test]
fn a_cache_and_the_service_inside_it() {
    let source = ready_fn(|_: &Parts| EntityTag::from_version(1));
    let cached = Cached::new(source, 10, Duration::MAX);
    let (mut service, source) = cached.bind(Handler::default());
    assert!(shown(source).contains("UriKey"));
    for (method, writes) in [(Method::GET, "write: false"), (Method::PUT, "write: true")] {
        let request = Request::from_parts(head(method), SECRET.to_owned());
        assert!(shown(service.call(request)).contains(writes));
    }
    let (service, _) = cached.bind("inside");
    assert!(shown(service).contains("inside\", paths: Paths"));
}

#[test]
fn values() {
    assert_eq!(
        shown(EntityTag::from_static("W/\"1\"")),
        r#"EntityTag(W/\"1\")"#
    );
    assert_eq!(
        shown(EntityTag::strong(b"\xE9").unwrap()),
        r#"EntityTag(\"\xe9\")"#
    );
    assert_eq!(
        shown(EntityTagRef::parse(b"W/\"1\"").unwrap()),
        r#"EntityTagRef(W/\"1\")"#
    );
    assert!(shown(EntityTagRef::parse(b"1").unwrap_err()).contains("InvalidEntityTag"));
    let date = HttpDate::from_unix_seconds(0).unwrap();
    assert_eq!(shown(date), "HttpDate(Thu, 01 Jan 1970 00:00:00 GMT)");
    shown(HttpDate::from_unix_seconds(i64::MAX).unwrap_err());
    shown(Validators::from(date));
    shown(CurrentState::<()>::Unknown);
    shown(Decision::NotModified(Field::IfMatch));
    shown(Rules::RFC9110);
    assert!(shown(Rules::RFC9110.coding_suffixes(&["-gzip"])).contains("[\"-gzip\"]"));
    shown(Requirement::methods([Method::POST]).unwrap());
}

#[test]
fn what_is_borrowed_from_a_request() {
    let mut headers = HeaderMap::new();
    headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"1\""));
    shown(EntityTags::new(headers.get_all(IF_NONE_MATCH)));
    shown(Preconditions::new(&Method::GET, &headers));
}

#[test]
fn what_is_in_extensions_and_bodies() {
    let exchange = Trial::new(Method::PUT, tagged("\"7\""))
        .with("if-match", "*")
        .performed();
    let outcome: Option<&Outcome> = exchange.seen.as_ref().unwrap().extensions.get();
    assert!(shown(outcome.unwrap()).contains("IfMatch"));

    let layer = ConditionalLayer::new(ready_fn(|_: &Parts| EntityTag::from_version(1)))
        .respond_with(|refusal: Refusal| {
            assert!(shown(&refusal).contains("PreconditionFailed"));
            Response::new(Bytes::from_static(b"shown"))
        });
    let mut head = head(Method::PUT);
    head.headers.insert("if-match", "\"0\"".parse().unwrap());
    let future = layer
        .layer(Handler::default())
        .call(Request::from_parts(head, ()));
    assert!(shown(tokio_test::block_on(future).unwrap().into_body()).contains("shown"));
}
