//! On a router with state, on a nested one, on one route.

use axum::{Router, routing::get};
use http::{HeaderValue, Request, request::Parts};
use tower_conditional::{ConditionalLayer, EntityTag, Requirement, ready_fn};

use crate::app::{Documents, send};

#[tokio::test]
async fn guards_reads_and_writes_of_a_router_with_state() {
    let documents = Documents::new();
    let app = documents.guarded();
    let ok = send(&app, Request::get("/documents/1")).await;
    assert_eq!(
        (ok.status().as_u16(), &ok.headers()["etag"]),
        (200, &HeaderValue::from_static("\"7\""))
    );

    let get = || Request::get("/documents/1");
    assert_eq!(
        send(&app, get().header("if-none-match", "\"7\""))
            .await
            .status(),
        304
    );
    let put = || Request::put("/documents/1");
    assert_eq!(send(&app, put()).await.status(), 428);
    assert_eq!(
        send(&app, put().header("if-match", "\"6\"")).await.status(),
        412
    );
    assert_eq!(documents.version(), 7);
    assert_eq!(
        send(&app, put().header("if-match", "\"7\"")).await.status(),
        204
    );
    assert_eq!(documents.version(), 8);
    assert_eq!(
        send(&app, put().header("if-match", "\"7\"")).await.status(),
        412
    );

    let create = || Request::put("/documents/2").header("if-none-match", "*");
    assert_eq!(send(&app, create()).await.status(), 204);
    assert_eq!(send(&app, create()).await.status(), 412);
    let missing = Request::get("/documents/3").header("if-none-match", "*");
    assert_eq!(send(&app, missing).await.status(), 404);
    assert_eq!(send(&app, Request::get("/elsewhere")).await.status(), 404);
}

#[tokio::test]
async fn head_is_answered_like_get() {
    let app = Documents::new().guarded();
    let head = send(&app, Request::head("/documents/1")).await;
    assert_eq!(
        (head.status().as_u16(), head.headers()["etag"].as_bytes()),
        (200, &b"\"7\""[..])
    );
    let head = send(
        &app,
        Request::head("/documents/1").header("if-none-match", "\"7\""),
    )
    .await;
    assert_eq!(head.status(), 304);
    assert!(head.body().is_empty());
}

#[tokio::test]
async fn a_nested_router_has_its_own_paths() {
    let app = Router::new().nest("/api", Documents::new().guarded());
    let get = Request::get("/api/documents/1").header("if-none-match", "\"7\"");
    assert_eq!(send(&app, get).await.status(), 304);
    assert_eq!(
        send(&app, Request::put("/api/documents/1")).await.status(),
        428
    );
}

#[tokio::test]
async fn one_route_can_be_guarded_alone() {
    let layer = ConditionalLayer::new(ready_fn(|_: &Parts| EntityTag::from_version(7)))
        .require(Requirement::WRITES);
    let handler = || async { "performed" };
    let app = Router::new()
        .route("/guarded", get(handler).put(handler).layer(layer))
        .route("/open", get(handler).put(handler));
    assert_eq!(send(&app, Request::put("/guarded")).await.status(), 428);
    let open = send(&app, Request::put("/open")).await;
    assert_eq!(
        (open.status().as_u16(), &open.body()[..]),
        (200, &b"performed"[..])
    );
    let open = send(&app, Request::get("/open").header("if-none-match", "\"7\"")).await;
    assert_eq!(open.status(), 200);
}
