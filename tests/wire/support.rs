//! A server on loopback, and a client that sends bytes and reads the responses.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use http::{
    HeaderValue, Method, Request, Response,
    header::{CACHE_CONTROL, CONTENT_TYPE, VARY},
    request::Parts,
};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tower::{Layer, service_fn};
use tower_conditional::{
    ConditionalLayer, EntityTag, HttpDate, Representation, Requirement, Selected, ready_fn,
    source::ReadyFn,
};

pub(crate) const LAST_MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// The number of calls of the handler, and of the bytes that it read.
#[derive(Clone, Default)]
pub(crate) struct Counters {
    pub(crate) calls: Arc<AtomicUsize>,
    pub(crate) bytes: Arc<AtomicUsize>,
}

impl Counters {
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::SeqCst)
    }

    /// Reads the content of a request to its end, as a handler would that stores it.
    pub(crate) async fn store<B>(self, body: B)
    where
        B: Body<Data = Bytes> + Unpin,
        B::Error: std::fmt::Debug,
    {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let mut body = body;
        while let Some(frame) = body.frame().await {
            let bytes = frame.unwrap().into_data().map_or(0, |data| data.len());
            self.bytes.fetch_add(bytes, Ordering::SeqCst);
        }
    }
}

/// The resources: `/tag` has the tag `"1"`, `/date` has a date, and `/obs-text` has a tag with a
/// byte of obs-text. The state of `/unknown` is unknown. There are no others.
fn select(head: &Parts) -> Selected {
    let representation = match head.uri.path() {
        "/tag" => Representation::from(EntityTag::from_version(1))
            .with_field(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
            .with_field(VARY, HeaderValue::from_static("accept"))
            .with_field(CONTENT_TYPE, HeaderValue::from_static("text/plain")),
        "/date" => HttpDate::parse(LAST_MODIFIED.as_bytes(), std::time::SystemTime::now())
            .unwrap()
            .into(),
        "/obs-text" => EntityTag::strong(b"caf\xE9").unwrap().into(),
        "/unknown" => return Selected::Unknown,
        _ => return Selected::Missing,
    };
    Selected::Present(representation)
}

type Source = ReadyFn<fn(&Parts) -> Selected>;

/// The layer of all servers here.
pub(crate) fn layer() -> ConditionalLayer<Source> {
    let source: Source = ready_fn(select);
    ConditionalLayer::new(source).require(Requirement::WRITES)
}

/// A server for HTTP/1.1 and HTTP/2.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) handler: Counters,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let handler = Counters::default();
        let counters = handler.clone();
        let service = layer().layer(service_fn(
            move |request: Request<hyper::body::Incoming>| {
                let counters = counters.clone();
                async move {
                    let write = !matches!(*request.method(), Method::GET | Method::HEAD);
                    counters.store(request.into_body()).await;
                    let content = if write { "stored" } else { "content" };
                    Ok::<_, Infallible>(Response::new(Full::<Bytes>::from(content)))
                }
            },
        ));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let service = TowerToHyperService::new(service.clone());
                tokio::spawn(async move {
                    let server = auto::Builder::new(TokioExecutor::new());
                    // An error means that the client has closed the connection early.
                    let _ = server.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { address, handler }
    }

    /// Sends `requests` on one connection, and reads until the server closes it.
    pub(crate) async fn exchange(&self, requests: impl AsRef<[u8]>) -> Replies {
        exchange(self.address, requests).await
    }
}

pub(crate) async fn exchange(address: SocketAddr, requests: impl AsRef<[u8]>) -> Replies {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(requests.as_ref()).await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    Replies { received, at: 0 }
}

/// The responses that were received on one connection.
pub(crate) struct Replies {
    received: Vec<u8>,
    at: usize,
}

impl Replies {
    /// Returns the next response, whose content has `content` bytes.
    #[track_caller]
    pub(crate) fn next(&mut self, content: usize) -> Reply {
        let rest = &self.received[self.at..];
        let end = rest
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .expect("a head")
            + 4;
        let reply = Reply {
            head: rest[..end].to_vec(),
            content: rest.get(end..end + content).expect("content").to_vec(),
        };
        self.at += end + content;
        reply
    }

    /// Returns the next response, whose content has the length in its `Content-Length`.
    #[track_caller]
    pub(crate) fn next_delimited(&mut self) -> Reply {
        let at = self.at;
        let head = self.next(0);
        let length = head.field("content-length").expect("a Content-Length");
        self.at = at;
        self.next(std::str::from_utf8(&length).unwrap().parse().unwrap())
    }

    /// Checks that nothing follows the responses that were taken.
    #[track_caller]
    pub(crate) fn end(self) {
        let rest = &self.received[self.at..];
        assert!(rest.is_empty(), "more than that: {}", rest.escape_ascii());
    }
}

#[derive(Debug)]
pub(crate) struct Reply {
    head: Vec<u8>,
    pub(crate) content: Vec<u8>,
}

impl Reply {
    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let head = &self.head[..self.head.len() - 4];
        head.split(|byte| *byte == b'\n')
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
    }

    pub(crate) fn status_line(&self) -> String {
        String::from_utf8(self.lines().next().unwrap().to_vec()).unwrap()
    }

    /// Returns the only line of a field.
    #[track_caller]
    pub(crate) fn field(&self, name: &str) -> Option<Vec<u8>> {
        let prefix = format!("{name}: ");
        let mut lines = self
            .lines()
            .filter_map(|line| line.strip_prefix(prefix.as_bytes()));
        let line = lines.next()?;
        assert!(lines.next().is_none(), "more than one line of {name}");
        Some(line.to_vec())
    }

    /// Returns all field lines except `Date`, which must be a date.
    #[track_caller]
    pub(crate) fn fields_but_date(&self) -> Vec<String> {
        let date = self.field("date").expect("a Date");
        HttpDate::parse(&date, std::time::SystemTime::now()).unwrap();
        let mut lines: Vec<_> = self
            .lines()
            .skip(1)
            .filter(|line| !line.starts_with(b"date: "))
            .map(|line| String::from_utf8(line.to_vec()).unwrap())
            .collect();
        lines.sort();
        lines
    }
}
