//! Validators and decisions as responses, and as parts of them.

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::put,
};
use http::{Request, StatusCode};
use tower_conditional::{
    ConditionalLayer, Decision, EntityTag, Field, HttpDate, RefusalBody, Validators, ready_fn,
};

use crate::app::send;

fn date(text: &str) -> HttpDate {
    HttpDate::parse(text.as_bytes(), std::time::SystemTime::now()).unwrap()
}

#[track_caller]
fn assert_fields(response: Response, status: u16, etag: Option<&str>, modified: Option<&str>) {
    let field = |name| {
        response
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap())
    };
    assert_eq!(response.status(), status);
    assert_eq!((field("etag"), field("last-modified")), (etag, modified));
}

#[test]
fn validators_are_parts_of_responses() {
    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    let tag = || EntityTag::from_version(8);
    let both = || {
        Validators::new()
            .with_etag(tag())
            .with_last_modified(date(DATE))
    };
    let (etag, modified) = (Some("\"8\""), Some(DATE));
    assert_fields((tag(), "text").into_response(), 200, etag, None);
    assert_fields((date(DATE), "text").into_response(), 200, None, modified);
    assert_fields((both(), "text").into_response(), 200, etag, modified);
    assert_fields(
        (tag(), date(DATE), "text").into_response(),
        200,
        etag,
        modified,
    );
    assert_fields((Some(tag()), "text").into_response(), 200, etag, None);
    assert_fields((Validators::new(), "text").into_response(), 200, None, None);
    let created = (StatusCode::CREATED, both(), [("location", "/8")], "text");
    assert_fields(created.into_response(), 201, etag, modified);
    assert_fields(
        (StatusCode::NO_CONTENT, tag()).into_response(),
        204,
        etag,
        None,
    );
    assert_fields(
        (StatusCode::NO_CONTENT, date(DATE)).into_response(),
        204,
        None,
        modified,
    );
    assert_fields(
        (StatusCode::NO_CONTENT, both()).into_response(),
        204,
        etag,
        modified,
    );
    // One field, not two.
    let twice = (tag(), EntityTag::from_version(9), "text").into_response();
    assert_eq!(twice.headers().get_all("etag").iter().count(), 1);
}

#[test]
fn a_date_in_the_future_is_not_sent() {
    let future = date("Fri, 31 Dec 9999 23:59:59 GMT");
    assert_fields(future.into_response(), 200, None, None);
    let both = Validators::from(EntityTag::from_version(8)).with_last_modified(future);
    assert_fields(both.into_response(), 200, Some("\"8\""), None);
}

#[test]
fn decisions_and_refusals_are_responses() {
    let failed = Decision::PreconditionFailed(Field::IfMatch);
    assert_fields(failed.into_response(), 412, None, None);
    assert_fields(
        Decision::PreconditionRequired.into_response(),
        428,
        None,
        None,
    );
    let refusal = failed.response(EntityTag::from_version(8));
    assert_fields(refusal.into_response(), 412, Some("\"8\""), None);
    let not_modified = Decision::NotModified(Field::IfNoneMatch).into_response();
    assert_eq!(
        http_body::Body::size_hint(not_modified.body()).exact(),
        None
    );
    let body = RefusalBody::from("text");
    assert_fields(
        (StatusCode::CONFLICT, body).into_response(),
        409,
        None,
        None,
    );
}

#[tokio::test]
async fn a_refusal_is_a_response_in_the_closure_that_answers_it() {
    let layer =
        ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(8))).respond_with(|refusal| {
            let response = IntoResponse::into_response(refusal);
            assert_fields(response, 412, Some("\"8\""), None);
            http::Response::new("seen")
        });
    let app = Router::new().route("/", put(|| async { "written" }).route_layer(layer));
    let stale = Request::put("/").header("if-match", "\"7\"");
    assert_eq!(send(&app, stale).await.body(), "seen");
}
