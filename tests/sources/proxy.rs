//! A reverse proxy that adds conditional requests to an upstream that does not support them.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, Method, Request, Response, StatusCode, Uri, header::ETAG},
    response::IntoResponse,
    routing::get,
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::{net::TcpListener, sync::Mutex};
use tower::{ServiceBuilder, ServiceExt};
use tower_conditional::{ByHead, ConditionalLayer, Requirement};

use crate::support::{assert_answer, request};

/// The document that the upstream stores, and the methods of the requests that it got.
#[derive(Default)]
struct Upstream {
    version: u64,
    content: String,
    seen: Vec<Method>,
}

type Shared = State<Arc<Mutex<Upstream>>>;

async fn read(State(upstream): Shared, method: Method, headers: HeaderMap) -> impl IntoResponse {
    assert!(!headers.contains_key("if-match") || method != Method::HEAD);
    assert!(!headers.contains_key("if-none-match") || method != Method::HEAD);
    let mut upstream = upstream.lock().await;
    upstream.seen.push(method);
    (
        [(ETAG, format!("\"{}\"", upstream.version))],
        upstream.content.clone(),
    )
}

/// Overwrites the document without a check.
async fn write(State(upstream): Shared, method: Method, content: String) -> StatusCode {
    let mut upstream = upstream.lock().await;
    upstream.seen.push(method);
    upstream.version += 1;
    upstream.content = content;
    StatusCode::NO_CONTENT
}

async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn start() -> (SocketAddr, Arc<Mutex<Upstream>>) {
    let upstream = Arc::new(Mutex::new(Upstream::default()));
    let app = Router::new()
        .route("/document", get(read).put(write).delete(write))
        .with_state(Arc::clone(&upstream));
    let origin = serve(app).await;

    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let proxy = ServiceBuilder::new()
        .layer(ConditionalLayer::new(ByHead::<Body>::new()).require(Requirement::WRITES))
        .map_request(move |mut request: Request<Body>| {
            let uri = format!("http://{origin}{}", request.uri().path());
            *request.uri_mut() = uri.parse::<Uri>().unwrap();
            request
        })
        .service(client);
    let app = Router::new().fallback(move |request: Request<Body>| async move {
        match proxy.oneshot(request).await {
            Ok(response) => response.map(Body::new),
            Err(error) => {
                let mut response = Response::new(Body::from(error.to_string()));
                *response.status_mut() = StatusCode::BAD_GATEWAY;
                response
            }
        }
    });
    (serve(app).await, upstream)
}

#[tokio::test]
async fn the_proxy_answers_304_and_412_and_428_where_the_upstream_would_not() {
    let (proxy, upstream) = start().await;
    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let uri = format!("http://{proxy}/document");
    let send = |method, fields: &[(&'static str, &str)], content: &'static str| {
        let request: Request<String> = request(method, &uri, fields);
        client.request(request.map(|_| content.to_owned()))
    };

    let full = send(Method::GET, &[], "").await.unwrap();
    assert_answer(&full, 200, Some("\"0\""));
    let held = send(Method::GET, &[("if-none-match", "\"0\"")], "")
        .await
        .unwrap();
    assert_answer(&held, 304, Some("\"0\""));

    let first = send(Method::PUT, &[("if-match", "\"0\"")], "first")
        .await
        .unwrap();
    assert_answer(&first, 204, None);
    let lost = send(Method::PUT, &[("if-match", "\"0\"")], "second")
        .await
        .unwrap();
    assert_answer(&lost, 412, Some("\"1\""));
    let unguarded = send(Method::DELETE, &[], "").await.unwrap();
    assert_answer(&unguarded, 428, Some("\"1\""));

    let current = send(Method::GET, &[("if-none-match", "\"0\"")], "")
        .await
        .unwrap();
    assert_answer(&current, 200, Some("\"1\""));
    let content = to_bytes(Body::new(current.into_body()), 100).await.unwrap();
    assert_eq!(content, "first");

    let seen = std::mem::take(&mut upstream.lock().await.seen);
    let (head, get, put) = (Method::HEAD, Method::GET, Method::PUT);
    let expected = [&get, &head, &head, &put, &head, &head, &head, &get];
    assert_eq!(seen.iter().collect::<Vec<_>>(), expected);
}
