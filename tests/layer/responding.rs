//! A closure answers refused requests in place of the layer.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    task::Poll,
};

use bytes::Bytes;
use http::{
    Method, Request, Response, StatusCode,
    header::{IF_MATCH, IF_NONE_MATCH},
    request::Parts,
};
use http_body::Body;
use http_body_util::BodyExt;
use tokio_test::task;
use tower::{Layer, Service, ServiceExt};
use tower_conditional::{
    ConditionalLayer, Decision, EntityTag, Field, FromResponse, Refusal, RefusalBody, Requirement,
    Selected, ready_fn, server::ResponseBody, source_fn,
};

use crate::support::{Answer, Handler, head, tagged};

fn respond(
    method: Method,
    fields: &[(&'static str, &'static str)],
    answer: Answer,
    respond: impl Fn(Refusal<'_>) -> Response<RefusalBody> + Send + Sync + 'static,
) -> Response<ResponseBody<http_body_util::Full<Bytes>>> {
    let handler = Handler::default();
    let service = ConditionalLayer::new(ready_fn(move |_: &Parts| answer.clone()))
        .record_decision(true)
        .require(Requirement::methods([http::Method::DELETE]).unwrap())
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

/// A response of the handler that has the tag `"1"`, and is decided by it.
fn late(fields: &[(&'static str, &'static str)]) -> Response<ResponseBody<String>> {
    let handler = tower::service_fn(|_: Request<()>| async {
        let tagged = Response::builder().header("etag", "\"1\"");
        tagged.body("content".to_owned())
    });
    let mut request = Request::get("/");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let service = ConditionalLayer::new(FromResponse).layer(handler);
    tokio_test::block_on(service.oneshot(request.body(()).unwrap())).unwrap()
}

fn content(response: Response<impl Body<Data = Bytes, Error = std::convert::Infallible>>) -> Bytes {
    tokio_test::block_on(response.into_body().collect())
        .unwrap()
        .to_bytes()
}

#[test]
fn it_sees_what_was_decided_and_why() {
    let see = |refusal: Refusal<'_>| {
        assert_eq!(
            refusal.decision(),
            Decision::PreconditionFailed(Field::IfMatch)
        );
        assert_eq!(refusal.head().method, Method::PUT);
        assert_eq!(refusal.head().headers[IF_MATCH], "\"0\"");
        assert!(matches!(refusal.selected(), Selected::Present(_)));
        assert!(refusal.source_error().is_none());
        Response::new(RefusalBody::from("seen"))
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
    let see = |refusal: Refusal<'_>| {
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
    let conflict = |refusal: Refusal<'_>| {
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
fn a_response_to_head_without_content_has_no_length() {
    let empty = |refusal: Refusal<'_>| refusal.into_response().map(|_| RefusalBody::default());
    let fields = [("if-match", "\"0\"")];
    let response = respond(Method::HEAD, &fields, tagged("\"1\""), empty);
    assert_eq!(response.status(), 412);
    assert!(!response.headers().contains_key("content-length"));
    assert!(content(response).is_empty());
}

#[test]
fn the_body_of_a_304_is_dropped() {
    let respond_304 = |refusal: Refusal<'_>| {
        let mut response = refusal.into_response();
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.map(|_| RefusalBody::from("not allowed"))
    };
    for (method, name, value) in [
        (Method::GET, "if-none-match", "\"1\""),
        (Method::PUT, "if-match", "\"0\""),
    ] {
        let response = respond(method, &[(name, value)], tagged("\"1\""), respond_304);
        assert_eq!(response.status(), 304);
        assert!(response.body().is_end_stream());
        assert_eq!(response.body().size_hint().exact(), None);
        assert!(content(response).is_empty());
    }
}

// Not exact, or else a router adds `Content-Length: 0`; but exact where a compression layer outside
// may compress what has no size. A 304 of the source, and one that follows from the response.
#[test]
fn the_body_of_a_304_has_a_size_only_for_a_client_that_accepts_codings() {
    for (coding, size) in [
        (None, None),
        (Some(""), None),
        (Some("identity"), None),
        (Some("gzip"), Some(0)),
        (Some("gzip, br;q=0.5"), Some(0)),
    ] {
        let mut fields = vec![("if-none-match", "\"1\"")];
        fields.extend(coding.map(|coding| ("accept-encoding", coding)));
        let early = respond(
            Method::GET,
            &fields,
            tagged("\"1\""),
            |refusal: Refusal<'_>| refusal.into_response(),
        );
        let late = late(&fields);
        assert_eq!(
            (early.status(), late.status()),
            (StatusCode::NOT_MODIFIED, StatusCode::NOT_MODIFIED)
        );
        assert_eq!(early.body().size_hint().exact(), size, "{coding:?}");
        assert_eq!(late.body().size_hint().exact(), size, "{coding:?}");
    }
}

#[test]
fn code_without_the_layer_answers_in_the_same_form() {
    let failed = Decision::PreconditionFailed(Field::IfMatch);
    let own = failed.response(EntityTag::from_version(1));
    let refused = respond(
        Method::PUT,
        &[("if-match", "\"0\"")],
        tagged("\"1\""),
        |refusal| refusal.into_response(),
    );
    assert_eq!(own.status(), refused.status());
    assert_eq!(own.headers(), refused.headers());
    assert_eq!(own.body().as_bytes(), content(refused));
}

#[test]
fn every_decision_has_a_response() {
    let not_modified = Decision::NotModified(Field::IfNoneMatch);
    let response = not_modified.response(EntityTag::from_version(1));
    assert_eq!(response.status(), 304);
    assert_eq!(response.headers()["etag"], "\"1\"");
    assert!(response.body().is_end_stream());

    let response = not_modified.response(Selected::Unknown);
    assert_eq!(response.status(), 304);
    assert!(response.body().is_end_stream());
    assert!(response.headers().is_empty());

    let response = Decision::Undecidable(None).response(Selected::Unknown);
    assert_eq!(response.status(), 503);
    let response = Decision::Unconditional.response(Selected::Missing);
    assert_eq!(
        response.status(),
        412,
        "it performs, but the handler did not"
    );
}

#[test]
fn the_body_of_a_refusal_may_be_of_any_type_that_converts() {
    let layer = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(1)))
        .respond_with(|_| Response::new("seen".to_owned()));
    let mut head = head(Method::PUT);
    head.headers.insert("if-match", "\"0\"".parse().unwrap());
    let service = layer.layer(Handler::default());
    let response = tokio_test::block_on(service.oneshot(Request::from_parts(head, ()))).unwrap();
    assert_eq!(content(response), "seen");
}

/// What the layer's own response was made of is gone then, the fields of the request among it.
#[test]
fn a_request_that_it_panicked_about_is_not_decided_again() {
    let handler = Handler::default();
    // This future can be polled after it has completed.
    let again = |_: &Parts| poll_fn(|_| Poll::Ready(EntityTag::from_version(1)));
    let mut service = ConditionalLayer::new(source_fn(again))
        .respond_with(|refusal| -> Response<RefusalBody> {
            panic!("{:?}", refusal.into_response())
        })
        .layer(handler.clone());
    let mut head = head(Method::PUT);
    let tag = EntityTag::from_version(1);
    head.headers.insert(IF_NONE_MATCH, tag.into());
    let request = Request::from_parts(head, String::new());
    let mut response = task::spawn(service.call(request));
    for _ in 0..2 {
        let polled = catch_unwind(AssertUnwindSafe(|| response.poll()));
        assert!(polled.is_err());
    }
    assert_eq!(handler.calls(), 0);
}
