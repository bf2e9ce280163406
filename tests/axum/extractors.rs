//! Sources that are async functions of extractors, wherever axum lets a layer be.

use axum::{
    Extension, Json, Router,
    extract::{MatchedPath, OriginalUri, Path, Query, State},
    routing::get,
};
use http::{Request, StatusCode};
use tower::Layer;
use tower_conditional::{
    ConditionalLayer, EntityTag,
    axum::{Precondition, from_fn, from_fn_with_state},
};

use crate::{
    app::send,
    notes::{Notes, methods},
    transport::Transport,
};

/// A position of the layer: its name, the app, the prefix of its paths, and whether it lets a 405
/// through.
type Position = (&'static str, fn(&Notes) -> Router, &'static str, bool);

const POSITIONS: [Position; 12] = [
    ("MethodRouter::route_layer", by_method_route_layer, "", true),
    (
        "MethodRouter::layer",
        |notes| {
            Router::new()
                .route("/notes/{id}", methods().layer(notes.guard()))
                .with_state(notes.clone())
        },
        "",
        false,
    ),
    (
        "Router::route_layer",
        |notes| notes.routes().route_layer(notes.guard()),
        "",
        false,
    ),
    ("Router::layer", by_router_layer, "", false),
    (
        "Router::layer, with a fallback of its own",
        |notes| {
            let fallback = || async { StatusCode::NOT_FOUND };
            notes.routes().fallback(fallback).layer(notes.guard())
        },
        "",
        false,
    ),
    (
        "nested, layer inside, on the methods",
        |notes| Router::new().nest("/api", by_method_route_layer(notes)),
        "/api",
        true,
    ),
    (
        "nested, layer inside",
        |notes| Router::new().nest("/api", by_router_layer(notes)),
        "/api",
        false,
    ),
    (
        "nested, layer outside",
        |notes| {
            Router::new()
                .nest("/api", notes.routes())
                .layer(notes.guard())
        },
        "/api",
        false,
    ),
    (
        "nested twice",
        |notes| {
            let inner = Router::new().nest("/v1", by_router_layer(notes));
            Router::new().nest("/api", inner)
        },
        "/api/v1",
        false,
    ),
    (
        "merged",
        |notes| {
            Router::new()
                .route("/other", get(|| async {}))
                .merge(by_method_route_layer(notes))
        },
        "",
        true,
    ),
    (
        "a fallback service",
        |notes| {
            Router::new()
                .route("/other", get(|| async {}))
                .fallback_service(by_method_route_layer(notes))
        },
        "",
        true,
    ),
    (
        "a nested service",
        |notes| Router::new().nest_service("/api", by_router_layer(notes)),
        "/api",
        false,
    ),
];

pub(crate) fn by_method_route_layer(notes: &Notes) -> Router {
    Router::new()
        .route("/notes/{id}", methods().route_layer(notes.guard()))
        .with_state(notes.clone())
}

fn by_router_layer(notes: &Notes) -> Router {
    notes.routes().layer(notes.guard())
}

#[tokio::test]
async fn a_source_sees_what_the_handler_sees_in_each_position() {
    for (name, app, prefix, _) in POSITIONS {
        for transport in Transport::ALL {
            let notes = Notes::new();
            let app = app(&notes);
            for (method, path, field, status) in [
                ("GET", "/notes/1", ("if-none-match", "\"7\""), 304),
                ("HEAD", "/notes/1", ("if-none-match", "\"7\""), 304),
                ("GET", "/notes/1", ("if-none-match", "\"6\""), 200),
                ("PUT", "/notes/1", ("if-match", "\"6\""), 412),
                // A source that looks at the path takes it for another resource.
                ("PUT", "/notes/%31", ("if-match", "\"6\""), 412),
                ("PUT", "/notes/%31", ("if-none-match", "*"), 412),
                ("PUT", "/notes/1", ("accept", "*/*"), 428),
                ("PUT", "/notes/%31", ("accept", "*/*"), 428),
                ("PUT", "/notes/2", ("if-match", "\"7\""), 412),
                // The rejection of `Path`.
                ("PUT", "/notes/one", ("if-match", "\"7\""), 400),
                ("PUT", "/notes/one", ("if-none-match", "*"), 400),
                ("PUT", "/notes/one", ("accept", "*/*"), 400),
                ("GET", "/notes/one", ("if-none-match", "\"7\""), 400),
                // No route.
                ("PUT", "/elsewhere", ("if-match", "\"7\""), 404),
                ("PUT", "/notes/1/2", ("accept", "*/*"), 404),
                ("GET", "/elsewhere", ("if-match", "\"7\""), 404),
            ] {
                let path = format!("{prefix}{path}");
                let request = Request::builder().method(method).uri(&path);
                let response = transport.send(&app, request.header(field.0, field.1)).await;
                // Nothing shows that the service in `nest_service` is a router, which has not matched.
                // A guard that might be lost is worse than a 404 that is.
                let status = match (name, status, method) {
                    ("a nested service", 404, "PUT") => 500,
                    _ => status,
                };
                let what = format!("{name}, {transport:?}: {method} {path} {field:?}");
                assert_eq!(response.status(), status, "{what}");
                assert_eq!(notes.get(1), Some((7, "old".to_owned())), "{what}");
                assert_eq!(notes.get(2), None, "{what}");
            }
            let put = || Request::put(format!("{prefix}/notes/%31")).header("if-match", "\"7\"");
            let written = transport.send(&app, put()).await;
            assert_eq!(written.status(), 204, "{name}");
            assert_eq!(written.headers()["etag"], "\"8\"");
            assert_eq!(transport.send(&app, put()).await.status(), 412, "{name}");
            assert_eq!(notes.get(1), Some((8, "new".to_owned())));
        }
    }
}

