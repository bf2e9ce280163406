//! Servers on HTTP/1.1 connections, and a client that sends one request after the other.

use std::{convert::Infallible, fmt::Debug, future::ready, path::Path};

use axum::{Router, body::Body as AxumBody, response::IntoResponse, routing::get};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH},
};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tower::{Layer, Service, service_fn};
use tower_conditional::ready_fn;
use tower_http::services::ServeDir;

use super::{
    cases::{Case, PAGE, TAG},
    heap::fragment,
    valgrind::{WARM_UP, measured},
};

/// What answers a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stack {
    /// hyper, and a service that answers every request with the status of the case.
    Hyper,
    /// hyper, and a service that answers 200, in the layer.
    HyperLayered,
    /// A handler of axum that answers every request with the status of the case.
    Axum,
    /// A handler of axum that answers 200, in the layer.
    AxumLayered,
    /// A handler of axum that compares the tags itself.
    AxumByHand,
    /// tower-http's service of files.
    ServeDir,
    /// nginx, with the same file. It is no service, but a program.
    Nginx,
}

impl Stack {
    /// `ServeDir` reads files on other threads, where valgrind does not count.
    pub(crate) const IN_MEMORY: [Stack; 5] = [
        Stack::Hyper,
        Stack::HyperLayered,
        Stack::Axum,
        Stack::AxumLayered,
        Stack::AxumByHand,
    ];

    pub(crate) const ALL: [Stack; 7] = [
        Stack::Hyper,
        Stack::HyperLayered,
        Stack::Axum,
        Stack::AxumLayered,
        Stack::AxumByHand,
        Stack::ServeDir,
        Stack::Nginx,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Stack::Hyper => "hyper",
            Stack::HyperLayered => "hyper+layer",
            Stack::Axum => "axum",
            Stack::AxumLayered => "axum+layer",
            Stack::AxumByHand => "axum+by-hand",
            Stack::ServeDir => "ServeDir",
            Stack::Nginx => "nginx",
        }
    }

    pub(crate) fn named(name: &str) -> Self {
        let named = Self::ALL.into_iter().find(|stack| stack.name() == name);
        named.expect("a stack")
    }

    /// Reports whether the stack serves the file `page` of a directory.
    pub(crate) const fn serves_files(self) -> bool {
        matches!(self, Stack::ServeDir | Stack::Nginx)
    }

    /// Serves one connection.
    pub(crate) async fn connect<I>(self, case: &Case, directory: &Path, io: I)
    where
        I: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let status = case.status;
        let validators = case.validators();
        let layer = case.layer(ready_fn(move |_| validators.clone()));
        let bare = service_fn(|_: Request<Incoming>| ready(Ok::<_, Infallible>(page())));
        // As `axum::serve` serves it: the layers are applied once.
        let router = |route| Router::new().route("/page", route).with_state(());
        match self {
            Stack::Hyper => {
                let constant = service_fn(move |_: Request<Incoming>| {
                    ready(Ok::<_, Infallible>(constant(status).map(Full::new)))
                });
                serve(io, constant).await;
            }
            Stack::HyperLayered => serve(io, layer.layer(bare)).await,
            Stack::Axum => {
                let handler = move || async move { constant(status).map(AxumBody::from) };
                serve(io, router(get(handler).put(handler))).await;
            }
            Stack::AxumLayered => {
                let handler = || async { page().map(AxumBody::new) };
                serve(io, router(get(handler).put(handler).route_layer(layer))).await;
            }
            Stack::AxumByHand => serve(io, router(get(compare).put(compare))).await,
            Stack::ServeDir => serve(io, ServeDir::new(directory)).await,
            Stack::Nginx => unreachable!("nginx is a program"),
        }
    }
}

pub(crate) fn case_named(name: &str) -> Case {
    let named = Case::all().into_iter().find(|case| case.name == name);
    named.expect("a case")
}

async fn serve<I, S, B>(io: I, service: S)
where
    I: AsyncRead + AsyncWrite + Unpin + 'static,
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + 'static,
    S::Error: std::error::Error + Send + Sync,
    B: http_body::Body + 'static,
    B::Error: std::error::Error + Send + Sync,
{
    let service = TowerToHyperService::new(service);
    let served = http1::Builder::new().serve_connection(TokioIo::new(io), service);
    // The client closes the connection when it likes.
    let _ = served.await;
}

