//! Layers that change the target or the method of a request.

use axum::{
    Router,
    extract::Request as AxumRequest,
    routing::{MethodRouter, get},
};
use http::{Method, Request, request::Builder};
use tower::{Layer, ServiceBuilder, util::MapRequestLayer};
use tower_http::normalize_path::NormalizePathLayer;

use crate::{
    extractors::by_method_route_layer,
    notes::{Notes, methods},
    transport::Transport,
};

/// A position of the layer: the app, and the prefix of its paths.
type Position = fn(&Notes) -> (Router, &'static str);

const OVERRIDE: &str = "x-http-method-override";

/// Performs the method that a field names.
fn overriding(mut request: AxumRequest) -> AxumRequest {
    if let Some(method) = request.headers_mut().remove(OVERRIDE) {
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
    }
    request
}

/// Both layers around a whole router, which routes what they make of the request.
fn around(app: Router) -> Router {
    let service = ServiceBuilder::new()
        .map_request(overriding)
        .layer(NormalizePathLayer::trim_trailing_slash())
        .service(app);
    Router::new().fallback_service(service)
}

fn as_put(method: &str, path: &str, field: (&str, &str)) -> Builder {
    let request = Request::builder().method(method).uri(path);
    request.header(OVERRIDE, "PUT").header(field.0, field.1)
}

#[tokio::test]
async fn outside_of_the_layer_the_source_sees_what_they_make_of_the_request() {
    let positions: [Position; 5] = [
        |notes| (by_method_route_layer(notes), ""),
        |notes| (notes.routes().route_layer(notes.guard()), ""),
        |notes| (notes.routes().layer(notes.guard()), ""),
        |notes| {
            let inner = notes.routes().layer(notes.guard());
            (Router::new().nest("/api", inner), "/api")
        },
        |notes| {
            let other: Router = Router::new().route("/other", get(|| async {}));
            (other.merge(by_method_route_layer(notes)), "")
        },
    ];
    for (position, app) in positions.into_iter().enumerate() {
        for transport in Transport::ALL {
            let notes = Notes::new();
            let (app, prefix) = app(&notes);
            let app = around(app);
            let path = format!("{prefix}/notes/%31/");
            for (method, field, status) in [
                ("POST", ("if-match", "\"6\""), 412),
                ("POST", ("if-none-match", "*"), 412),
                ("POST", ("accept", "*/*"), 428),
                // A 304 if it were still a GET.
                ("GET", ("if-none-match", "*"), 412),
                ("GET", ("accept", "*/*"), 428),
            ] {
                let request = as_put(method, &path, field);
                let response = transport.send(&app, request).await;
                assert_eq!(response.status(), status, "{position} {method} {field:?}");
                assert_eq!(notes.get(1), Some((7, "old".to_owned())));
            }
            let request = as_put("POST", &path, ("if-match", "\"7\""));
            assert_eq!(transport.send(&app, request).await.status(), 204);
            assert_eq!(notes.get(1), Some((8, "new".to_owned())));
        }
    }
}

// The layer evaluates the method that it sees. A guard is not lost, but a requirement of PUT is.
#[tokio::test]
async fn a_method_that_changes_inside_is_a_500_where_the_layer_has_evaluated_nothing() {
    let notes = Notes::new();
    let inside: MethodRouter = methods().with_state(notes.clone());
    let guarded = notes
        .guard()
        .layer(MapRequestLayer::new(overriding).layer(inside));
    let app = Router::new().route_service("/notes/{id}", guarded);
    for transport in Transport::ALL {
        for (method, field, status) in [
            ("POST", ("if-match", "\"6\""), 412),
            ("POST", ("if-none-match", "*"), 412),
            ("GET", ("if-match", "\"6\""), 412),
            // The layer has performed a read.
            ("GET", ("if-match", "\"7\""), 500),
        ] {
            let request = as_put(method, "/notes/%31", field);
            let response = transport.send(&app, request).await;
            assert_eq!(response.status(), status, "{method} {field:?}");
            assert_eq!(notes.get(1), Some((7, "old".to_owned())));
        }
    }
}
