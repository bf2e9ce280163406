//! HTTP/2 with prior knowledge: the same, without `Connection`.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use http::{Method, Request, Version};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody, combinators::UnsyncBoxBody};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tower::{Layer, service_fn};
use tower_conditional::drain::DrainLayer;

use crate::{
    support::refusal,
    wire::{TIMES, serve, start},
};

type Content = UnsyncBoxBody<Bytes, Infallible>;

static CHUNK: [u8; 50_000] = [b'x'; 50_000];

/// Content of this size, and how much of it the connection has taken.
fn content(size: usize) -> (Content, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let chunks = (0..size).step_by(CHUNK.len()).map(move |at| {
        let chunk = &CHUNK[..CHUNK.len().min(size - at)];
        count.fetch_add(chunk.len(), Ordering::SeqCst);
        Ok(Frame::data(Bytes::from_static(chunk)))
    });
    let content = StreamBody::new(futures_util::stream::iter(chunks));
    (content.boxed_unsync(), taken)
}

async fn connect(address: SocketAddr) -> SendRequest<Content> {
    let stream = TcpStream::connect(address).await.unwrap();
    let handshake = handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (sender, connection) = handshake.await.unwrap();
    tokio::spawn(connection);
    sender
}

struct Exchange {
    status: u16,
    sent: usize,
}

async fn send(
    sender: &mut SendRequest<Content>,
    method: Method,
    uri: String,
    field: (&str, &str),
    size: usize,
) -> Exchange {
    let (content, taken) = content(size);
    let request = Request::builder().method(method).uri(uri);
    let request = request.header(field.0, field.1).body(content).unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.version(), Version::HTTP_2);
    assert!(!response.headers().contains_key("connection"));
    let status = response.status().as_u16();
    let content = response.into_body().collect().await.unwrap().to_bytes();
    assert!(!content.is_empty());
    Exchange {
        status,
        sent: taken.load(Ordering::SeqCst),
    }
}

// Without the layer the server ends the stream by RST_STREAM, while the client still sends: about
// half of curl's uploads fail then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_upload_is_sent_to_its_end() {
    let address = start().await;
    let mut sender = connect(address).await;
    for size in [20 * 1024, 1_000_000, 8 << 20] {
        for _ in 0..TIMES {
            let url = format!("http://{address}/");
            let stale = ("if-match", "\"0\"");
            let refused = send(&mut sender, Method::PUT, url.clone(), stale, size).await;
            assert_eq!((refused.status, refused.sent), (412, size));
            let current = ("if-match", "\"1\"");
            let written = send(&mut sender, Method::PUT, url, current, 9).await;
            assert_eq!((written.status, written.sent), (200, 9));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_status_of_every_service_arrives() {
    let address = start().await;
    let mut sender = connect(address).await;
    for (method, path, status) in [
        (Method::POST, "401", 401),
        (Method::POST, "404", 404),
        (Method::POST, "412", 412),
        (Method::POST, "413", 413),
        (Method::PUT, "", 428),
    ] {
        for _ in 0..TIMES {
            let url = format!("http://{address}/{path}");
            let none = ("accept", "*/*");
            let reply = send(&mut sender, method.clone(), url, none, 2_000_000).await;
            assert_eq!((reply.status, reply.sent), (status, 2_000_000));
        }
    }
}

// The response has no `Connection`, and other streams go on.
#[tokio::test]
async fn above_the_limit_the_connection_stays() {
    let refuse = service_fn(|_| async { Ok(refusal()) });
    let address = serve(DrainLayer::new().limit(3_000_000).layer(refuse)).await;
    let mut sender = connect(address).await;
    for _ in 0..TIMES {
        for size in [8 << 20, 3_000_000] {
            let url = format!("http://{address}/");
            let reply = send(&mut sender, Method::PUT, url, ("accept", "*/*"), size).await;
            assert_eq!(reply.status, 412);
            assert_eq!(reply.sent == size, size == 3_000_000);
        }
    }
}
