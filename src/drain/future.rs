use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header::CONNECTION};
use http_body::Body;
use pin_project_lite::pin_project;

use super::{
    body::{Progress, Slot, Unread},
    layer::Limits,
};

/// How many frames are thrown away before other tasks get their turn. A body that is always ready
/// would otherwise keep the thread, and could be neither timed out nor cancelled.
const FRAMES_AT_ONCE: usize = 32;

pin_project! {
    /// Resolves to the response of [`DrainService`](super::DrainService).
    ///
    /// See the [module docs](crate::drain).
    ///
    /// # Panics
    ///
    /// Panics if it is polled after it has completed.
    pub struct DrainFuture<F, ReqBody, ResBody, T, D> {
        #[pin]
        state: State<F, ReqBody, ResBody, T, D>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, ReqBody, ResBody, T, D> {
        Calling {
            #[pin]
            response: F,
            // `None` if there is nothing to read.
            watch: Option<Watch<ReqBody, T>>,
        },
        Draining {
            rest: Rest<ReqBody>,
            response: Option<Response<ResBody>>,
            closes: bool,
            #[pin]
            timeout: D,
        },
        Done,
    }
}

/// What is kept of a request with content while the inner service has it.
pub(super) struct Watch<B, T> {
    pub(super) slot: Slot<B>,
    pub(super) early: OnEarlyResponse,
    pub(super) limits: Limits<T>,
}

/// What the request says about responses that come before its end.
#[derive(Clone, Copy)]
pub(super) struct OnEarlyResponse {
    /// Whether the response gets `Connection: close` if the content is not read to its end.
    pub(super) closes: bool,
    /// Whether the client sends nothing until it is asked to.
    pub(super) client_waits: bool,
}

impl<F, ReqBody, ResBody, T, D> DrainFuture<F, ReqBody, ResBody, T, D> {
    pub(super) const fn new(response: F, watch: Option<Watch<ReqBody, T>>) -> Self {
        Self {
            state: State::Calling { response, watch },
        }
    }
}

impl<F, E, ReqBody, ResBody, T, D> Future for DrainFuture<F, ReqBody, ResBody, T, D>
where
    F: Future<Output = Result<Response<ResBody>, E>>,
    ReqBody: Body + Unpin,
    T: Fn() -> D,
    D: Future,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        const TWICE: &str = "`DrainFuture` polled after completion";
        let mut state = self.project().state;
        loop {
            let next = match state.as_mut().project() {
                StateProjection::Calling { response, watch } => {
                    let result = ready!(response.poll(cx));
                    let watch = watch.take();
                    // The inner future may still own the body, as that of a timeout does, which
                    // responds while the handler runs. Dropping it hands the body over.
                    state.set(State::Done);
                    match (result, watch) {
                        (Ok(mut response), Some(watch)) => match watch.rest(&mut response) {
                            None => return Poll::Ready(Ok(response)),
                            Some(rest) => State::Draining {
                                rest,
                                response: Some(response),
                                closes: watch.early.closes,
                                timeout: (watch.limits.timeout)(),
                            },
                        },
                        (result, _) => return Poll::Ready(result),
                    }
                }
                StateProjection::Draining {
                    rest,
                    response,
                    closes,
                    timeout,
                } => {
                    let read_to_end = match rest.poll_drain(cx) {
                        Poll::Ready(read_to_end) => read_to_end,
                        Poll::Pending => {
                            ready!(timeout.poll(cx));
                            false
                        }
                    };
                    let mut response = response.take().expect(TWICE);
                    if *closes && !read_to_end {
                        close(response.headers_mut());
                    }
                    state.set(State::Done);
                    return Poll::Ready(Ok(response));
                }
                StateProjection::Done => panic!("{TWICE}"),
            };
            state.set(next);
        }
    }
}

impl<B, T> Watch<B, T> {
    /// Returns what has to be read before the response, if there is anything.
    fn rest<R>(&self, response: &mut Response<R>) -> Option<Rest<B>> {
        // An empty slot: the body was read to its end, or the handler still has it.
        let Unread { body, progress } = self.slot.take()?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return None;
        }
        let client_waits = self.early.client_waits && progress == Progress::Untouched;
        if client_waits || progress == Progress::Failed {
            if self.early.closes {
                close(response.headers_mut());
            }
            return None;
        }
        let left = self.limits.size;
        Some(Rest { body, left })
    }
}

/// Announces that the server closes the connection after this response (RFC 9112 section 9.6).
fn close(headers: &mut HeaderMap) {
    const CLOSE: HeaderValue = HeaderValue::from_static("close");
    // Other options stay: a 426 must have `upgrade`. Some clients read only the first line.
    let mut others: Vec<_> = headers.get_all(CONNECTION).iter().cloned().collect();
    others.retain(|line| !line.as_bytes().eq_ignore_ascii_case(b"close"));
    headers.insert(CONNECTION, CLOSE);
    for other in others {
        headers.append(CONNECTION, other);
    }
}

/// Content that the inner service did not read.
struct Rest<B> {
    body: B,
    /// How many bytes may still be thrown away.
    left: u64,
}

impl<B: Body + Unpin> Rest<B> {
    /// Throws frames away; ready with whether the body has ended.
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        for _ in 0..FRAMES_AT_ONCE {
            if self.body.is_end_stream() {
                return Poll::Ready(true);
            }
            if self.body.size_hint().lower() > self.left {
                return Poll::Ready(false);
            }
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                None => return Poll::Ready(true),
                // Nobody reads the content, so that its error is not the response's.
                Some(Err(_)) => return Poll::Ready(false),
                Some(Ok(frame)) => {
                    let size = frame.data_ref().map_or(0, Buf::remaining);
                    match self.left.checked_sub(size as u64) {
                        Some(left) => self.left = left,
                        None => return Poll::Ready(false),
                    }
                }
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<F, ReqBody, ResBody, T, D> fmt::Debug for DrainFuture<F, ReqBody, ResBody, T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_state!(f, "DrainFuture", self.state,
            State::Calling { watch: None, .. } => "Passing",
            State::Calling { .. } => "Calling",
            State::Draining { .. } => "Draining",
            State::Done => "Done",
        )
    }
}
