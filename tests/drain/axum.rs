//! The layer in and around routers of axum, with the layers that people use there.

use axum::{
    Router, ServiceExt,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Request},
    http::{Method, StatusCode, header::AUTHORIZATION},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{get, put},
};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tower::{Layer, ServiceBuilder};
use tower_conditional::{
    ByHead, ConditionalLayer, EntityTag, Requirement,
    drain::{DrainBody, DrainLayer},
    ready_fn,
};
use tower_http::{compression::CompressionLayer, limit::RequestBodyLimitLayer, trace::TraceLayer};

use crate::wire::{Connection, Framing, TIMES};

async fn authenticate(request: Request, next: Next) -> Response {
    match request.headers().contains_key(AUTHORIZATION) {
        true => next.run(request).await,
        false => StatusCode::UNAUTHORIZED.into_response(),
    }
}

fn app() -> Router {
    let conditional = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(1)))
        .require(Requirement::WRITES);
    let read = || async { "content" };
    Router::new()
        .route(
            "/",
            get(read)
                .put(|_: Bytes| async { "stored" })
                .route_layer(conditional),
        )
        .route(
            "/small",
            put(|_: Bytes| async {}).layer(DefaultBodyLimit::max(1_000)),
        )
        .route(
            "/limited",
            put(|_: Bytes| async {}).layer(RequestBodyLimitLayer::new(1_000)),
        )
        .route("/unread", put(|| async { "unread" }))
        .layer(from_fn(authenticate))
        .layer(CompressionLayer::new())
        .layer(TraceLayer::new_for_http())
}

async fn check(address: SocketAddr) {
    let signed_in = "authorization: Bearer secret\r\n";
    let stale = "authorization: Bearer secret\r\nif-match: \"0\"\r\n";
    for (path, fields, status) in [
        ("/", "", 401),
        ("/nowhere", signed_in, 404),
        ("/", stale, 412),
        ("/small", signed_in, 413),
        ("/limited", signed_in, 413),
        ("/", signed_in, 428),
        ("/unread", signed_in, 200),
    ] {
        for framing in [Framing::ContentLength, Framing::Chunked] {
            let mut connection = Connection::open(address).await;
            for _ in 0..TIMES {
                let reply = connection.send(Method::PUT, path, fields, framing, 1_500_000);
                reply.await.assert_kept(status);
                let read = connection.send(Method::GET, "/", signed_in, framing, 0);
                let read = read.await;
                read.assert_kept(200);
                assert_eq!(read.content, b"content");
            }
        }
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_the_last_layer_of_a_router() {
    let (listener, address) = listen().await;
    let app = app().layer(DrainLayer::new());
    tokio::spawn(async { axum::serve(listener, app).await });
    check(address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn around_a_router() {
    let (listener, address) = listen().await;
    let app = DrainLayer::new().layer(app());
    let app = ServiceExt::<Request>::into_make_service(app);
    tokio::spawn(async { axum::serve(listener, app).await });
    check(address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_layers_that_take_only_axums_body() {
    let (listener, address) = listen().await;
    let app = app().layer(
        ServiceBuilder::new()
            .layer(DrainLayer::new())
            .map_request(|request: Request<DrainBody<Body>>| request.map(Body::new))
            .layer(from_fn(|request: Request, next: Next| next.run(request))),
    );
    tokio::spawn(async { axum::serve(listener, app).await });
    check(address).await;
}

// The HEAD that `ByHead` sends has a body that no layer waits for.
#[tokio::test]
async fn around_a_source_that_asks_by_head() {
    let (listener, address) = listen().await;
    let tagged = get(|| async { ([("etag", "\"1\"")], "content") }).put(|_: Bytes| async {});
    let conditional = ConditionalLayer::new(ByHead::<DrainBody<Body>>::new());
    let app = DrainLayer::new().layer(conditional.layer(tagged));
    tokio::spawn(async move {
        let app = Router::new().route_service("/", app);
        axum::serve(listener, app).await
    });
    for framing in [Framing::ContentLength, Framing::Chunked] {
        let mut connection = Connection::open(address).await;
        for (fields, status) in [("if-match: \"0\"\r\n", 412), ("if-match: \"1\"\r\n", 200)] {
            let reply = connection.send(Method::PUT, "/", fields, framing, 1_000_000);
            reply.await.assert_kept(status);
        }
    }
}
