//! Sources on the routes of one axum router.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Path,
    http::{Method, Request, StatusCode, header::ETAG, request::Parts},
    response::IntoResponse,
    routing::get,
};
use tower::{Layer, ServiceExt};
use tower_conditional::{ByHead, ConditionalLayer, EntityTag, FromResponse, ready_fn};

use crate::support::{assert_answer, request};

async fn tagged(Path(name): Path<String>) -> impl IntoResponse {
    ([(ETAG, format!("\"{name}\""))], "content")
}

async fn untagged() -> &'static str {
    "content"
}

async fn write() -> StatusCode {
    StatusCode::NO_CONTENT
}

fn app() -> Router {
    let known = ConditionalLayer::new(ready_fn(|_: &Parts| EntityTag::from_version(7)));
    let late = ConditionalLayer::new(FromResponse);
    let by_head = ConditionalLayer::new(ByHead::<Body>::new());
    Router::new()
        .route("/known", get(untagged).put(write).layer(known))
        .route("/late/{name}", get(tagged).put(write).layer(late))
        .route_service("/head/{name}", by_head.layer(get(tagged).put(write)))
        .route("/none", get(untagged).put(write))
}

#[tokio::test]
async fn each_route_has_a_source_of_its_own() {
    for (path, held, read, written) in [
        ("/known", "\"7\"", 304, 204),
        ("/known", "\"6\"", 200, 412),
        ("/late/a", "\"a\"", 304, 501),
        ("/late/a", "\"b\"", 200, 501),
        ("/head/a", "\"a\"", 304, 204),
        ("/head/a", "\"b\"", 200, 412),
        ("/none", "\"a\"", 200, 204),
    ] {
        let get = request::<Body>(Method::GET, path, &[("if-none-match", held)]);
        let response = app().oneshot(get).await.unwrap();
        assert_eq!(response.status().as_u16(), read, "GET {path} {held}");
        let body = to_bytes(response.into_body(), 100).await.unwrap();
        assert_eq!(body.is_empty(), read == 304);
        let put = request::<Body>(Method::PUT, path, &[("if-match", held)]);
        let response = app().oneshot(put).await.unwrap();
        assert_eq!(response.status().as_u16(), written, "PUT {path} {held}");
    }
}

/// The layer wraps the router from the outside. `Router::layer` would wrap the handler of each
/// method, so the HEAD request would run the handler of PUT.
#[tokio::test]
async fn a_router_is_asked_by_head() {
    let pages: Router = Router::new().route("/page/{name}", get(tagged).put(write));
    let app = ConditionalLayer::new(ByHead::<Body>::new()).layer(pages);
    let send = |asked: Request<Body>| app.clone().oneshot(asked);

    let held = request(Method::GET, "/page/a", &[("if-none-match", "\"a\"")]);
    assert_answer(&send(held).await.unwrap(), 304, Some("\"a\""));
    let stale = request(Method::PUT, "/page/a", &[("if-match", "\"b\"")]);
    assert_answer(&send(stale).await.unwrap(), 412, Some("\"a\""));
    let current = request(Method::PUT, "/page/a", &[("if-match", "\"a\"")]);
    assert_answer(&send(current).await.unwrap(), 204, None);
}
