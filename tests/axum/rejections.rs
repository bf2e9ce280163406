//! What the layer answers when a source cannot extract or fails.

use axum::{
    Extension, Router,
    response::{IntoResponse, Response},
    routing::{get, put},
};
use http::{Request, StatusCode};
use tower_conditional::{ConditionalLayer, Decision, EntityTag, Requirement, axum::from_fn};

use crate::{app::send, extractors::by_method_route_layer, notes::Notes};

// A write was answered 503, "send it again later", and the content of the rejection was lost.
#[tokio::test]
async fn a_rejection_is_the_very_answer_of_the_handler() {
    let notes = Notes::new();
    let app = by_method_route_layer(&notes);
    let plain = notes.routes();
    let put = || Request::put("/notes/one").header("if-none-match", "*");
    let (guarded, unguarded) = (send(&app, put()).await, send(&plain, put()).await);
    assert_eq!(guarded.status(), unguarded.status());
    assert_eq!(guarded.headers(), unguarded.headers());
    assert_eq!(guarded.body(), unguarded.body());
    assert!(!guarded.body().is_empty());
    let decision = guarded.extensions().get::<Decision>();
    assert!(matches!(decision, Some(Decision::Undecidable(_))));
}

#[derive(Clone)]
struct Rejects(usize);

impl<S: Sync> axum::extract::FromRequestParts<S> for Rejects {
    type Rejection = Response;

    async fn from_request_parts(
        head: &mut http::request::Parts,
        _: &S,
    ) -> Result<Self, Self::Rejection> {
        let size = head.extensions.get::<Rejects>().unwrap().0;
        let fields = [("content-language", "en"), ("x-reason", "too long")];
        Err((StatusCode::CONFLICT, fields, "x".repeat(size)).into_response())
    }
}

#[tokio::test]
async fn the_content_of_a_rejection_is_bounded() {
    async fn source(_: Rejects) -> EntityTag {
        unreachable!("the extractor rejects")
    }
    for (size, kept) in [(0, 0), (64 * 1024, 64 * 1024), (64 * 1024 + 1, 0)] {
        let layer = ConditionalLayer::new(from_fn(source));
        let app = Router::new()
            .route("/", put(|| async { "written" }).route_layer(layer))
            .layer(Extension(Rejects(size)));
        let response = send(&app, Request::put("/").header("if-match", "*")).await;
        assert_eq!(response.status(), 409);
        assert_eq!(response.body().len(), kept);
        assert_eq!(response.headers()["x-reason"], "too long");
        let described = response.headers().contains_key("content-language");
        assert_eq!(described, size <= 64 * 1024, "{size}");
    }
}

#[tokio::test]
async fn a_source_that_fails_lets_no_write_through() {
    async fn source() -> Result<Option<EntityTag>, std::io::Error> {
        Err(std::io::Error::other("no connection"))
    }
    let layer = ConditionalLayer::new(from_fn(source)).require(Requirement::WRITES);
    let handler = || async { "performed" };
    let app = Router::new().route("/", get(handler).put(handler).route_layer(layer));
    assert_eq!(send(&app, Request::put("/")).await.status(), 503);
    assert_eq!(send(&app, Request::get("/")).await.status(), 200);
}
