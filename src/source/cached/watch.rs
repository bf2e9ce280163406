use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Request;
use pin_project_lite::pin_project;
use tower::Service;

use super::writes::{Write, Writes};

/// Notifies the cache when a write ends. [`Cached`](super::Cached) wraps the service in it.
#[derive(Clone, Debug)]
pub struct WatchWrites<S> {
    inner: S,
    writes: Writes,
}

impl<S> WatchWrites<S> {
    pub(super) const fn new(inner: S, writes: Writes) -> Self {
        Self { inner, writes }
    }
}

impl<S, B> Service<Request<B>> for WatchWrites<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = WatchWritesFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let safe = request.method().is_safe();
        let write = (!safe).then(|| self.writes.begin(request.uri().path()));
        WatchWritesFuture {
            response: self.inner.call(request),
            write,
        }
    }
}

pin_project! {
    /// The future of [`WatchWrites`].
    pub struct WatchWritesFuture<F> {
        // Fields are dropped in order, so a cancelled handler has stopped when the write ends.
        #[pin]
        response: F,
        write: Option<Write>,
    }
}

impl<F: Future> Future for WatchWritesFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let output = ready!(this.response.poll(cx));
        drop(this.write.take());
        Poll::Ready(output)
    }
}

impl<F> fmt::Debug for WatchWritesFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchWritesFuture")
            .field("write", &self.write.is_some())
            .finish()
    }
}
