//! Runs the examples `hyper` and `axum` as processes. Drives the first over HTTP/1.1 and HTTP/2.

mod process;

use bytes::Bytes;
use futures_util::future::join_all;
use http::{
    HeaderName, Method, Request, Response, StatusCode, Version,
    header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH},
};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use process::Process;

const NO_CONDITION: Option<(HeaderName, &str)> = None;

struct Document {
    process: Process,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Document {
    fn start(version: Version) -> Self {
        Self::of("hyper", version)
    }

    fn of(example: &str, version: Version) -> Self {
        let http2 = version == Version::HTTP_2;
        Self {
            process: Process::start(example, &[]),
            client: Client::builder(TokioExecutor::new())
                .http2_only(http2)
                .build_http(),
        }
    }

    async fn send(
        &self,
        method: Method,
        condition: Option<(HeaderName, &str)>,
        content: impl Into<Bytes>,
    ) -> Response<Incoming> {
        let uri = format!("http://{}/", self.process.address);
        let mut request = Request::builder().method(method).uri(uri);
        if let Some((name, value)) = condition {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(content.into())).unwrap();
        self.client.request(request).await.unwrap()
    }

    async fn get(&self) -> (String, Bytes) {
        let response = self.send(Method::GET, NO_CONDITION, "").await;
        assert_eq!(response.status(), StatusCode::OK);
        (tag(&response), content(response).await)
    }
}

#[track_caller]
fn tag(response: &Response<Incoming>) -> String {
    let tag = response.headers().get(ETAG);
    let tag = tag.unwrap_or_else(|| panic!("no ETag in {response:?}"));
    tag.to_str().unwrap().to_owned()
}

async fn content(response: Response<Incoming>) -> Bytes {
    response.collect().await.unwrap().to_bytes()
}

#[tokio::test]
async fn it_reads_and_writes_conditionally() {
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let document = Document::start(version);
        let (first, bytes) = document.get().await;
        assert_eq!(bytes, "first\n");
        // A cache without it answers from its own copy for a while.
        let read = document.send(Method::GET, NO_CONDITION, "").await;
        assert_eq!(read.headers()[CACHE_CONTROL], "no-cache");

        let head = document.send(Method::HEAD, NO_CONDITION, "").await;
        assert_eq!(head.status(), StatusCode::OK);
        assert_eq!(head.headers()[CONTENT_LENGTH], "6");
        assert_eq!(tag(&head), first);
        assert!(content(head).await.is_empty());

        for method in [Method::GET, Method::HEAD] {
            let condition = Some((IF_NONE_MATCH, first.as_str()));
            let revalidated = document.send(method, condition, "").await;
            assert_eq!(revalidated.version(), version);
            assert_eq!(revalidated.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(tag(&revalidated), first);
            assert!(!revalidated.headers().contains_key(CONTENT_LENGTH));
            assert!(content(revalidated).await.is_empty());
        }

        let required = document.send(Method::PUT, NO_CONDITION, "lost").await;
        assert_eq!(required.status(), StatusCode::PRECONDITION_REQUIRED);
        let condition = Some((IF_MATCH, first.as_str()));
        let written = document.send(Method::PUT, condition, "second\n").await;
        assert_eq!(written.status(), StatusCode::OK);
        let second = tag(&written);
        assert_ne!(second, first);

        let stale = document
            .send(Method::PUT, Some((IF_MATCH, &first)), "lost")
            .await;
        assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED);
        assert_eq!(tag(&stale), second);
        assert_eq!(stale.headers()[CONTENT_TYPE], "application/problem+json");
        assert_eq!(document.get().await, (second, Bytes::from("second\n")));
    }
}

#[tokio::test]
async fn a_stale_upload_is_answered() {
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let document = Document::start(version);
        let before = document.get().await;
        for _ in 0..20 {
            let stale = Some((IF_MATCH, "\"0\""));
            let refused = document.send(Method::PUT, stale, vec![0; 8 << 20]).await;
            assert_eq!(refused.status(), StatusCode::PRECONDITION_FAILED);
            content(refused).await;
        }
        assert_eq!(document.get().await, before);
    }
}

/// It waits ten seconds for the head, and as long for the content.
#[tokio::test]
async fn a_client_that_stops_in_the_middle_does_not_hold_its_connection() {
    let document = Document::start(Version::HTTP_11);
    let before = document.get().await;
    let half_sent = [
        "GET / HTTP/1.1\r\nHost: document\r\nX-Half",
        "PUT / HTTP/1.1\r\nHost: document\r\nIf-Match: *\r\nContent-Length: 9\r\n\r\nhalf",
    ];
    let address = &document.process.address;
    let ends = half_sent.map(|half| async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(half.as_bytes()).await.unwrap();
        let mut response = Vec::new();
        // Ends when the server closes the connection.
        let _ = stream.read_to_end(&mut response).await;
        assert!(!response.starts_with(b"HTTP/1.1 2"), "{half}");
    });
    join_all(ends).await;
    assert_eq!(document.get().await, before);
}

#[tokio::test]
async fn it_has_no_other_methods() {
    let document = Document::start(Version::HTTP_11);
    let before = document.get().await;
    for method in [Method::POST, Method::DELETE, Method::PATCH] {
        let response = document.send(method, NO_CONDITION, "").await;
        assert_eq!(response.status(), StatusCode::NOT_IMPLEMENTED);
    }
    assert_eq!(document.get().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_writers_of_one_version_one_wins() {
    let document = Document::start(Version::HTTP_11);
    let (mut current, _) = document.get().await;
    for round in 0..30 {
        let contents: Vec<_> = (0..4)
            .map(|writer| format!("{round} of {writer}"))
            .collect();
        let writes = contents.iter().map(|content| {
            let condition = Some((IF_MATCH, current.as_str()));
            document.send(Method::PUT, condition, content.clone())
        });
        let responses = join_all(writes).await;
        let mut winners = Vec::new();
        for (response, content) in responses.iter().zip(&contents) {
            match response.status() {
                StatusCode::OK => winners.push((tag(response), Bytes::from(content.clone()))),
                status => assert_eq!(status, StatusCode::PRECONDITION_FAILED),
            }
        }
        assert_eq!(winners, [document.get().await]);
        current = document.get().await.0;
    }
}

#[tokio::test]
async fn it_stops_when_it_is_asked_to() {
    let document = Document::start(Version::HTTP_11);
    document.get().await;
    let (status, _) = document.process.stop("INT");
    assert!(status.success(), "{status}");
}

#[tokio::test]
async fn the_one_for_axum_does_the_same() {
    let document = Document::of("axum", Version::HTTP_11);
    let (first, bytes) = document.get().await;
    assert_eq!(bytes, "first\n");
    let same = Some((IF_NONE_MATCH, first.as_str()));
    let revalidated = document.send(Method::GET, same, "").await;
    assert_eq!(revalidated.status(), StatusCode::NOT_MODIFIED);

    let required = document.send(Method::PUT, NO_CONDITION, "lost").await;
    assert_eq!(required.status(), StatusCode::PRECONDITION_REQUIRED);
    let condition = || Some((IF_MATCH, first.as_str()));
    let written = document.send(Method::PUT, condition(), "second\n").await;
    assert_eq!(written.status(), StatusCode::OK);
    let stale = document.send(Method::PUT, condition(), "lost").await;
    assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED);
    let second = tag(&written);
    assert_eq!(document.get().await, (second, Bytes::from("second\n")));

    let (status, _) = document.process.stop("INT");
    assert!(status.success(), "{status}");
}
