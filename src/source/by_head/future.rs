use std::{
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Request, Response, request::Parts};
use pin_project_lite::pin_project;
use tower::{Service, util::Oneshot};

use super::{request::head_request, response::selected};
use crate::{
    precondition::is_safe,
    source::{Answer, SourceError},
};

pin_project! {
    /// The future of [`HeadSource`](super::HeadSource).
    pub struct HeadFuture<S: Service<Request<B>>, B> {
        #[pin]
        response: Oneshot<S, Request<B>>,
        safe: bool,
    }
}

impl<S: Service<Request<B>>, B: Default> HeadFuture<S, B> {
    pub(super) fn new(service: S, head: &Parts) -> Self {
        Self {
            response: Oneshot::new(service, head_request(head)),
            safe: is_safe(&head.method),
        }
    }
}

impl<S, B, ResBody> Future for HeadFuture<S, B>
where
    S: Service<Request<B>, Response = Response<ResBody>>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.response.poll(cx)).map_err(SourceError::new)?;
        let (head, _) = response.into_parts();
        Poll::Ready(Ok(selected(head, *this.safe)))
    }
}

impl<S: Service<Request<B>>, B> fmt::Debug for HeadFuture<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeadFuture")
            .field("safe", &self.safe)
            .finish()
    }
}
