//! What `Cached` keeps in memory of the requests that a server has read: a process of its own, whose
//! resident memory is measured.
#![cfg(all(feature = "cache", target_os = "linux"))]

use std::{convert::Infallible, fs, net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header::VARY, request::Parts};
use http_body_util::Empty;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tower::{Layer, service_fn};
use tower_conditional::{
    Cached, ConditionalLayer, EntityTag, Representation, ready_fn,
    source::cached::{CacheKey, UriKey},
};

/// Resident memory in bytes.
fn resident() -> usize {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = statm.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

/// An answer that is made of the request, as a source or an upstream may make one.
fn echo(head: &Parts) -> Representation {
    let tag = head.headers.get("x-tag").map(EntityTag::try_from);
    let tag = tag.and_then(Result::ok);
    tag.map_or_else(Representation::new, Representation::from)
        .with_field(VARY, HeaderValue::from_static("x-vary"))
        .with_field(
            http::header::CONTENT_LOCATION,
            head.headers["x-location"].clone(),
        )
}

async fn serve(key: impl CacheKey + Clone + Send + Sync + 'static) -> SocketAddr {
    let source = Cached::with_key(ready_fn(echo), key, 100_000, Duration::from_secs(3600));
    let handler = service_fn(|_: Request<Incoming>| async {
        Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))
    });
    let service = ConditionalLayer::new(source).layer(handler);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = TowerToHyperService::new(service.clone());
            let serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(serving);
        }
    });
    address
}

/// Sends this many requests for different resources, each with as many bytes of other fields.
async fn send(address: SocketAddr, method: Method, requests: usize, filler: usize) {
    let filler = "x".repeat(filler);
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut response = [0; 4096];
    // A write with a precondition would be refused, and reach no handler.
    let name = if method == Method::GET {
        "If-None-Match"
    } else {
        "X-None"
    };
    for n in 0..requests {
        let request = format!(
            "{method} /{method}{filler_len}/{n} HTTP/1.1\r\nHost: host\r\nX-Filler: {filler}\r\n\
             X-Vary: it\r\nX-Tag: \"{n}\"\r\nX-Location: /{n}\r\n{name}: \"{n}\"\r\n\r\n",
            filler_len = filler.len(),
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut read = 0;
        while !response[..read].ends_with(b"\r\n\r\n") {
            let more = stream.read(&mut response[read..]).await.unwrap();
            assert_ne!(more, 0, "the connection ended");
            read += more;
        }
        let status = if method == Method::GET { "304" } else { "200" };
        assert_eq!(&response[9..12], status.as_bytes());
    }
}

/// Once, keys shared the buffer of the connection: 1,000 requests with 300 KB of fields took the
/// server from 6 to 305 MB.
#[tokio::test]
async fn what_is_kept_does_not_hold_the_buffers_of_connections() {
    const MIB: usize = 1024 * 1024;
    let by_uri = serve(UriKey).await;
    let shared = |head: &Parts| (head.uri.clone(), head.headers["host"].clone());
    let by_closure = serve(shared).await;
    for address in [by_uri, by_closure] {
        // The server's own buffers.
        send(address, Method::GET, 10, 300_000).await;
        let before = resident();
        for (requests, filler) in [(50, 300_000), (2000, 12_000)] {
            send(address, Method::GET, requests, filler).await;
        }
        let grown = resident().saturating_sub(before);
        assert!(grown < 12 * MIB, "{} MiB", grown / MIB);
    }

    // Writes are not remembered at all.
    let before = resident();
    send(by_uri, Method::PUT, 4000, 10).await;
    let grown = resident().saturating_sub(before);
    assert!(grown < 4 * MIB, "{} MiB", grown / MIB);
}