fn page() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(&PAGE)));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

/// As large as what the layer answers.
fn constant(status: StatusCode) -> Response<Bytes> {
    let content = match status {
        StatusCode::OK => &PAGE[..],
        StatusCode::NOT_MODIFIED => &[],
        _ => &PAGE[..200],
    };
    let mut response = Response::new(Bytes::from_static(content));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(ETAG, HeaderValue::from(&TAG));
    if status != StatusCode::NOT_MODIFIED {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    }
    response
}

/// What a handler does without the layer.
async fn compare(method: Method, headers: HeaderMap) -> impl IntoResponse {
    let is_current = |value: &HeaderValue| value == TAG.as_header_value();
    let status = match (headers.get(IF_MATCH), headers.get(IF_NONE_MATCH)) {
        (Some(value), _) if !is_current(value) => StatusCode::PRECONDITION_FAILED,
        (_, Some(value)) if method == Method::GET && is_current(value) => StatusCode::NOT_MODIFIED,
        _ => StatusCode::OK,
    };
    constant(status).map(AxumBody::from)
}

/// Returns the bytes of the request of a case, on a connection that stays open.
pub(crate) fn request(case: &Case, fields: &[(&str, String)]) -> Vec<u8> {
    let head = case.head();
    let mut text = format!("{} /page HTTP/1.1\r\n", head.method);
    for (name, value) in &head.headers {
        let own = fields.iter().any(|(own, _)| name == *own);
        if !own {
            text.push_str(&format!("{name}: {}\r\n", value.to_str().expect("ASCII")));
        }
    }
    for (name, value) in fields {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if head.method != Method::GET {
        text.push_str("content-length: 0\r\n");
    }
    (text + "\r\n").into_bytes()
}

/// Returns the length of a response if all of it is there.
pub(crate) fn response_length(bytes: &[u8]) -> Option<usize> {
    let head = memchr::memmem::find(bytes, b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).expect("ASCII");
    let has_content = !text.starts_with("HTTP/1.1 304");
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let found = has_content && name.eq_ignore_ascii_case("content-length");
        found.then(|| value.parse::<usize>().expect("a length"))
    });
    let length = head + length.unwrap_or(0);
    (bytes.len() >= length).then_some(length)
}

async fn exchange(io: &mut DuplexStream, request: &[u8], buffer: &mut Vec<u8>) {
    buffer.clear();
    io.write_all(request).await.expect("a connection");
    while response_length(buffer).is_none() {
        assert_ne!(io.read_buf(buffer).await.expect("a connection"), 0);
    }
}

/// Sends the request this number of times over a connection in memory. `subject` is the name of a
/// stack, that of a case, and the number of a heap.
pub(crate) fn repeat(subject: &str, times: u32) {
    let [stack, case, heap] = subject.split(' ').collect::<Vec<_>>()[..] else {
        panic!("a stack, a case and a heap: {subject}");
    };
    let (stack, case) = (Stack::named(stack), case_named(case));
    fragment(heap.parse().expect("the number of a heap"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let tasks = tokio::task::LocalSet::new();
    let (mut io, server) = tokio::io::duplex(64 * 1_024);
    let served = case.clone();
    tasks.spawn_local(async move { stack.connect(&served, Path::new("."), server).await });
    let request = request(&case, &[]);
    let mut buffer = Vec::with_capacity(64 * 1_024);
    let mut run = |_: ()| {
        tasks.block_on(&runtime, exchange(&mut io, &request, &mut buffer));
        std::str::from_utf8(&buffer[9..12]).map(str::to_owned)
    };
    for _ in 0..WARM_UP {
        assert_eq!(run(()).as_deref(), Ok(case.status.as_str()));
    }
    for _ in 0..times {
        assert_eq!(measured(&mut run, ()).as_deref(), Ok(case.status.as_str()));
    }
}

/// Reports what went wrong with the name of what did.
pub(crate) fn expect<T, E: Debug>(result: Result<T, E>, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error:?}"))
}
