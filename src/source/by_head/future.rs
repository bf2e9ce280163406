use std::{
    error::Error,
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Request, Response, request::Parts};
use pin_project_lite::pin_project;
use tower::Service;

use super::{request::head_of_head, response::selected};
use crate::{
    precondition::is_safe,
    source::{Answer, Selected, SourceError},
};

pin_project! {
    /// The future of [`HeadSource`](super::HeadSource).
    ///
    /// # Panics
    ///
    /// Panics if it is polled after it has completed.
    pub struct HeadFuture<S: Service<Request<B>>, B> {
        #[pin]
        state: State<S, S::Future>,
        safe: bool,
        body: PhantomData<fn() -> B>,
    }
}

pin_project! {
    /// The states of `tower::util::Oneshot`. The head is large, so it becomes a request where it is
    /// sent, and is moved less often.
    #[project = StateProjection]
    #[project_replace = OwnedState]
    enum State<S, F> {
        Asking {
            service: S,
            head: Parts,
        },
        Answering {
            #[pin]
            response: F,
        },
        Answered,
    }
}

impl<S: Service<Request<B>>, B: Default> HeadFuture<S, B> {
    #[inline]
    pub(super) fn new(service: S, head: &Parts) -> Self {
        let safe = is_safe(&head.method);
        // After this nothing can panic, so that the compiler needs no copy for unwinding.
        let head = head_of_head(head);
        Self {
            state: State::Asking { service, head },
            safe,
            body: PhantomData,
        }
    }
}

impl<S, B, ResBody> Future for HeadFuture<S, B>
where
    S: Service<Request<B>, Response = Response<ResBody>>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Default,
{
    type Output = Answer;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProjection::Asking { service, .. } => {
                    if let Err(error) = ready!(service.poll_ready(cx)) {
                        this.state.set(State::Answered);
                        return Poll::Ready(Err(SourceError::new(error)));
                    }
                    let asking = this.state.as_mut().project_replace(State::Answered);
                    if let OwnedState::Asking { mut service, head } = asking {
                        let response = service.call(Request::from_parts(head, B::default()));
                        this.state.set(State::Answering { response });
                    }
                }
                StateProjection::Answering { response } => {
                    // The response is large. It is read where the service's future put it.
                    let mut result = response.poll(cx);
                    if let Poll::Ready(Ok(response)) = &mut result {
                        this.state.set(State::Answered);
                        return Poll::Ready(Ok(selected(response, *this.safe)));
                    }
                    // It is an error: a response has been dealt with above.
                    let error = ready!(result).err().map(SourceError::new);
                    this.state.set(State::Answered);
                    return Poll::Ready(error.map_or(Ok(Selected::Unknown), Err));
                }
                StateProjection::Answered => panic!("{TWICE}"),
            }
        }
    }
}

const TWICE: &str = "`HeadFuture` polled after completion";

impl<S: Service<Request<B>>, B> fmt::Debug for HeadFuture<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeadFuture")
            .field("safe", &self.safe)
            .finish()
    }
}
