//! Request bodies that follow a script, and requests and responses with and without them.

use std::{
    collections::VecDeque,
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header::CONNECTION};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use tower::{Layer, Service, service_fn};
use tower_conditional::drain::{DrainBody, DrainLayer};

/// What a body does when it is polled.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Data(usize),
    Trailers,
    Fail,
    /// Is pending, and wakes the task.
    Later,
    /// Is pending from now on.
    Stall,
}

/// What became of a body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fate(Arc<(AtomicUsize, AtomicBool)>);

impl Fate {
    /// How often the body was polled.
    pub(crate) fn polls(&self) -> usize {
        self.0.0.load(Ordering::SeqCst)
    }

    pub(crate) fn is_dropped(&self) -> bool {
        self.0.1.load(Ordering::SeqCst)
    }
}

/// A body that takes one step after the other, and then ends.
#[derive(Debug)]
pub(crate) struct Steps {
    steps: VecDeque<Step>,
    size: Option<u64>,
    fate: Fate,
}

impl Steps {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: steps.into_iter().collect(),
            size: None,
            fate: Fate::default(),
        }
    }

    /// Sets the size that the body announces.
    pub(crate) fn of_size(mut self, size: u64) -> Self {
        self.size = Some(size);
        self
    }

    pub(crate) fn fate(&self) -> Fate {
        self.fate.clone()
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken;

impl Body for Steps {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let this = self.get_mut();
        this.fate.0.0.fetch_add(1, Ordering::SeqCst);
        let Some(step) = this.steps.pop_front() else {
            return Poll::Ready(None);
        };
        match step {
            Step::Data(size) => Poll::Ready(Some(Ok(Frame::data(vec![b'x'; size].into())))),
            Step::Trailers => Poll::Ready(Some(Ok(Frame::trailers(HeaderMap::new())))),
            Step::Fail => Poll::Ready(Some(Err(Broken))),
            Step::Later => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Step::Stall => {
                this.steps.push_front(Step::Stall);
                Poll::Pending
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.size.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.fate.0.1.store(true, Ordering::SeqCst);
    }
}

pub(crate) type Incoming = Request<DrainBody<Steps>>;

pub(crate) fn put(body: Steps) -> Request<Steps> {
    Request::put("/").body(body).unwrap()
}

pub(crate) fn refusal() -> Response<String> {
    let mut response = Response::new("refused".to_owned());
    *response.status_mut() = StatusCode::PRECONDITION_FAILED;
    response
}

/// A handler that refuses everything and reads nothing.
pub(crate) async fn refuse(_: Incoming) -> Result<Response<String>, Infallible> {
    Ok(refusal())
}

/// A handler that reads one frame, and then refuses.
pub(crate) async fn peek(mut request: Incoming) -> Result<Response<String>, Infallible> {
    request.body_mut().frame().await;
    Ok(refusal())
}

/// Sends one request through the layer with this handler.
pub(crate) async fn send<H, F>(request: Request<Steps>, handler: H) -> Response<String>
where
    H: FnMut(Incoming) -> F,
    F: Future<Output = Result<Response<String>, Infallible>>,
{
    let mut service = DrainLayer::new().layer(service_fn(handler));
    service.call(request).await.unwrap()
}

/// Checks that this is the refusal, and that the connection may be used again.
#[track_caller]
pub(crate) fn assert_whole(response: &Response<String>) {
    assert_refused(response, &[]);
}

/// Checks that this is the refusal, and that the connection is closed after it.
#[track_caller]
pub(crate) fn assert_closes(response: &Response<String>) {
    assert_refused(response, &["close"]);
}

#[track_caller]
fn assert_refused(response: &Response<String>, connection: &[&str]) {
    assert_eq!(response.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(response.body(), "refused");
    let lines: Vec<_> = response.headers().get_all(CONNECTION).iter().collect();
    assert_eq!(lines, connection);
}
