use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use pin_project_lite::pin_project;

use super::suffix::{HeldTags, set_suffix};

pin_project! {
    /// Resolves to the response of [`CodingSuffixService`](super::CodingSuffixService).
    ///
    /// See the [module docs](crate::coding).
    pub struct CodingSuffixFuture<F> {
        #[pin]
        inner: F,
        held: Option<HeldTags>,
    }
}

impl<F> CodingSuffixFuture<F> {
    pub(super) const fn new(inner: F, held: Option<HeldTags>) -> Self {
        Self { inner, held }
    }
}

impl<F, B, E> Future for CodingSuffixFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(cx))?;
        set_suffix(&mut response, this.held.as_ref());
        Poll::Ready(Ok(response))
    }
}

impl<F> fmt::Debug for CodingSuffixFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodingSuffixFuture")
            .field("held", &self.held)
            .finish()
    }
}
