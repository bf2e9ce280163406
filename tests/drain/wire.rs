//! A server on loopback, and a client that writes a whole request before it reads, as Python's
//! `http.client` does.

use std::{convert::Infallible, error::Error, net::SocketAddr};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tower::{Layer, Service, service_fn};
use tower_conditional::{ConditionalLayer, EntityTag, Requirement, drain::DrainLayer, ready_fn};

/// How often each exchange has to succeed.
pub(crate) const TIMES: usize = 20;

/// From what fits into the buffers of a connection to what is lost everywhere.
pub(crate) const SIZES: [usize; 6] = [
    10_000,
    20 * 1024,
    200_000,
    1_000_000,
    5_000_000,
    8 * 1024 * 1024,
];

/// Starts a server for HTTP/1.1 and HTTP/2. Its resource has the tag `"1"`.
///
/// `/401` and other numbers are answered with this status by a handler that reads nothing.
pub(crate) async fn start() -> SocketAddr {
    let conditional = ConditionalLayer::new(ready_fn(|head| {
        let guarded = head.uri.path() == "/";
        guarded.then(|| EntityTag::from_version(1))
    }));
    let conditional = conditional.require(Requirement::WRITES);
    serve(DrainLayer::new().layer(conditional.layer(service_fn(handle)))).await
}

async fn handle<B: Body>(request: Request<B>) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = Response::new(Full::from("content"));
    match request.uri().path()[1..].parse() {
        Ok(status) => *response.status_mut() = status,
        Err(_) => {
            // What a client that has gone away did not send is not the handler's.
            let _ = request.into_body().collect().await;
        }
    }
    Ok(response)
}

pub(crate) async fn serve<S, B>(service: S) -> SocketAddr
where
    S: Service<Request<hyper::body::Incoming>, Response = Response<B>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                let server = auto::Builder::new(TokioExecutor::new());
                // An error means that the client has closed the connection early.
                let io = TokioIo::new(stream);
                let _ = server.serve_connection_with_upgrades(io, service).await;
            });
        }
    });
    address
}

/// How the length of the content is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    ContentLength,
    Chunked,
}

pub(crate) struct Connection(BufReader<TcpStream>);

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) content: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        Self(BufReader::new(TcpStream::connect(address).await.unwrap()))
    }

    /// Sends a request with content, all of it, and then reads the response.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        fields: &str,
        framing: Framing,
        size: usize,
    ) -> Reply {
        let content = vec![b'x'; size];
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: a\r\n{fields}").into_bytes();
        match framing {
            Framing::ContentLength => {
                request.extend(format!("content-length: {size}\r\n\r\n").as_bytes());
                request.extend(content);
            }
            Framing::Chunked => {
                request.extend(b"transfer-encoding: chunked\r\n\r\n");
                for chunk in content.chunks(10_007) {
                    request.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
                    request.extend(chunk);
                    request.extend(b"\r\n");
                }
                request.extend(b"0\r\n\r\n");
            }
        }
        self.write(&request).await;
        self.read().await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n");
        self.write(request.as_bytes()).await;
        self.read().await
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.expect("all is sent");
    }

    pub(crate) async fn read(&mut self) -> Reply {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.expect("a head"));
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
        let length = field("content-length: ").map_or(0, |length| length.parse().unwrap());
        let mut content = vec![0; length];
        self.0.read_exact(&mut content).await.expect("content");
        Reply {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head,
            content,
        }
    }

    /// Reads this many bytes that are not HTTP.
    pub(crate) async fn take(&mut self, size: usize) -> Vec<u8> {
        let mut bytes = vec![0; size];
        self.0.read_exact(&mut bytes).await.expect("bytes");
        bytes
    }

    /// Checks that the server has closed the connection, and that nothing follows.
    pub(crate) async fn assert_closed(mut self) {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).await.expect("a clean end");
        assert!(rest.is_empty(), "{}", rest.escape_ascii());
    }
}

impl Reply {
    /// Checks the status, and that the connection stays open.
    #[track_caller]
    pub(crate) fn assert_kept(&self, status: u16) {
        assert_eq!(self.status, status, "{}", self.head);
        assert!(!self.head.contains("connection:"), "{}", self.head);
    }

    #[track_caller]
    pub(crate) fn assert_closing(&self, status: u16) {
        assert_eq!(self.status, status, "{}", self.head);
        assert!(
            self.head.contains("\r\nconnection: close\r\n"),
            "{}",
            self.head
        );
    }
}
