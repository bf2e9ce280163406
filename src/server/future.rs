use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response, request::Parts};
use pin_project_lite::pin_project;
use tower::Service;

use super::{
    ResponseBody,
    after::{After, Plan, replaced},
    decide::evaluate,
    locked::Locked,
    refuse::refuse,
    settings::Settings,
};
use crate::{
    precondition::Fields,
    refusal::RefusalBody,
    source::{Answer, Selected, ValidatorSource},
};

pin_project! {
    /// The future of [`Conditional`](super::Conditional).
    ///
    /// Dropping it drops what it waits for: the source's answer, or the handler's response.
    ///
    /// # Panics
    ///
    /// May panic if it is polled after it has completed.
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
            answered: bool,
        },
        Passing {
            #[pin]
            response: S::Future,
        },
        Performing {
            #[pin]
            response: S::Future,
            after: After,
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

    /// Each branch moves the parts of the answer straight to their place.
    #[inline]
    pub(super) fn perform(response: S::Future, plan: Plan, answer: Answer) -> Self {
        let state = match answer {
            Ok(Selected::Present(representation)) => State::Performing {
                response,
                after: After {
                    plan,
                    representation,
                    error: None,
                },
            },
            answer => State::Performing {
                response,
                after: After::new(plan, answer),
            },
        };
        Self { state }
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

    /// Always inlined, so that the large head is moved once, to its final place.
    #[inline(always)]
    pub(super) fn look_up(
        answer: V::Future,
        head: Parts,
        body: ReqBody,
        inner: S,
        settings: Arc<Settings>,
        (fields, adds_validators): (Fields, bool),
    ) -> Self {
        Self {
            state: State::LookingUp {
                answer,
                waiting: Some(Waiting {
                    head,
                    fields,
                    body,
                    inner,
                    settings,
                    adds_validators,
                }),
                answered: false,
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
        // It is asked before the projection, which has a branch for each state.
        if matches!(*state, State::Passing { .. }) {
            if let StateProjection::Passing { response } = state.as_mut().project() {
                return response.poll(cx).map_ok(|it| it.map(ResponseBody::handler));
            }
        }
        state.poll(cx)
    }
}

const TWICE: &str = "`ResponseFuture` polled after completion";

impl<S, V, ReqBody, ResBody> State<S, V, ReqBody>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    V: ValidatorSource,
{
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response<ResponseBody<ResBody>>, S::Error>> {
        match self.as_mut().project() {
            StateProjection::Performing { response, after } => {
                // The response is large. It is changed where the handler's future put it, and then
                // moved once.
                let mut result = response.poll(cx);
                if let Poll::Ready(Ok(response)) = &mut result {
                    if let Some(replace) = after.apply(response) {
                        return result.map_ok(|response| replaced(response, Some(replace)));
                    }
                }
                result.map_ok(|response| response.map(ResponseBody::handler))
            }
            StateProjection::Refusing { response } => {
                let response = response.take().expect(TWICE);
                Poll::Ready(Ok(response.map(ResponseBody::refusal)))
            }
            StateProjection::Locked { future } => future.poll(cx),
            StateProjection::Passing { response } => {
                response.poll(cx).map_ok(|it| it.map(ResponseBody::handler))
            }
            StateProjection::LookingUp { .. } => self.poll_answer(cx),
        }
    }

    /// Waits for the source, and either goes on to the next state or refuses.
    fn poll_answer(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response<ResponseBody<ResBody>>, S::Error>> {
        let StateProjection::LookingUp {
            answer,
            waiting,
            answered,
        } = self.as_mut().project()
        else {
            return self.poll(cx);
        };
        // A closure of the application may have panicked after it took fields of the request.
        assert!(!*answered, "{TWICE}");
        // The answer and what waits are large. They are used where they are. What is left of the
        // answer is dropped before the handler's future is polled.
        {
            let mut polled = answer.poll(cx);
            let Poll::Ready(answer) = &mut polled else {
                return Poll::Pending;
            };
            *answered = true;
            let Waiting {
                head,
                fields,
                settings,
                adds_validators,
                ..
            } = waiting.as_mut().expect(TWICE);
            match evaluate(settings, *adds_validators, head, *fields, answer) {
                Ok(plan) => {
                    let Waiting {
                        head,
                        body,
                        mut inner,
                        ..
                    } = waiting.take().expect(TWICE);
                    let response = inner.call(Request::from_parts(head, body));
                    let next = match polled {
                        Poll::Ready(answer) if !plan.is_empty() => State::Performing {
                            response,
                            after: After::new(plan, answer),
                        },
                        _ => State::Passing { response },
                    };
                    self.set(next);
                }
                Err(decision) => {
                    let mut response = Response::new(RefusalBody::empty());
                    refuse(settings, head, decision, *fields, answer, &mut response);
                    self.set(State::Refusing { response: None });
                    return Poll::Ready(Ok(response.map(ResponseBody::refusal)));
                }
            }
        }
        self.poll(cx)
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
