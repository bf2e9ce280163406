use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::Request;
use pin_project::pin_project;
use tower::Service;

use super::writes::{Write, Writes};

/// Notices when a write is over. [`Cached`](crate::Cached) puts it around the wrapped service.
#[derive(Clone, Debug)]
pub struct Watch<S> {
    inner: S,
    writes: Writes,
}

impl<S> Watch<S> {
    pub(super) const fn new(inner: S, writes: Writes) -> Self {
        Self { inner, writes }
    }
}

impl<S, B> Service<Request<B>> for Watch<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = WatchFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let safe = request.method().is_safe();
        let write = (!safe).then(|| self.writes.begin(request.uri().path()));
        WatchFuture {
            response: self.inner.call(request),
            write,
        }
    }
}

/// The future of [`Watch`].
#[pin_project]
pub struct WatchFuture<F> {
    // Dropped before the write is: a cancelled handler has stopped when the write is over.
    #[pin]
    response: F,
    write: Option<Write>,
}

impl<F: Future> Future for WatchFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let output = std::task::ready!(this.response.poll(cx));
        drop(this.write.take());
        Poll::Ready(output)
    }
}

impl<F> fmt::Debug for WatchFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchFuture")
            .field("write", &self.write.is_some())
            .finish()
    }
}
