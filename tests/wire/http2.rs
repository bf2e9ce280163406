//! The same statuses and fields over HTTP/2.

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use crate::support::Server;

pub(crate) async fn send(server: &Server, request: http::request::Builder) -> Response<Incoming> {
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    let response = sender
        .send_request(request.body(Full::<Bytes>::default()).unwrap())
        .await;
    response.unwrap()
}

#[tokio::test]
async fn refusals_are_the_same() {
    let server = Server::start().await;
    let url = |path: &str| format!("http://{}{path}", server.address);
    let requests = [
        (
            Request::put(url("/tag")).header("if-match", "\"0\""),
            412,
            Some("\"1\""),
        ),
        (
            Request::put(url("/none")).header("if-match", "*"),
            412,
            None,
        ),
        (Request::put(url("/tag")), 428, Some("\"1\"")),
        (Request::put(url("/unknown")), 503, None),
    ];
    for (request, status, etag) in requests {
        let response = send(&server, request).await;
        assert_eq!(response.version(), Version::HTTP_2);
        assert_eq!(response.status(), status);
        assert_eq!(
            response
                .headers()
                .get("etag")
                .map(|tag| tag.to_str().unwrap()),
            etag
        );
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        let content = response.into_body().collect().await.unwrap().to_bytes();
        let problem: serde_json::Value = serde_json::from_slice(&content).unwrap();
        assert_eq!(problem["status"], status);
    }
    assert_eq!(server.handler.calls(), 0);
}

#[tokio::test]
async fn a_304_ends_with_its_head() {
    let server = Server::start().await;
    for method in ["GET", "HEAD"] {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}/tag", server.address))
            .header("if-none-match", "\"0\"")
            .header("if-none-match", "\"1\"");
        let response = send(&server, request).await;
        assert_eq!(response.status(), 304);
        let mut names: Vec<_> = response
            .headers()
            .keys()
            .map(|name| name.as_str())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["cache-control", "date", "etag", "vary"]);
        assert!(hyper::body::Body::is_end_stream(response.body()));
    }
}

#[tokio::test]
async fn what_is_true_is_performed() {
    let server = Server::start().await;
    let url = format!("http://{}/tag", server.address);
    let response = send(&server, Request::put(&url).header("if-match", "\"1\"")).await;
    assert_eq!(response.status(), 200);
    assert!(!response.headers().contains_key("etag"));
    let response = send(&server, Request::get(&url).header("if-none-match", "\"0\"")).await;
    assert_eq!(response.headers()["etag"], "\"1\"");
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        "content"
    );
    assert_eq!(server.handler.calls(), 2);
}
