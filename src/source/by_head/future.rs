use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Request, Response, request::Parts};
use pin_project::pin_project;
use tower::Service;

use super::{request::head_request, response::selected};
use crate::{Selected, source::Oneshot};

/// The future of [`HeadSource`](crate::HeadSource).
#[pin_project]
pub struct HeadFuture<S: Service<Request<B>>, B> {
    #[pin]
    response: Oneshot<S, Request<B>>,
    safe: bool,
}

impl<S: Service<Request<B>>, B: Default> HeadFuture<S, B> {
    pub(super) fn new(service: S, head: &Parts) -> Self {
        Self {
            response: Oneshot::new(service, head_request(head)),
            safe: head.method.is_safe(),
        }
    }
}

impl<S, B, ResBody> Future for HeadFuture<S, B>
where
    S: Service<Request<B>, Response = Response<ResBody>>,
{
    type Output = Result<Selected, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (head, _) = ready!(this.response.poll(cx))?.into_parts();
        Poll::Ready(Ok(selected(head, *this.safe)))
    }
}

impl<S: Service<Request<B>>, B> fmt::Debug for HeadFuture<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeadFuture")
            .field("response", &self.response)
            .finish()
    }
}
