use std::{
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response, request::Parts};
use pin_project_lite::pin_project;
use tower::{Service, util::Oneshot};

use super::{request::head_request, response::selected};
use crate::{
    precondition::is_safe,
    source::{Answer, Selected, SourceError},
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
        // The response is large. It is read where the service's future put it.
        let mut result = this.response.poll(cx);
        if let Poll::Ready(Ok(response)) = &mut result {
            return Poll::Ready(Ok(selected(response, *this.safe)));
        }
        result.map(|failed| match failed {
            Ok(_) => Ok(Selected::Unknown),
            Err(error) => Err(SourceError::new(error)),
        })
    }
}

impl<S: Service<Request<B>>, B> fmt::Debug for HeadFuture<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeadFuture")
            .field("safe", &self.safe)
            .finish()
    }
}
