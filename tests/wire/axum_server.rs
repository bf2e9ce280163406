//! The same layer on an axum server.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
    routing::get,
    serve::IncomingStream,
};
use tokio::net::TcpListener;
use tower::{Layer as _, Service, ServiceBuilder, make::Shared};

use crate::{
    http2,
    support::{Counters, Server, exchange, layer},
};

/// Starts the same server as [`Server::start`], but with axum.
pub(crate) async fn start() -> Server {
    let handler = Counters::default();
    let counters = handler.clone();
    let read = || async { "content" };
    let write = move |body: Body| async move {
        counters.store(body).await;
        "stored"
    };
    let app = Router::new()
        .route("/tag", get(read).put(write.clone()).post(write))
        .route("/date", get(read))
        .route("/none", get(read))
        .layer(layer());
    let address = serve(app).await;
    Server { address, handler }
}

async fn serve<M, S>(app: M) -> SocketAddr
where
    M: for<'a> Service<IncomingStream<'a, TcpListener>, Error = Infallible, Response = S>
        + Send
        + 'static,
    for<'a> <M as Service<IncomingStream<'a, TcpListener>>>::Future: Send,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

const LAST: &str = "GET /none HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn a_304_does_not_get_in_the_way_of_the_next_response() {
    let server = start().await;
    for method in ["GET", "HEAD"] {
        let request = format!("{method} /tag HTTP/1.1\r\nhost: a\r\nif-none-match: \"1\"\r\n\r\n");
        let mut replies = server.exchange(request + LAST).await;
        let reply = replies.next(0);
        assert_eq!(reply.status_line(), "HTTP/1.1 304 Not Modified");
        assert_eq!(reply.field("etag").unwrap(), b"\"1\"");
        assert_eq!(replies.next_delimited().status_line(), "HTTP/1.1 200 OK");
        replies.end();
    }
}

// RFC 9110 section 8.6: a 304 has no Content-Length other than that of the 200. A router of axum
// adds `content-length: 0` to each response without content, and in a response to HEAD it is sent.
#[tokio::test]
async fn a_304_of_a_layer_around_the_router_has_no_content_length() {
    let app = Router::new().route("/tag", get(|| async { "content" }));
    let around = ServiceBuilder::new()
        .map_response(IntoResponse::into_response)
        .layer(layer())
        .service(app.route("/none", get(|| async { "content" })));
    let address = serve(Shared::new(around)).await;
    for method in ["GET", "HEAD"] {
        let request = format!("{method} /tag HTTP/1.1\r\nhost: a\r\nif-none-match: \"1\"\r\n\r\n");
        let reply = exchange(address, request + LAST).await.next(0);
        assert_eq!(
            reply.fields_but_date(),
            ["cache-control: no-cache", "etag: \"1\"", "vary: accept"],
            "{method}",
        );
    }
}

// It was there: to HEAD, and over HTTP/2 to GET as well. hyper removes it from nothing else.
#[tokio::test]
async fn a_304_has_no_content_length_inside_a_router_either() {
    let read = || get(|| async { "content" });
    let apps = [
        Router::new().route("/tag", read()).layer(layer()),
        Router::new().route("/tag", read()).route_layer(layer()),
        Router::new().route("/tag", read().route_layer(layer())),
        Router::new().route("/tag", read().layer(layer())),
        Router::new().route_service("/tag", layer().layer(read())),
        Router::new().fallback_service(layer().layer(read())),
    ];
    for (position, app) in apps.into_iter().enumerate() {
        let nested = Router::new().nest("/nested", app.clone());
        let service = Router::new().nest_service("/service", app.clone());
        let merged = Router::new().route("/other", read()).merge(app.clone());
        for (app, path) in [
            (app, "/tag"),
            (nested, "/nested/tag"),
            (service, "/service/tag"),
            (merged, "/tag"),
        ] {
            let server = Server {
                address: serve(app).await,
                handler: Counters::default(),
            };
            for method in ["GET", "HEAD"] {
                let request = format!(
                    "{method} {path} HTTP/1.1\r\nhost: a\r\nif-none-match: \"1\"\r\nconnection: close\r\n\r\n"
                );
                let mut replies = server.exchange(request).await;
                let reply = replies.next(0);
                let expected = [
                    "cache-control: no-cache",
                    "connection: close",
                    "etag: \"1\"",
                    "vary: accept",
                ];
                assert_eq!(
                    reply.fields_but_date(),
                    expected,
                    "{position} {method} {path}"
                );
                replies.end();

                let request = http::Request::builder()
                    .method(method)
                    .uri(format!("http://{}{path}", server.address))
                    .header("if-none-match", "\"1\"");
                let response = http2::send(&server, request).await;
                assert_eq!(response.status(), 304);
                let length = response.headers().get("content-length");
                assert_eq!(length, None, "HTTP/2 {position} {method} {path}");
            }
        }
    }
}

// Only the 304 has none: an empty 200 has a length.
#[tokio::test]
async fn other_responses_keep_their_content_length() {
    let app = Router::new().route("/tag", get(|| async {}).layer(layer()));
    let server = Server {
        address: serve(app).await,
        handler: Counters::default(),
    };
    let request = "GET /tag HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let reply = server.exchange(request).await.next(0);
    assert_eq!(reply.field("content-length").unwrap(), b"0");
}

#[tokio::test]
async fn a_refused_write_is_not_routed() {
    let server = start().await;
    for (field, status) in [
        ("if-match: \"0\"\r\n", "HTTP/1.1 412 Precondition Failed"),
        ("", "HTTP/1.1 428 Precondition Required"),
    ] {
        let request =
            format!("PUT /tag HTTP/1.1\r\nhost: a\r\n{field}content-length: 4\r\n\r\nsent");
        let mut replies = server.exchange(request + LAST).await;
        assert_eq!(replies.next_delimited().status_line(), status);
        assert_eq!(replies.next_delimited().status_line(), "HTTP/1.1 200 OK");
        replies.end();
    }
    assert_eq!(server.handler.calls(), 0);
}
