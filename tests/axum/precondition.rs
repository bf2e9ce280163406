//! The extractor `Precondition`.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{Request, StatusCode};
use tower_conditional::{
    ConditionalLayer, Decision, EntityTag, Expected, Outcome, Requirement, Selected, Validators,
    axum::{Precondition, PreconditionRejection},
    ready_fn,
};

use crate::app::send;

type Handler = fn(Precondition) -> Response;

/// An app whose source answers with this state.
fn app(selected: Selected, handler: Handler) -> Router {
    let layer = ConditionalLayer::new(ready_fn(move |_| selected.clone()));
    let handler = move |precondition: Precondition| async move { handler(precondition) };
    Router::new().route("/", get(handler).put(handler).route_layer(layer))
}

fn version_7() -> Selected {
    EntityTag::from_version(7).into()
}

fn describe(precondition: Precondition) -> Response {
    let expected = match precondition.expected() {
        Expected::Unconstrained => "anything".to_owned(),
        Expected::Absent => "absent".to_owned(),
        Expected::Exists => "exists".to_owned(),
        Expected::Tag(tag) => tag.to_string(),
        other => format!("{other:?}"),
    };
    format!("{expected} {:?}", precondition.version::<i64>()).into_response()
}

#[tokio::test]
async fn tells_what_must_still_be_true() {
    let weak = Selected::from(EntityTag::from_version(7).into_weak());
    let word = Selected::from(EntityTag::strong("word").unwrap());
    let date = Validators::new()
        .with_etag(EntityTag::from_version(7))
        .with_last_modified(
            tower_conditional::HttpDate::parse(
                b"Sun, 06 Nov 1994 08:49:37 GMT",
                std::time::SystemTime::now(),
            )
            .unwrap(),
        );
    for (selected, field, expected) in [
        (version_7(), ("if-match", "\"7\""), "\"7\" Some(7)"),
        (version_7(), ("if-match", "*"), "exists Some(7)"),
        (version_7(), ("if-none-match", "\"6\""), "\"7\" Some(7)"),
        (version_7(), ("accept", "*/*"), "anything None"),
        (word, ("if-match", "\"word\""), "\"word\" None"),
        (weak, ("if-match", "*"), "exists None"),
        (Selected::Missing, ("if-none-match", "*"), "absent None"),
        (
            date.into(),
            ("if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
            "\"7\" Some(7)",
        ),
    ] {
        let put = Request::put("/").header(field.0, field.1);
        let response = send(&app(selected, describe), put).await;
        assert_eq!(response.body(), expected, "{field:?}");
    }
}

// A layer that had nothing to evaluate was taken for a missing one.
#[tokio::test]
async fn a_read_is_no_missing_layer() {
    let date = ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT");
    for (selected, field) in [
        (Selected::Missing, ("if-match", "*")),
        (Selected::Missing, ("if-none-match", "*")),
        (version_7(), date),
        (version_7(), ("if-none-match", "\"6\"")),
        (Selected::Unknown, ("if-none-match", "\"6\"")),
    ] {
        let get = Request::get("/").header(field.0, field.1);
        let response = send(&app(selected, describe), get).await;
        assert_eq!(response.status(), 200, "{field:?}");
    }
}

#[tokio::test]
async fn a_missing_layer_is_a_500_that_says_what_to_add() {
    let written = Arc::new(Mutex::new(0));
    let count = Arc::clone(&written);
    let handler = move |_: Precondition| async move { *count.lock().unwrap() += 1 };
    let app = Router::new().route("/", get(handler.clone()).put(handler));
    for (method, field) in [
        ("PUT", ("if-match", "\"7\"")),
        ("PUT", ("if-match", "")),
        ("PUT", ("if-none-match", "*")),
        ("PUT", ("if-unmodified-since", "no date")),
    ] {
        let request = Request::builder().method(method).uri("/");
        let response = send(&app, request.header(field.0, field.1)).await;
        assert_eq!(response.status(), 500, "{field:?}");
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        assert!(text.contains("`ConditionalLayer`"), "{text}");
    }
    assert_eq!(*written.lock().unwrap(), 0);
    // The method ignores this field.
    let put = Request::put("/").header("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(send(&app, put).await.status(), 200);
    assert_eq!(send(&app, Request::put("/")).await.status(), 200);
    assert_eq!(*written.lock().unwrap(), 2);
}

fn lost(precondition: Precondition) -> Response {
    precondition
        .lost(EntityTag::from_version(8))
        .into_response()
}

fn recheck(precondition: Precondition) -> Response {
    let current = Some(EntityTag::from_version(8));
    match precondition.recheck(&current) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(rejection) => rejection.into_response(),
    }
}

#[tokio::test]
async fn a_lost_race_is_the_very_answer_of_the_layer() {
    let put = || Request::put("/").header("if-match", "\"7\"");
    // The layer itself, whose source knows the other writer's version already.
    let early = send(&app(EntityTag::from_version(8).into(), lost), put()).await;
    assert_eq!(early.status(), 412);
    for handler in [lost, recheck] {
        let late = send(&app(version_7(), handler), put()).await;
        assert_eq!(late.status(), early.status());
        assert_eq!(late.headers(), early.headers());
        assert_eq!(late.body(), early.body());
    }
    // Still true.
    let any = Request::put("/").header("if-match", "*");
    assert_eq!(send(&app(version_7(), recheck), any).await.status(), 204);
    // Nothing was asked for.
    assert_eq!(
        send(&app(version_7(), recheck), Request::put("/"))
            .await
            .status(),
        204
    );
    assert_eq!(
        send(&app(version_7(), lost), Request::put("/"))
            .await
            .status(),
        412
    );
}

// The closure may look at all of the head, which the handler has given away by then.
#[tokio::test]
async fn a_closure_that_responds_sees_the_head_of_the_request() {
    async fn write(precondition: Precondition, request: axum::extract::Request) -> Response {
        drop(request);
        lost(precondition)
    }
    let layer = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(7)))
        .require(Requirement::WRITES)
        .respond_with(|refusal| {
            let head = refusal.head();
            let id = head.headers["x-request-id"].clone();
            let text = format!("{} {:?}", head.uri, head.extensions.get::<u32>());
            let decision = refusal.decision();
            let mut response = http::Response::new(text);
            *response.status_mut() = StatusCode::CONFLICT;
            response.headers_mut().insert("x-request-id", id);
            assert!(matches!(decision, Decision::PreconditionFailed(_)));
            response
        });
    let app = Router::new()
        .route("/", get(write).put(write).route_layer(layer))
        .layer(axum::Extension(9_u32));
    for tag in ["\"6\"", "\"7\""] {
        let put = Request::put("/?a=b").header("x-request-id", "5");
        let response = send(&app, put.header("if-match", tag)).await;
        assert_eq!(response.status(), 409, "{tag}");
        assert_eq!(response.headers()["x-request-id"], "5");
        assert_eq!(response.body(), "/?a=b Some(9)");
    }
}

#[tokio::test]
async fn the_rejection_is_an_error_and_a_response() {
    fn check(precondition: Precondition) -> Response {
        let rejection = precondition.lost(Selected::Unknown);
        let error: &dyn std::error::Error = &rejection;
        let text = error.to_string();
        assert!(text.contains("412"), "{text}");
        assert_eq!(rejection.status(), 412);
        let response: http::Response<tower_conditional::RefusalBody> = rejection.into();
        assert!(precondition.outcome().map(Outcome::decision).is_some());
        response.into_response()
    }
    fn is_send<T: Send + Sync + 'static>() {}
    is_send::<PreconditionRejection>();
    is_send::<Precondition>();
    let put = Request::put("/").header("if-match", "\"7\"");
    assert_eq!(send(&app(version_7(), check), put).await.status(), 412);
}
