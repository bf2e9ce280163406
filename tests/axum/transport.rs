//! The same request in process, over HTTP/1.1 and over HTTP/2.

use axum::{Router, body::Body};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::client::conn::{http1, http2};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tower::ServiceExt;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Transport {
    InProcess,
    Http1,
    Http2,
}

impl Transport {
    pub(crate) const ALL: [Transport; 3] =
        [Transport::InProcess, Transport::Http1, Transport::Http2];

    pub(crate) async fn send(
        self,
        app: &Router,
        request: http::request::Builder,
    ) -> Response<Bytes> {
        let request = request.body(Body::from("new")).unwrap();
        let (head, body) = match self {
            Transport::InProcess => app.clone().oneshot(request).await.unwrap().into_parts(),
            Transport::Http1 => {
                let (mut sender, connection) = http1::handshake(connect(app)).await.unwrap();
                tokio::spawn(connection);
                let (head, body) = sender
                    .send_request(host(request))
                    .await
                    .unwrap()
                    .into_parts();
                (head, Body::new(body))
            }
            Transport::Http2 => {
                let executor = TokioExecutor::new();
                let (mut sender, connection) =
                    http2::handshake(executor, connect(app)).await.unwrap();
                tokio::spawn(connection);
                let (mut parts, body) = request.into_parts();
                parts.uri = format!("http://a.example{}", parts.uri).parse().unwrap();
                let request = Request::from_parts(parts, body);
                let (head, body) = sender.send_request(request).await.unwrap().into_parts();
                (head, Body::new(body))
            }
        };
        Response::from_parts(head, body.collect().await.unwrap().to_bytes())
    }
}

fn host(mut request: Request<Body>) -> Request<Body> {
    let host = http::HeaderValue::from_static("a.example");
    request.headers_mut().insert("host", host);
    request
}

/// Connects to a server of the app, in memory.
fn connect(app: &Router) -> TokioIo<tokio::io::DuplexStream> {
    let (client, server) = tokio::io::duplex(64 * 1024);
    let service = TowerToHyperService::new(app.clone());
    tokio::spawn(async move {
        let builder = auto::Builder::new(TokioExecutor::new());
        // An error means that the client has closed the connection.
        let _ = builder
            .serve_connection(TokioIo::new(server), service)
            .await;
    });
    TokioIo::new(client)
}
