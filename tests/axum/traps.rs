//! The traps of `guide::traps`, over each transport. Those about paths are in `extractors`, more
//! positions of the layer in `everywhere`, and the Content-Length of a 304 is in `../wire`.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    body::Body,
    routing::{any, get, put},
};
use http::{Request, StatusCode};
use tower::{ServiceBuilder, layer::layer_fn};
use tower_conditional::{
    ByHead, ConditionalLayer, EntityTag, FromResponse, Requirement, axum::Precondition, ready_fn,
    source::ReadyFn,
};
use tower_http::compression::CompressionLayer;

use crate::transport::Transport;

type Source = ReadyFn<fn(&http::request::Parts) -> EntityTag>;

fn layer() -> ConditionalLayer<Source> {
    let source: Source = ready_fn(|_| EntityTag::from_version(7));
    ConditionalLayer::new(source).require(Requirement::WRITES)
}

async fn read() -> String {
    "content ".repeat(100)
}

async fn write(_: Precondition) -> StatusCode {
    StatusCode::NO_CONTENT
}

// A compression layer compresses what has no size. The 304 had content over HTTP/2.
#[tokio::test]
async fn a_304_is_not_compressed() {
    for app in [
        Router::new().route("/", get(read).route_layer(layer())),
        Router::new().route("/", get(read)).layer(layer()),
        Router::new().route(
            "/",
            get(read).route_layer(ConditionalLayer::new(FromResponse)),
        ),
    ] {
        let tagged = |mut response: axum::response::Response| {
            let tag = EntityTag::from_version(7).into();
            response.headers_mut().entry("etag").or_insert(tag);
            response
        };
        let late = Router::new().route(
            "/late",
            get(read).layer(
                ServiceBuilder::new()
                    .layer(ConditionalLayer::new(FromResponse))
                    .map_response(tagged),
            ),
        );
        let app = app.merge(late).layer(CompressionLayer::new());
        for transport in Transport::ALL {
            for method in ["GET", "HEAD"] {
                for path in ["/", "/late"] {
                    let request = Request::builder()
                        .method(method)
                        .uri(path)
                        .header("accept-encoding", "gzip")
                        .header("if-none-match", "\"7\"");
                    let response = transport.send(&app, request).await;
                    if response.status() == 200 {
                        assert_eq!(path, "/", "the source of this app knows no tag");
                        continue;
                    }
                    assert_eq!(response.status(), 304);
                    assert!(!response.headers().contains_key("content-encoding"));
                    assert!(response.body().is_empty(), "{transport:?}");
                }
            }
        }
    }
}

// Each of these writes is unguarded. `Precondition` in the handler makes it a 500.
#[tokio::test]
async fn a_route_that_was_added_after_the_layer_fails_loudly() {
    let apps = [
        Router::new().route("/", get(read).route_layer(layer()).put(write)),
        Router::new()
            .route("/other", get(read))
            .route_layer(layer())
            .route("/", put(write)),
        Router::new()
            .route("/other", get(read))
            .layer(layer())
            .merge(Router::new().route("/", put(write))),
        Router::new()
            .route("/other", get(read))
            .layer(layer())
            .fallback(write),
        // `route_layer` wraps the methods, but not the fallback for the others.
        Router::new().route("/", get(read).fallback(write).route_layer(layer())),
        Router::new().route("/", any(write).get(read).route_layer(layer())),
    ];
    for (position, app) in apps.into_iter().enumerate() {
        let nested = Router::new().nest("/api", app.clone());
        for transport in Transport::ALL {
            // This one is about the fallback of the router.
            let paths = match position {
                3 => ["/x", "/api/x"],
                _ => ["/", "/api"],
            };
            for (app, path) in [(&app, paths[0]), (&nested, paths[1])] {
                for field in [("if-match", "\"6\""), ("if-none-match", "*")] {
                    let request = Request::put(path).header(field.0, field.1);
                    let response = transport.send(app, request).await;
                    assert_eq!(response.status(), 500, "{position} {path} {field:?}");
                    let text = std::str::from_utf8(response.body()).unwrap();
                    assert!(text.contains("ConditionalLayer"), "{text}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_right_order_guards() {
    for app in [
        Router::new().route("/", get(read).put(write).route_layer(layer())),
        Router::new()
            .route("/", get(read).put(write))
            .route_layer(layer()),
        Router::new()
            .route("/", get(read).put(write))
            .layer(layer()),
        Router::new().route("/", any(write).get(read).layer(layer())),
        Router::new()
            .route("/", get(read).fallback(write))
            .route_layer(layer()),
    ] {
        for transport in Transport::ALL {
            let stale = Request::put("/").header("if-match", "\"6\"");
            assert_eq!(transport.send(&app, stale).await.status(), 412);
            let current = Request::put("/").header("if-match", "\"7\"");
            assert_eq!(transport.send(&app, current).await.status(), 204);
        }
    }
}

#[tokio::test]
async fn writes_where_only_the_response_is_known_are_refused_for_good() {
    let on_route = || {
        let layer = ConditionalLayer::new(FromResponse);
        Router::new().route("/", get(read).put(write).route_layer(layer))
    };
    let on_router = Router::new()
        .route("/", get(read).put(write))
        .layer(ConditionalLayer::new(FromResponse));
    let fallback = Router::new()
        .fallback(write)
        .layer(ConditionalLayer::new(FromResponse));
    for (app, path) in [
        (on_route(), "/"),
        (on_router, "/"),
        (Router::new().nest("/api", on_route()), "/api"),
        (Router::new().merge(on_route()), "/"),
        (fallback, "/x"),
    ] {
        for transport in Transport::ALL {
            let guarded = Request::put(path).header("if-match", "\"7\"");
            assert_eq!(transport.send(&app, guarded).await.status(), 501);
            let free = Request::put(path);
            assert_eq!(transport.send(&app, free).await.status(), 204);
        }
    }
}

// A router without state applies its layers for each request, which a served one does not.
#[tokio::test]
async fn a_router_without_state_applies_layers_for_each_request() {
    let applied = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&applied);
    let counting = tower::layer::layer_fn(move |service| {
        count.fetch_add(1, Ordering::Relaxed);
        service
    });
    let without: Router = Router::new().route("/", get(read)).layer(counting);
    for (app, again) in [(without.clone(), true), (without.with_state(()), false)] {
        let before = applied.load(Ordering::Relaxed);
        for _ in 0..3 {
            Transport::InProcess.send(&app, Request::get("/")).await;
        }
        let after = applied.load(Ordering::Relaxed);
        assert_eq!(after > before, again);
    }
}

// A reference can be cloned, so this compiles. The HEAD for a PUT would run `write`.
#[test]
#[should_panic(expected = "`ByHead` wraps the handler of one method")]
fn by_head_by_reference_panics_while_the_router_is_built() {
    let layer = ConditionalLayer::new(ByHead::<Body>::new());
    let layer: &'static _ = Box::leak(Box::new(layer));
    let route = get(read).put(write).route_layer(layer);
    let _: Router = Router::new().route("/", route).with_state(());
}

#[test]
#[should_panic(expected = "`ByHead` wraps the handler of one method")]
fn by_head_on_a_router_panics_while_it_is_built() {
    let layer = Arc::new(ConditionalLayer::new(ByHead::<Body>::new()));
    let layer = layer_fn(move |service| ServiceBuilder::new().layer(&*layer).service(service));
    let app = Router::new().route("/", get(read).put(write)).layer(layer);
    let _: Router = app.with_state(());
}
