use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Request, Response, request::Parts};
use pin_project_lite::pin_project;
use tower::Service;

use super::{
    ResponseBody,
    after::{After, replaced},
    decide::{Verdict, evaluate},
    locked::Locked,
    settings::Settings,
};
use crate::{precondition::Fields, refusal::RefusalBody, source::ValidatorSource};

pin_project! {
    /// The future of [`Conditional`](super::Conditional).
    ///
    /// Dropping it drops what it waits for: the source's answer, or the handler's response.
    ///
    /// # Panics
    ///
    /// Panics if it is polled after it has completed.
    pub struct ResponseFuture<S, V, ReqBody>
    where
        S: Service<Request<ReqBody>>,
        V: ValidatorSource,
    {
        #[pin]
        state: State<S, V, ReqBody>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S, V, ReqBody>
    where
        S: Service<Request<ReqBody>>,
        V: ValidatorSource,
    {
        LookingUp {
            #[pin]
            answer: V::Future,
            waiting: Option<Waiting<S, ReqBody>>,
        },
        Passing {
            #[pin]
            response: S::Future,
        },
        Performing {
            #[pin]
            response: S::Future,
            after: Option<After>,
        },
        Refusing {
            response: Option<Response<RefusalBody>>,
        },
        Locked {
            #[pin]
            future: Locked<S, V, ReqBody>,
        },
    }
}

/// State kept while the source is asked.
pub(super) struct Waiting<S, ReqBody> {
    pub(super) head: Parts,
    pub(super) fields: Fields,
    pub(super) body: ReqBody,
    pub(super) inner: S,
    pub(super) settings: Arc<Settings>,
    pub(super) adds_validators: bool,
}

impl<S, V, ReqBody> ResponseFuture<S, V, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    pub(super) const fn pass(response: S::Future) -> Self {
        Self {
            state: State::Passing { response },
        }
    }

    pub(super) const fn perform(response: S::Future, after: After) -> Self {
        Self {
            state: State::Performing {
                response,
                after: Some(after),
            },
        }
    }

    pub(super) const fn refuse(response: Response<RefusalBody>) -> Self {
        Self {
            state: State::Refusing {
                response: Some(response),
            },
        }
    }

    #[cfg(feature = "lock")]
    pub(super) const fn locked(future: Locked<S, V, ReqBody>) -> Self {
        Self {
            state: State::Locked { future },
        }
    }

    pub(super) const fn look_up(answer: V::Future, waiting: Waiting<S, ReqBody>) -> Self {
        Self {
            state: State::LookingUp {
                answer,
                waiting: Some(waiting),
            },
        }
    }
}

impl<S, V, ReqBody, ResBody> Future for ResponseFuture<S, V, ReqBody>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    V: ValidatorSource,
{
    type Output = Result<Response<ResponseBody<ResBody>>, S::Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        if let StateProjection::Passing { response } = state.as_mut().project() {
            let response = ready!(response.poll(cx))?;
            return Poll::Ready(Ok(response.map(ResponseBody::handler)));
        }
        state.poll(cx)
    }
}

impl<S, V, ReqBody, ResBody> State<S, V, ReqBody>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    V: ValidatorSource,
{
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response<ResponseBody<ResBody>>, S::Error>> {
        const TWICE: &str = "`ResponseFuture` polled after completion";
        loop {
            let next = match self.as_mut().project() {
                StateProjection::Passing { response } => {
                    let response = ready!(response.poll(cx))?;
                    return Poll::Ready(Ok(response.map(ResponseBody::handler)));
                }
                StateProjection::Performing { response, after } => {
                    let mut response = ready!(response.poll(cx))?;
                    let replace = after.as_mut().expect(TWICE).apply(&mut response);
                    *after = None;
                    return Poll::Ready(Ok(replaced(response, replace)));
                }
                StateProjection::Refusing { response } => {
                    let response = response.take().expect(TWICE);
                    return Poll::Ready(Ok(response.map(ResponseBody::refusal)));
                }
                StateProjection::Locked { future } => return future.poll(cx),
                StateProjection::LookingUp { answer, waiting } => {
                    let mut answer = ready!(answer.poll(cx));
                    let Waiting {
                        mut head,
                        fields,
                        body,
                        mut inner,
                        settings,
                        adds_validators,
                    } = waiting.take().expect(TWICE);
                    match evaluate(&settings, adds_validators, &mut head, fields, &mut answer) {
                        Verdict::Perform(after) => State::Performing {
                            response: inner.call(Request::from_parts(head, body)),
                            after: Some(after),
                        },
                        Verdict::Refuse(response) => {
                            return Poll::Ready(Ok(response.map(ResponseBody::refusal)));
                        }
                    }
                }
            };
            self.set(next);
        }
    }
}

impl<S, V, ReqBody> fmt::Debug for ResponseFuture<S, V, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_state!(f, "ResponseFuture", self.state,
            State::LookingUp { .. } => "LookingUp",
            State::Passing { .. } => "Passing",
            State::Performing { .. } => "Performing",
            State::Refusing { .. } => "Refusing",
            State::Locked { .. } => "Locked",
        )
    }
}
