use std::{
    collections::VecDeque,
    convert::Infallible,
    future::{Ready, ready},
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use tower::{Layer, Service, ServiceExt};
use tower_conditional::client::{
    ClientBody, ClientError, ClientErrorReason, ConditionalClient, ConditionalClientLayer,
};

pub(crate) const DOC: &str = "http://server/doc";

pub(crate) type Reply = Response<ClientBody<Full<Bytes>>>;

/// Answers by a script, and writes down what it gets.
#[derive(Clone, Default)]
pub(crate) struct Wire {
    script: Arc<Mutex<VecDeque<Response<Full<Bytes>>>>>,
    sent: Arc<Mutex<Vec<Request<Full<Bytes>>>>>,
}

impl Wire {
    pub(crate) fn new(script: impl IntoIterator<Item = Response<Full<Bytes>>>) -> Self {
        Self {
            script: Arc::new(Mutex::new(script.into_iter().collect())),
            sent: Arc::default(),
        }
    }

    pub(crate) fn client(&self) -> ConditionalClient<Self> {
        self.client_with(ConditionalClientLayer::new())
    }

    pub(crate) fn client_with(&self, layer: ConditionalClientLayer) -> ConditionalClient<Self> {
        layer.layer(self.clone())
    }

    pub(crate) fn methods(&self) -> Vec<Method> {
        let sent = self.sent.lock().unwrap();
        sent.iter()
            .map(|request| request.method().clone())
            .collect()
    }

    /// The lines of a field in the request of this number, from 0.
    #[track_caller]
    pub(crate) fn field(&self, nth: usize, name: &str) -> Vec<Vec<u8>> {
        let sent = self.sent.lock().unwrap();
        let lines = sent[nth].headers().get_all(name);
        lines.iter().map(|line| line.as_bytes().to_vec()).collect()
    }

    #[track_caller]
    pub(crate) fn assert_field(&self, nth: usize, name: &str, value: &str) {
        assert_eq!(
            self.field(nth, name),
            [value.as_bytes()],
            "{name} of request {nth}"
        );
    }

    #[track_caller]
    pub(crate) fn assert_no_field(&self, nth: usize, name: &str) {
        assert!(self.field(nth, name).is_empty(), "{name} of request {nth}");
    }

    /// No conditional field in the request of this number.
    #[track_caller]
    pub(crate) fn assert_unconditional(&self, nth: usize) {
        for name in [
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
        ] {
            self.assert_no_field(nth, name);
        }
    }
}

impl Service<Request<Full<Bytes>>> for Wire {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        self.sent.lock().unwrap().push(request);
        let reply = self.script.lock().unwrap().pop_front();
        ready(Ok(reply.expect("the script has no more replies")))
    }
}

pub(crate) fn reply(status: u16, fields: &[(&str, &str)]) -> Response<Full<Bytes>> {
    reply_with(status, fields, "")
}

pub(crate) fn reply_with(
    status: u16,
    fields: &[(&str, &str)],
    body: &str,
) -> Response<Full<Bytes>> {
    let mut builder = Response::builder().status(StatusCode::from_u16(status).unwrap());
    for (name, value) in fields {
        builder = builder.header(*name, *value);
    }
    builder.body(Full::from(body.to_owned())).unwrap()
}

pub(crate) fn tagged(tag: &str) -> Response<Full<Bytes>> {
    reply(200, &[("etag", tag)])
}

pub(crate) fn json(fields: &[(&str, &str)], body: &str) -> Response<Full<Bytes>> {
    let mut all = vec![("content-type", "application/json")];
    all.extend(fields);
    reply_with(200, &all, body)
}

pub(crate) fn request(method: Method, uri: &str) -> Request<Full<Bytes>> {
    Request::builder()
        .method(method)
        .uri(uri)
        .body(Full::default())
        .unwrap()
}

pub(crate) fn get() -> Request<Full<Bytes>> {
    request(Method::GET, DOC)
}

pub(crate) fn put() -> Request<Full<Bytes>> {
    request(Method::PUT, DOC)
}

pub(crate) fn with_field(
    mut request: Request<Full<Bytes>>,
    name: &'static str,
    value: &str,
) -> Request<Full<Bytes>> {
    request.headers_mut().append(name, value.parse().unwrap());
    request
}

pub(crate) fn with_extension<T: Clone + Send + Sync + 'static>(
    mut request: Request<Full<Bytes>>,
    extension: T,
) -> Request<Full<Bytes>> {
    request.extensions_mut().insert(extension);
    request
}

pub(crate) async fn try_send(
    client: &ConditionalClient<Wire>,
    request: Request<Full<Bytes>>,
) -> Result<Reply, ClientError<Infallible>> {
    client.clone().oneshot(request).await
}

/// Why a request was not answered.
pub(crate) fn reason_of<T>(
    result: Result<T, ClientError<Infallible>>,
) -> Option<ClientErrorReason> {
    result.err().map(|error| error.reason())
}

pub(crate) async fn send(client: &ConditionalClient<Wire>, request: Request<Full<Bytes>>) -> Reply {
    try_send(client, request).await.unwrap()
}

/// Sends, and reads the body to its end.
pub(crate) async fn send_and_read(
    client: &ConditionalClient<Wire>,
    request: Request<Full<Bytes>>,
) -> Bytes {
    let reply = send(client, request).await;
    reply.into_body().collect().await.unwrap().to_bytes()
}
