//! What the client layer keeps in memory of the responses that it has read: a process of its own,
//! whose resident memory is measured.
#![cfg(all(feature = "client", target_os = "linux"))]

use std::{fs, net::SocketAddr};

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tower::{Layer, Service};
use tower_conditional::client::{ConditionalClientLayer, Guard, store::MemoryStore};

const MIB: usize = 1024 * 1024;

/// Resident memory in bytes.
fn resident() -> usize {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = statm.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

/// Answers each request on a connection with a tag and a filler. The size of the filler is in the
/// path. A PUT is rejected.
async fn answer(mut stream: TcpStream) {
    let mut request = Vec::new();
    loop {
        while !request.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut request).await.unwrap() == 0 {
                return;
            }
        }
        let head = String::from_utf8(std::mem::take(&mut request)).unwrap();
        let path = head.split(' ').nth(1).unwrap();
        let size = path.split('/').nth(1).unwrap().parse().unwrap();
        let status = if head.starts_with("PUT") { 412 } else { 200 };
        let response = format!(
            "HTTP/1.1 {status} Status\r\nX-Filler: {}\r\nVary: X-Vary\r\nETag: \"{path}\"\r\n\
             Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n",
            "x".repeat(size)
        );
        stream.write_all(response.as_bytes()).await.unwrap();
    }
}

async fn server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            tokio::spawn(answer(listener.accept().await.unwrap().0));
        }
    });
    address
}

/// The entries, and what the layer knows of the resources whose writes were rejected, own their
/// bytes: they do not hold the buffer in which the connection has read a response.
#[tokio::test]
async fn what_is_kept_does_not_hold_the_buffers_of_connections() {
    let address = server().await;
    let store = std::sync::Arc::new(MemoryStore::new(10_000));
    let layer = ConditionalClientLayer::new()
        .store(std::sync::Arc::clone(&store))
        .guard(Guard::WhenKnown);
    let inner = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let mut client = layer.layer(inner);
    let mut before = 0;
    // The first are for the client's own buffers.
    for (requests, filler) in [(10, 300_000), (100, 300_000), (2000, 12_000)] {
        for n in 0..requests {
            let uri = format!("http://{address}/{filler}/{n}");
            let request = || Request::builder().uri(&uri).header("x-vary", "it");
            let read = request().body(Empty::new()).unwrap();
            let response = client.call(read).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            response.into_body().collect().await.unwrap();
            if n % 2 == 0 {
                let write = request().method("PUT").body(Empty::new()).unwrap();
                let response = client.call(write).await.unwrap();
                assert_eq!(response.status(), StatusCode::PRECONDITION_FAILED);
            }
        }
        if before == 0 {
            before = resident();
        }
    }
    let grown = resident().saturating_sub(before);
    assert!(grown < 12 * MIB, "{} MiB", grown / MIB);
    assert!(store.len() >= 1000, "{} entries are kept", store.len());
}
