//! A closure answers refused requests in place of the layer.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header::IF_MATCH, request::Parts};
use http_body::Body;
use http_body_util::BodyExt;
use tower::{Layer, ServiceExt};
use tower_conditional::{
    ConditionalLayer, Current, Decision, EntityTag, Field, Refusal, Requirement, Respond,
    ResponseBody, Selected, ready_fn, refusal_response,
};

use crate::support::{Answer, Handler, head, tagged};

fn respond(
    method: Method,
    fields: &[(&'static str, &'static str)],
    answer: Answer,
    respond: impl Respond + Clone,
) -> Response<ResponseBody<http_body_util::Full<Bytes>>> {
    let handler = Handler::default();
    let service = ConditionalLayer::new(ready_fn(move |_: &Parts| answer.clone()))
        .require(Requirement::DELETES)
        .respond_with(respond)
        .layer(handler.clone());
    let mut head = head(method);
    for (name, value) in fields {
        head.headers.append(*name, value.parse().unwrap());
    }
    let request = Request::from_parts(head, String::new());
    let response = tokio_test::block_on(service.oneshot(request)).unwrap();
    assert_eq!(handler.calls(), 0);
    response
}

fn content(response: Response<impl Body<Data = Bytes, Error = std::convert::Infallible>>) -> Bytes {
    tokio_test::block_on(response.into_body().collect())
        .unwrap()
        .to_bytes()
}

#[test]
fn it_sees_what_was_decided_and_why() {
    let see = |refusal: Refusal| {
        assert_eq!(
            refusal.decision(),
            Decision::PreconditionFailed(Field::IfMatch)
        );
        assert_eq!(refusal.head().method, Method::PUT);
        assert_eq!(refusal.head().headers[IF_MATCH], "\"0\"");
        assert!(matches!(refusal.selected(), Selected::Present(_)));
        assert!(refusal.source_error().is_none());
        Response::new(Bytes::from_static(b"seen"))
    };
    let response = respond(Method::PUT, &[("if-match", "\"0\"")], tagged("\"1\""), see);
    assert_eq!(response.status(), 200);
    assert!(response.headers().is_empty());
    assert_eq!(
        response.extensions().get(),
        Some(&Decision::PreconditionFailed(Field::IfMatch)),
    );
    assert_eq!(content(response), "seen");
}

#[test]
fn it_sees_the_error_of_the_source() {
    let see = |refusal: Refusal| {
        let error = refusal.source_error().unwrap();
        assert_eq!(error.to_string(), "the source of validators failed");
        assert!(matches!(refusal.selected(), Selected::Unknown));
        let mut response = refusal.into_response();
        *response.status_mut() = StatusCode::BAD_GATEWAY;
        response
    };
    let response = respond(Method::PUT, &[("if-match", "*")], Err("no connection"), see);
    assert_eq!(response.status(), 502);
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
}

#[test]
fn it_may_start_from_the_layers_own_response() {
    let conflict = |refusal: Refusal| {
        let mut response = refusal.into_response();
        *response.status_mut() = StatusCode::CONFLICT;
        response
    };
    let response = respond(Method::DELETE, &[], tagged("\"1\""), conflict);
    assert_eq!(response.status(), 409);
    assert_eq!(response.headers()["etag"], "\"1\"");
    assert_eq!(
        response.extensions().get(),
        Some(&Decision::PreconditionRequired)
    );
}

#[test]
fn the_body_of_a_304_is_dropped() {
    let respond_304 = |refusal: Refusal| {
        let mut response = refusal.into_response();
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.map(|_| Bytes::from_static(b"not allowed"))
    };
    for (method, name, value) in [
        (Method::GET, "if-none-match", "\"1\""),
        (Method::PUT, "if-match", "\"0\""),
    ] {
        let response = respond(method, &[(name, value)], tagged("\"1\""), respond_304);
        assert_eq!(response.status(), 304);
        assert!(response.body().is_end_stream());
        assert_eq!(response.body().size_hint().exact(), Some(0));
        assert!(content(response).is_empty());
    }
}

#[test]
fn a_handler_that_loses_a_race_answers_in_the_same_form() {
    let current = tower_conditional::Validators::from(EntityTag::from_version(1));
    let lost = refusal_response(
        Decision::PreconditionFailed(Field::IfMatch),
        Current::Present(&current),
    );
    let refused = respond(
        Method::PUT,
        &[("if-match", "\"0\"")],
        tagged("\"1\""),
        tower_conditional::DefaultRespond::default(),
    );
    assert_eq!(lost.status(), refused.status());
    assert_eq!(lost.headers(), refused.headers());
    assert_eq!(*lost.body(), content(refused));
}

#[test]
fn a_handler_can_answer_304_and_503_in_the_same_form() {
    let current = tower_conditional::Validators::from(EntityTag::from_version(1));
    let not_modified = Decision::NotModified(Field::IfNoneMatch);
    let response = refusal_response(not_modified, Current::Present(&current));
    assert_eq!(response.status(), 304);
    assert_eq!(response.headers()["etag"], "\"1\"");
    assert!(response.body().is_empty());

    let response = refusal_response(Decision::Undecidable(None), Current::Unknown);
    assert_eq!(response.status(), 503);
    let response = refusal_response(Decision::Unconditional, Current::Missing);
    assert_eq!(
        response.status(),
        412,
        "it performs, but the handler did not"
    );
}
