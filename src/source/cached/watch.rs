use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response, StatusCode};
use pin_project_lite::pin_project;
use tower::Service;

use super::{
    paths::{Paths, Write},
    request::is_query,
};

/// Notifies the cache when a write ends. [`Cached`](super::Cached) wraps the service in it.
///
/// A request that the layer answers itself never gets here, so it invalidates nothing.
#[derive(Clone, Debug)]
pub struct WatchWrites<S> {
    inner: S,
    paths: Paths,
}

impl<S> WatchWrites<S> {
    pub(super) const fn new(inner: S, paths: Paths) -> Self {
        Self { inner, paths }
    }
}

impl<S, B, ResBody> Service<Request<B>> for WatchWrites<S>
where
    S: Service<Request<B>, Response = Response<ResBody>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = WatchWritesFuture<S::Future>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request<B>) -> Self::Future {
        let safe = request.method().is_safe() || is_query(request.method());
        let write = (!safe).then(|| self.paths.begin(request.uri()));
        WatchWritesFuture {
            response: self.inner.call(request),
            write,
        }
    }
}

/// Reports whether the response says that no handler has performed the method: the request was not
/// routed, or refused before.
///
/// The list is short on purpose. It has no status that a handler may send after a part of its work,
/// such as 400 and 413, or that a timeout around the handler sends, such as 408, or that reports
/// that the state is another than expected, such as 409 and 412.
const fn was_not_performed(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::PRECONDITION_REQUIRED
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::NOT_IMPLEMENTED
    )
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

impl<F, E, ResBody> Future for WatchWritesFuture<F>
where
    F: Future<Output = Result<Response<ResBody>, E>>,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if this.write.is_none() {
            return this.response.poll(cx);
        }
        // A response is large, so it is looked at where it is.
        let output = this.response.poll(cx);
        if let Poll::Ready(result) = &output {
            if let Some(write) = this.write.take() {
                match result {
                    Ok(response) if was_not_performed(response.status()) => {
                        write.changed_nothing();
                    }
                    _ => drop(write),
                }
            }
        }
        output
    }
}

impl<F> fmt::Debug for WatchWritesFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchWritesFuture")
            .field("write", &self.write.is_some())
            .finish()
    }
}