#[tokio::test]
async fn a_405_stays_one_where_axum_lets_the_layer_know() {
    for (name, app, prefix, known) in POSITIONS {
        for transport in Transport::ALL {
            let app = app(&Notes::new());
            let request = Request::delete(format!("{prefix}/notes/1")).header("if-match", "\"6\"");
            let status = if known { 405 } else { 412 };
            let response = transport.send(&app, request).await;
            assert_eq!(response.status(), status, "{name}, {transport:?}");
        }
    }
}

#[tokio::test]
async fn a_source_has_all_extractors_of_axum() {
    #[derive(serde::Deserialize)]
    struct Page {
        page: u64,
    }
    #[allow(clippy::too_many_arguments)]
    async fn source(
        State(base): State<u64>,
        Path((shelf, book)): Path<(String, u64)>,
        Query(page): Query<Page>,
        Extension(user): Extension<&'static str>,
        matched: MatchedPath,
        OriginalUri(uri): OriginalUri,
        method: http::Method,
        headers: http::HeaderMap,
        absent: Option<Path<(String, u64)>>,
    ) -> Result<Option<EntityTag>, std::io::Error> {
        assert_eq!(shelf, "a b");
        assert_eq!(user, "me");
        assert_eq!(matched.as_str(), "/api/{shelf}/{book}");
        assert_eq!(uri.path(), "/api/a%20b/3");
        assert_eq!(method, "GET");
        assert!(headers.contains_key("if-none-match") && absent.is_some());
        Ok(Some(EntityTag::from_version(base + book + page.page)))
    }
    let layer = ConditionalLayer::new(from_fn_with_state(100, source));
    let inner = Router::new().route("/{shelf}/{book}", get(|| async { "text" }).layer(layer));
    let app = Router::new().nest("/api", inner).layer(Extension("me"));
    let request = Request::get("/api/a%20b/3?page=20").header("if-none-match", "\"123\"");
    assert_eq!(send(&app, request).await.status(), 304);
}

// Nothing is matched around a whole router, so `Path` has nothing to extract. A guarded write must
// not be performed unguarded.
#[tokio::test]
async fn around_a_whole_router_a_guarded_write_fails() {
    let notes = Notes::new();
    let around = || notes.guard().layer(notes.routes());
    let app = Router::new().nest_service("/api", around());
    let stale = Request::put("/api/notes/1").header("if-match", "\"6\"");
    assert_eq!(send(&app, stale).await.status(), 500);
    assert_eq!(notes.get(1), Some((7, "old".to_owned())));
    let read = Request::get("/api/notes/1").header("if-none-match", "\"6\"");
    assert_eq!(send(&app, read).await.status(), 200);

    let service = around();
    let stale = Request::put("/notes/1").header("if-match", "\"6\"");
    let request = stale.body(axum::body::Body::from("new")).unwrap();
    let response = tower::ServiceExt::oneshot(service, request).await.unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(notes.get(1), Some((7, "old".to_owned())));
}

#[tokio::test]
async fn a_fallback_is_guarded_if_one_says_so() {
    async fn source(OriginalUri(uri): OriginalUri) -> Option<EntityTag> {
        (uri.path() == "/page").then(|| EntityTag::from_version(7))
    }
    let app = |yes| {
        let layer = ConditionalLayer::new(from_fn(source).in_fallback(yes));
        Router::new()
            .fallback(|method: http::Method| async move { method.to_string() })
            .layer(layer)
    };
    for transport in Transport::ALL {
        let stale = || Request::put("/page").header("if-match", "\"6\"");
        assert_eq!(transport.send(&app(true), stale()).await.status(), 412);
        assert_eq!(transport.send(&app(false), stale()).await.status(), 200);
    }
}

// The handler of a fallback that the layer leaves alone does not write unguarded either.
#[tokio::test]
async fn a_precondition_in_a_fallback_that_is_not_guarded_is_a_500() {
    let notes = Notes::new();
    let app = Router::new()
        .fallback(|_: Precondition| async { Json("written") })
        .layer(notes.guard());
    let stale = Request::put("/page").header("if-match", "\"6\"");
    assert_eq!(send(&app, stale).await.status(), 500);
    assert_eq!(send(&app, Request::put("/page")).await.status(), 200);
}
