use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use pin_project::pin_project;

use super::restore::{Restore, mark};

/// The future of [`CodingSuffix`](crate::CodingSuffix).
#[pin_project]
pub struct CodingSuffixFuture<F> {
    #[pin]
    response: F,
    restore: Option<Restore>,
}

impl<F> CodingSuffixFuture<F> {
    pub(super) const fn new(response: F, restore: Option<Restore>) -> Self {
        Self { response, restore }
    }
}

impl<F, B, E> Future for CodingSuffixFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.response.poll(cx))?;
        mark(&mut response, this.restore.as_ref());
        Poll::Ready(Ok(response))
    }
}

impl<F> fmt::Debug for CodingSuffixFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodingSuffixFuture")
            .field("restore", &self.restore)
            .finish()
    }
}
