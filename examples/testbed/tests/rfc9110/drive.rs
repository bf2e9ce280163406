//! Sends a case each way: in process, over HTTP/1.1 and over HTTP/2.

use std::{fmt::Debug, net::SocketAddr};

use bytes::Bytes;
use example_testbed::{App, serve};
use http::{HeaderName, HeaderValue, Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tower::ServiceExt;

use crate::{case::Case, http1};

/// A response, whichever way it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) lines: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Drivers {
    app: App<Full<Bytes>>,
    address: SocketAddr,
    http2: SendRequest<Full<Bytes>>,
    server: JoinHandle<()>,
}

impl Drivers {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let server = tokio::spawn(async { match serve(listener).await {} });

        let stream = TcpStream::connect(address).await.expect("a connection");
        let (http2, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .expect("HTTP/2 by prior knowledge");
        tokio::spawn(connection);
        Self {
            app: App::new(),
            address,
            http2,
            server,
        }
    }

    /// The answers, or what became of the connection instead.
    pub(crate) async fn run(&mut self, case: &Case) -> [(&'static str, Result<Answer, String>); 3] {
        [
            ("in process", self.in_process(case).await),
            ("HTTP/1.1", http1::send(self.address, case).await),
            ("HTTP/2", self.http2(case).await),
        ]
    }

    async fn in_process(&self, case: &Case) -> Result<Answer, String> {
        let request = request(case, "http://test.example");
        let Ok(response) = self.app.clone().oneshot(request).await;
        // A 304 has no content, whose size nobody may tell (RFC 9110 section 8.6).
        let body = response.body();
        if response.status() == 304 && !(body.is_end_stream() && body.size_hint().exact().is_none())
        {
            return Err(format!("a 304 whose body is not at its end: {body:?}"));
        }
        answer(response).await
    }

    async fn http2(&mut self, case: &Case) -> Result<Answer, String> {
        let request = request(case, &format!("http://{}", self.address));
        match self.http2.send_request(request).await {
            Ok(response) => answer(response).await,
            Err(error) => Err(format!("no response: {error:?}")),
        }
    }
}

impl Drop for Drivers {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn request(case: &Case, origin: &str) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::from(case.body()));
    *request.method_mut() = case.method.parse().expect("a method");
    *request.uri_mut() = format!("{origin}{}", case.path()).parse().expect("a URI");
    for (name, value) in case.lines() {
        request.headers_mut().append(
            name.parse::<HeaderName>().expect("a field name"),
            HeaderValue::from_bytes(&value).expect("a field value"),
        );
    }
    request
}

async fn answer<B>(response: Response<B>) -> Result<Answer, String>
where
    B: Body,
    B::Error: Debug,
{
    let (head, body) = response.into_parts();
    let status = head.status;
    let body = body.collect().await;
    let body = body.map_err(|error| format!("{status}, but no body: {error:?}"))?;
    let lines = head.headers.iter();
    Ok(Answer {
        status: status.as_u16(),
        lines: lines
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect(),
        body: body.to_bytes().to_vec(),
    })
}
