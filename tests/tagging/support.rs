use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, Version};
use http_body::{Body, Frame, SizeHint};
use tower::{Layer, ServiceExt, service_fn};
use tower_conditional::{EtagLayer, tagging::EtagBody};

/// SHA-256 of `hello, world`, as `printf 'hello, world' | sha256sum` prints it.
pub(crate) const HELLO_WORLD: &str =
    "\"09ca7e4eaa6e8ae9c7d261167129184883644d07dfba7cbfbc4c8a2e08360d5b\"";

/// SHA-256 of the empty string.
pub(crate) const NOTHING: &str =
    "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"";

/// A body with the given frames and the given size hint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) frames: VecDeque<Step>,
    pub(crate) hint: SizeHint,
    /// How many times a frame was polled.
    pub(crate) taken: Arc<Mutex<usize>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Data(&'static str),
    Trailers(HeaderMap),
    Error(&'static str),
    Pending,
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            frames: steps.into_iter().collect(),
            ..Self::default()
        }
    }

    pub(crate) fn of(data: &[&'static str]) -> Self {
        Self::new(data.iter().map(|data| Step::Data(data)))
    }

    /// Sets an exact size hint.
    pub(crate) fn exact(mut self, size: u64) -> Self {
        self.hint = SizeHint::with_exact(size);
        self
    }

    /// Sets the upper bound of the size hint.
    pub(crate) fn at_most(mut self, size: u64) -> Self {
        self.hint.set_upper(size);
        self
    }
}

impl Body for Script {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        *self.taken.lock().unwrap() += 1;
        Poll::Ready(match self.frames.pop_front() {
            None => None,
            Some(Step::Data(data)) => Some(Ok(Frame::data(Bytes::from_static(data.as_bytes())))),
            Some(Step::Trailers(trailers)) => Some(Ok(Frame::trailers(trailers))),
            Some(Step::Error(error)) => Some(Err(error)),
            Some(Step::Pending) => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.hint
    }
}

pub(crate) type Tagged<D> = Response<EtagBody<Script, D>>;

/// Sends a request through the layer to a service that returns this response.
pub(crate) async fn answer<D: sha2::Digest>(
    layer: EtagLayer<D>,
    request: Request<()>,
    response: Response<Script>,
) -> Tagged<D> {
    let response = Mutex::new(Some(response));
    let service = service_fn(move |_: Request<()>| {
        let response = response.lock().unwrap().take().unwrap();
        async move { Ok::<_, Infallible>(response) }
    });
    layer.layer(service).oneshot(request).await.unwrap()
}

pub(crate) fn get() -> Request<()> {
    Request::new(())
}

pub(crate) fn head() -> Request<()> {
    let mut request = get();
    *request.method_mut() = Method::HEAD;
    request
}

/// Returns a GET of a client that accepts trailers.
pub(crate) fn te_trailers(version: Version) -> Request<()> {
    let mut request = get();
    *request.version_mut() = version;
    let value = HeaderValue::from_static("deflate;q=0.5, Trailers");
    request.headers_mut().insert("te", value);
    request
}

#[track_caller]
pub(crate) fn field<'a, B>(response: &'a Response<B>, name: &str) -> Option<&'a str> {
    Some(response.headers().get(name)?.to_str().unwrap())
}

/// Everything that was read from a body: the data frames, the trailers and the error.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Received {
    pub(crate) data: Vec<Bytes>,
    pub(crate) trailers: Option<HeaderMap>,
    pub(crate) error: Option<&'static str>,
}

pub(crate) async fn receive(
    body: impl Body<Data = Bytes, Error = &'static str> + Unpin,
) -> Received {
    use http_body_util::BodyExt;

    let mut body = body;
    let mut received = Received::default();
    while let Some(frame) = body.frame().await {
        match frame.map(Frame::into_data) {
            Ok(Ok(data)) => received.data.push(data),
            Ok(Err(frame)) => received.trailers = Some(frame.into_trailers().unwrap()),
            Err(error) => {
                received.error = Some(error);
                break;
            }
        }
    }
    received
}
