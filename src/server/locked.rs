//! A write under a lock: wait, ask the source, call the handler, ask the source again.
//!
//! It is a future of its own, and has boxes for two reasons. The lock's future and its guard are of
//! any type, because the layer has no type parameter for the lock. The other boxes keep what waits
//! and what is kept for the second question, which is as large as a request, or larger. Without them
//! the future of each request would be larger, also of those that lock nothing, and moving it would
//! cost them more than the allocations cost a write.

use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower::Service;

use super::{
    ResponseBody,
    after::After,
    again::{Again, complete},
    busy::busy,
    decide::evaluate,
    future::Waiting,
    refuse::refuse,
};
use crate::{
    lock::{Held, LockFuture},
    refusal::RefusalBody,
    source::{Answer, Lookup, Selected, ValidatorSource},
};

pin_project! {
    pub(super) struct Locked<S, V, ReqBody>
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
    // Fields are dropped in order, so that the handler is gone when the lock is released.
    enum State<S, V, ReqBody>
    where
        S: Service<Request<ReqBody>>,
        V: ValidatorSource,
    {
        Locking {
            lock: LockFuture,
            waiting: Option<Box<Waiting<S, ReqBody>>>,
            source: Arc<V>,
        },
        LookingUp {
            #[pin]
            answer: V::Future,
            waiting: Option<Box<Waiting<S, ReqBody>>>,
            source: Arc<V>,
            held: Option<Box<Held>>,
        },
        Performing {
            #[pin]
            response: S::Future,
            after: After,
            again: Option<Box<Again<V>>>,
            held: Option<Box<Held>>,
        },
        LookingUpAgain {
            #[pin]
            answer: V::Future,
            written: Option<Box<(S::Response, After)>>,
            held: Option<Box<Held>>,
        },
        Refusing {
            response: Option<Response<RefusalBody>>,
        },
        Done,
    }
}

impl<S, V, ReqBody> State<S, V, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    const fn refuse(response: Response<RefusalBody>) -> Self {
        Self::Refusing {
            response: Some(response),
        }
    }
}

impl<S, V, ReqBody> Locked<S, V, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    pub(super) const fn new(
        lock: LockFuture,
        waiting: Box<Waiting<S, ReqBody>>,
        source: Arc<V>,
    ) -> Self {
        Self {
            state: State::Locking {
                lock,
                waiting: Some(waiting),
                source,
            },
        }
    }
}

impl<S, V, ReqBody, ResBody> Locked<S, V, ReqBody>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    V: ValidatorSource,
{
    pub(super) fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response<ResponseBody<ResBody>>, S::Error>> {
        const TWICE: &str = "`ResponseFuture` polled after completion";
        let mut state = self.project().state;
        loop {
            // `held` is taken for the time of a poll, so that a panic releases the lock at once.
            let next = match state.as_mut().project() {
                StateProjection::Locking {
                    lock,
                    waiting,
                    source,
                } => {
                    let held = ready!(lock.poll(cx));
                    let waiting = waiting.take().expect(TWICE);
                    match held {
                        Ok(held) => begin(waiting, Arc::clone(source), Box::new(held)),
                        Err(why) => State::refuse(busy(*waiting, why)),
                    }
                }
                StateProjection::LookingUp {
                    answer,
                    waiting,
                    source,
                    held,
                } => {
                    let taken = held.take();
                    let Poll::Ready(answer) = answer.poll(cx) else {
                        *held = taken;
                        return Poll::Pending;
                    };
                    let waiting = waiting.take().expect(TWICE);
                    answered(waiting, source, answer, taken)
                }
                StateProjection::Performing {
                    response,
                    after,
                    again,
                    held,
                } => {
                    let taken = held.take();
                    let Poll::Ready(result) = response.poll(cx) else {
                        *held = taken;
                        return Poll::Pending;
                    };
                    let after = mem::replace(after, After::nothing());
                    let again = again.take();
                    // The handler's future ends before the lock is released.
                    state.set(State::Done);
                    let response = result?;
                    let lookup = again.and_then(|again| again.look_up(&response));
                    match lookup {
                        Some(Lookup::Pending(answer)) => State::LookingUpAgain {
                            answer,
                            written: Some(Box::new((response, after))),
                            held: taken,
                        },
                        Some(Lookup::Ready(answer)) => {
                            return Poll::Ready(Ok(complete(response, after, Some(answer))));
                        }
                        None => return Poll::Ready(Ok(complete(response, after, None))),
                    }
                }
                StateProjection::LookingUpAgain {
                    answer,
                    written,
                    held,
                } => {
                    let taken = held.take();
                    let Poll::Ready(answer) = answer.poll(cx) else {
                        *held = taken;
                        return Poll::Pending;
                    };
                    let (response, after) = *written.take().expect(TWICE);
                    state.set(State::Done);
                    return Poll::Ready(Ok(complete(response, after, Some(answer))));
                }
                StateProjection::Refusing { response } => {
                    let response = response.take().expect(TWICE);
                    return Poll::Ready(Ok(response.map(ResponseBody::refusal)));
                }
                StateProjection::Done => panic!("{TWICE}"),
            };
            state.set(next);
        }
    }
}

/// Asks the source, if something depends on its answer.
fn begin<S, V, ReqBody>(
    mut waiting: Box<Waiting<S, ReqBody>>,
    source: Arc<V>,
    mut held: Box<Held>,
) -> State<S, V, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    let head = &mut waiting.head;
    head.extensions.extend(mem::take(&mut held.extensions));
    if waiting.fields.is_empty() && !waiting.settings.may_require(&head.method) {
        let again = Again::new(&waiting, &source);
        return perform(*waiting, After::nothing(), again, Some(held));
    }
    match source.look_up(&waiting.head) {
        Lookup::Ready(answer) => answered(waiting, &source, answer, Some(held)),
        Lookup::Pending(answer) => State::LookingUp {
            answer,
            waiting: Some(waiting),
            source,
            held: Some(held),
        },
    }
}

/// Decides, and calls the handler.
fn answered<S, V, ReqBody>(
    mut waiting: Box<Waiting<S, ReqBody>>,
    source: &Arc<V>,
    mut answer: Answer,
    held: Option<Box<Held>>,
) -> State<S, V, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    // The second question has the head as it came.
    let again = match answer {
        Ok(Selected::LeftToHandler) => None,
        _ => Again::new(&waiting, source),
    };
    let (settings, adds) = (Arc::clone(&waiting.settings), waiting.adds_validators);
    let (head, fields) = (&mut waiting.head, waiting.fields);
    match evaluate(&settings, adds, head, fields, &mut answer) {
        Ok(plan) => perform(*waiting, After::new(plan, answer), again, held),
        Err(decision) => {
            let mut response = Response::new(RefusalBody::empty());
            refuse(
                &settings,
                head,
                decision,
                fields,
                &mut answer,
                &mut response,
            );
            State::refuse(response)
        }
    }
}

fn perform<S, V, ReqBody>(
    mut waiting: Waiting<S, ReqBody>,
    after: After,
    again: Option<Box<Again<V>>>,
    held: Option<Box<Held>>,
) -> State<S, V, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    let request = Request::from_parts(waiting.head, waiting.body);
    State::Performing {
        response: waiting.inner.call(request),
        after,
        again,
        held,
    }
}
