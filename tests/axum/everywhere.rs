//! Traps of `guide::traps` wherever a layer can be, over each transport.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::Request,
    response::IntoResponse,
    routing::{MethodRouter, Route, get, put},
};
use http::{HeaderMap, HeaderValue, StatusCode, header::VARY, request::Builder};
use tower::{Layer, Service, ServiceBuilder};
use tower_conditional::{
    ConditionalLayer, EntityTag, Representation, Rules, coding::CodingSuffixLayer, ready_fn,
    source_fn,
};
use tower_http::{compression::CompressionLayer, timeout::TimeoutLayer};

use crate::transport::Transport;

/// Puts the layer around the methods in each way that axum has. Returns the path of each, too.
fn everywhere<L>(layer: &L, methods: &MethodRouter) -> [(Router, &'static str); 6]
where
    L: Layer<Route> + Clone + Send + Sync + 'static,
    L::Service: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    <L::Service as Service<Request>>::Response: IntoResponse + 'static,
    <L::Service as Service<Request>>::Future: Send + 'static,
{
    let plain = || Router::new().route("/", methods.clone());
    let guarded = || plain().layer(layer.clone());
    let on_methods = methods.clone().route_layer(layer.clone());
    [
        (Router::new().route("/", on_methods), "/"),
        (plain().route_layer(layer.clone()), "/"),
        (guarded(), "/"),
        (Router::new().nest("/api", guarded()), "/api"),
        (Router::new().merge(guarded()), "/"),
        (
            Router::new()
                .fallback_service(methods.clone())
                .layer(layer.clone()),
            "/x",
        ),
    ]
}

fn to(method: &str, path: &str) -> Builder {
    Request::builder().method(method).uri(path)
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers.get("accept").is_some_and(|it| it == "text/html")
}

// A client that had read the HTML, or compressed content, could not write.
#[tokio::test]
async fn the_tag_of_any_representation_guards_a_write() {
    let writes = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&writes);
    let read = |headers: HeaderMap| async move {
        let text = if wants_html(&headers) {
            "html "
        } else {
            "json "
        };
        text.repeat(100)
    };
    let methods = get(read).put(move || async move {
        counted.fetch_add(1, Ordering::Relaxed);
        StatusCode::NO_CONTENT
    });
    let source = ready_fn(|head: &http::request::Parts| {
        let media_type = if wants_html(&head.headers) {
            "html"
        } else {
            "json"
        };
        let tag = EntityTag::from_halves(media_type, '-', "7").unwrap();
        Representation::from(tag).with_field(VARY, HeaderValue::from_static("accept"))
    });
    let layer = ServiceBuilder::new()
        .layer(CodingSuffixLayer::new())
        .layer(CompressionLayer::new())
        .layer(ConditionalLayer::new(source).rules(Rules::RFC9110.split_tags('-')))
        .into_inner();
    for (position, (app, path)) in everywhere(&layer, &methods).into_iter().enumerate() {
        for transport in Transport::ALL {
            for (accept, coding, expected) in [
                ("text/html", "identity", "\"html-7\""),
                ("application/json", "identity", "\"json-7\""),
                ("application/json", "gzip", "\"json-7-gzip\""),
                ("text/html", "gzip", "\"html-7-gzip\""),
            ] {
                let request = to("GET", path)
                    .header("accept", accept)
                    .header("accept-encoding", coding);
                let response = transport.send(&app, request).await;
                assert_eq!(response.headers()["etag"], expected, "{position}");
                let before = writes.load(Ordering::Relaxed);
                let stale = expected.replace('7', "6");
                for (tag, status) in [(expected, 204), (&stale, 412)] {
                    let request = to("PUT", path).header("if-match", tag);
                    let response = transport.send(&app, request).await;
                    assert_eq!(response.status(), status, "{position} {tag}");
                }
                assert_eq!(writes.load(Ordering::Relaxed), before + 1);
            }
        }
    }
}

// A source that hangs is not covered by a timeout inside.
#[tokio::test(start_paused = true)]
async fn a_timeout_outside_covers_the_source() {
    let guard = || ConditionalLayer::new(source_fn(|_| std::future::pending::<EntityTag>()));
    let timeout = || {
        let status = StatusCode::GATEWAY_TIMEOUT;
        TimeoutLayer::with_status_code(status, Duration::from_secs(1))
    };
    let methods = put(|| async { StatusCode::NO_CONTENT });
    let outside = ServiceBuilder::new().layer(timeout()).layer(guard());
    let inside = ServiceBuilder::new().layer(guard()).layer(timeout());
    let apps = everywhere(&outside.into_inner(), &methods);
    let wrong = everywhere(&inside.into_inner(), &methods);
    for ((outside, path), (inside, _)) in apps.into_iter().zip(wrong) {
        for transport in Transport::ALL {
            let stale = || to("PUT", path).header("if-match", "\"6\"");
            let response = transport.send(&outside, stale()).await;
            assert_eq!(response.status(), 504, "{transport:?}");
            let waiting = transport.send(&inside, stale());
            let ended = tokio::time::timeout(Duration::from_secs(20), waiting).await;
            assert!(ended.is_err(), "{ended:?}");
        }
    }
}

// A router without state applies its layers for each request, which a served one does not.
#[tokio::test]
async fn a_router_with_its_state_applies_layers_once() {
    let applied = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&applied);
    let counting = tower::layer::layer_fn(move |service: Route| {
        count.fetch_add(1, Ordering::Relaxed);
        service
    });
    let methods = get(|| async { "content" });
    for (app, path) in everywhere(&counting, &methods) {
        let app = app.with_state(());
        for transport in Transport::ALL {
            let before = applied.load(Ordering::Relaxed);
            for _ in 0..3 {
                let response = transport.send(&app, to("GET", path)).await;
                assert_eq!(response.status(), 200);
            }
            assert_eq!(applied.load(Ordering::Relaxed), before, "{transport:?}");
        }
    }
}
