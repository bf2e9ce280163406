use std::{
    any::type_name,
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode, request::Parts};
use pin_project::pin_project;
use tower::Service;

use crate::{
    RequestPolicy, Respond, ResponseBody, ValidatorSource,
    config::Config,
    evaluation::{After, Verdict, evaluate},
    precondition::Fields,
};

/// The future of [`Conditional`](crate::Conditional).
///
/// Dropping it drops whatever it waits for, the source's answer or the handler's.
///
/// # Panics
///
/// When it is polled after it was ready.
#[pin_project]
pub struct ResponseFuture<S, V, P, R, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    #[pin]
    state: State<S, V, P, R, ReqBody>,
}

#[pin_project(project = StateProjection)]
enum State<S, V, P, R, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    Asking {
        #[pin]
        answer: V::Future,
        waiting: Option<Waiting<S, V, P, R, ReqBody>>,
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
        response: Option<Response<Bytes>>,
    },
}

/// What an answer is waited for with.
pub(crate) struct Waiting<S, V, P, R, ReqBody> {
    pub(crate) head: Parts,
    pub(crate) fields: Fields,
    pub(crate) body: ReqBody,
    pub(crate) inner: S,
    pub(crate) config: Arc<Config<V, P, R>>,
}

impl<S, V, P, R, ReqBody> ResponseFuture<S, V, P, R, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    pub(crate) const fn pass(response: S::Future) -> Self {
        Self {
            state: State::Passing { response },
        }
    }

    pub(crate) fn perform(response: S::Future, after: After) -> Self {
        Self {
            state: State::perform(response, after),
        }
    }

    pub(crate) const fn refuse(response: Response<Bytes>) -> Self {
        Self {
            state: State::Refusing {
                response: Some(response),
            },
        }
    }

    pub(crate) const fn ask(answer: V::Future, waiting: Waiting<S, V, P, R, ReqBody>) -> Self {
        Self {
            state: State::Asking {
                answer,
                waiting: Some(waiting),
            },
        }
    }
}

impl<S, V, P, R, ReqBody> State<S, V, P, R, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    const fn perform(response: S::Future, after: After) -> Self {
        State::Performing {
            response,
            after: Some(after),
        }
    }
}

impl<S, V, P, R, ReqBody, ResBody> Future for ResponseFuture<S, V, P, R, ReqBody>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    V: ValidatorSource,
    P: RequestPolicy,
    R: Respond,
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

impl<S, V, P, R, ReqBody, ResBody> State<S, V, P, R, ReqBody>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    V: ValidatorSource,
    P: RequestPolicy,
    R: Respond,
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
                    let response = ready!(response.poll(cx))?;
                    let after = after.take().expect(TWICE);
                    return Poll::Ready(Ok(after.apply(response)));
                }
                StateProjection::Refusing { response } => {
                    let response = response.take().expect(TWICE);
                    return Poll::Ready(Ok(own_response(response)));
                }
                StateProjection::Asking { answer, waiting } => {
                    let answer = ready!(answer.poll(cx));
                    let Waiting {
                        mut head,
                        fields,
                        body,
                        mut inner,
                        config,
                    } = waiting.take().expect(TWICE);
                    match evaluate(&config, &mut head, fields, answer) {
                        Verdict::Perform(after) => {
                            let response = inner.call(Request::from_parts(head, body));
                            State::perform(response, after)
                        }
                        Verdict::Refuse(response) => {
                            return Poll::Ready(Ok(own_response(response)));
                        }
                    }
                }
            };
            self.set(next);
        }
    }
}

/// Whatever made the response: a 304 has no content (RFC 9110 section 15.4.5).
fn own_response<B>(response: Response<Bytes>) -> Response<ResponseBody<B>> {
    if response.status() == StatusCode::NOT_MODIFIED {
        response.map(|_| ResponseBody::empty())
    } else {
        response.map(ResponseBody::layer)
    }
}

impl<S, V, P, R, ReqBody> fmt::Debug for ResponseFuture<S, V, P, R, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Asking { .. } => "Asking",
            State::Passing { .. } => "Passing",
            State::Performing { .. } => "Performing",
            State::Refusing { .. } => "Refusing",
        };
        f.debug_struct("ResponseFuture")
            .field("source", &type_name::<V>())
            .field("state", &state)
            .finish()
    }
}
