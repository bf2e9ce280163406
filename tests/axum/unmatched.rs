//! Requests for which no route is matched where the layer is, although a router inside has one.

use axum::Router;
use http::{Request, StatusCode};
use tower::Layer;

use crate::{notes::Notes, transport::Transport};

async fn nothing() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "nothing")
}

fn old() -> Option<(i64, String)> {
    Some((7, "old".to_owned()))
}

// axum shows a layer no difference between the fallback of a nested router and a service in
// `nest_service`, whose writes must not go unguarded.
#[tokio::test]
async fn the_404_of_a_nested_fallback_stays_if_the_layer_is_outside() {
    let notes = Notes::new();
    let routes = || notes.routes().fallback(nothing);
    let outside = Router::new().nest("/api", routes()).layer(notes.guard());
    let inside = Router::new().nest("/api", routes().layer(notes.guard()));
    for transport in Transport::ALL {
        for (app, status) in [(&outside, 404), (&inside, 500)] {
            let unknown = || Request::put("/api/notes/1/2");
            let stale = unknown().header("if-match", "\"6\"");
            assert_eq!(transport.send(app, stale).await.status(), status);
            assert_eq!(transport.send(app, unknown()).await.status(), status);
            let get = Request::get("/api/notes/1/2").header("if-match", "\"6\"");
            assert_eq!(transport.send(app, get).await.status(), 404);

            let stale = Request::put("/api/notes/%31").header("if-match", "\"6\"");
            assert_eq!(transport.send(app, stale).await.status(), 412);
            assert_eq!(notes.get(1), old());
        }
    }
}

// Only the router inside knows the route, and to the layer it is a fallback. `Precondition` in the
// handler sees that nobody has evaluated anything.
#[tokio::test]
async fn a_router_that_the_layer_takes_for_a_fallback_fails_loudly() {
    let notes = Notes::new();
    for (app, prefix) in [
        (
            Router::new()
                .nest_service("/api", notes.routes())
                .layer(notes.guard()),
            "/api",
        ),
        (
            Router::new()
                .fallback_service(notes.routes())
                .layer(notes.guard()),
            "",
        ),
        (
            Router::new().fallback_service(notes.guard().layer(notes.routes())),
            "",
        ),
    ] {
        for transport in Transport::ALL {
            for field in [("if-match", "\"6\""), ("if-none-match", "*")] {
                let put = Request::put(format!("{prefix}/notes/1")).header(field.0, field.1);
                let response = transport.send(&app, put).await;
                assert_eq!(response.status(), 500, "{field:?}");
                let text = std::str::from_utf8(response.body()).unwrap();
                assert!(text.contains("ConditionalLayer"), "{text}");
                assert_eq!(notes.get(1), old());
            }
        }
    }
}
