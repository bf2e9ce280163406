//! A write under a lock: wait, ask the source, call the handler, ask the source again.
//!
//! It is a future of its own, so that requests without a lock do not pay for it.

use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{
    Method, Request, Response, StatusCode,
    header::{ETAG, LAST_MODIFIED, RETRY_AFTER},
    request::Parts,
};
use pin_project_lite::pin_project;
use tower::Service;

use super::{
    ResponseBody,
    after::{After, replaced},
    decide::{Verdict, evaluate, refuse},
    future::Waiting,
};
use crate::{
    lock::{Held, LockFuture, NotHeld},
    precondition::{Decision, Preconditions},
    refusal::{RefusalBody, may_be_sent},
    source::{Answer, Lookup, Selected, SourceError, ValidatorSource},
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
            waiting: Option<Waiting<S, ReqBody>>,
            source: Arc<V>,
        },
        LookingUp {
            #[pin]
            answer: V::Future,
            waiting: Option<Waiting<S, ReqBody>>,
            source: Arc<V>,
            held: Option<Held>,
        },
        Performing {
            #[pin]
            response: S::Future,
            after: After,
            again: Option<Again<V>>,
            held: Option<Held>,
        },
        LookingUpAgain {
            #[pin]
            answer: V::Future,
            response: Option<S::Response>,
            after: After,
            held: Option<Held>,
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

/// The second question to the source, if there is one.
struct Again<V> {
    head: Parts,
    source: Arc<V>,
}

impl<S, V, ReqBody> Locked<S, V, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    pub(super) const fn new(
        lock: LockFuture,
        waiting: Waiting<S, ReqBody>,
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
                        Ok(held) => begin(waiting, Arc::clone(source), held),
                        Err(why) => State::refuse(busy(waiting, why)),
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
                    let lookup = again
                        .filter(|again| again.is_wanted(&response))
                        .map(|again| again.source.look_up(&again.head));
                    match lookup {
                        Some(Lookup::Pending(answer)) => State::LookingUpAgain {
                            answer,
                            response: Some(response),
                            after,
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
                    response,
                    after,
                    held,
                } => {
                    let taken = held.take();
                    let Poll::Ready(answer) = answer.poll(cx) else {
                        *held = taken;
                        return Poll::Pending;
                    };
                    let after = mem::replace(after, After::nothing());
                    let response = response.take().expect(TWICE);
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
    mut waiting: Waiting<S, ReqBody>,
    source: Arc<V>,
    mut held: Held,
) -> State<S, V, ReqBody>
where
    S: Service<Request<ReqBody>>,
    V: ValidatorSource,
{
    let head = &mut waiting.head;
    head.extensions.extend(mem::take(&mut held.extensions));
    if waiting.fields.is_empty() && !waiting.settings.may_require(&head.method) {
        let again = Again::new(&waiting, &source);
        return perform(waiting, After::nothing(), again, Some(held));
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
    mut waiting: Waiting<S, ReqBody>,
    source: &Arc<V>,
    mut answer: Answer,
    held: Option<Held>,
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
    match evaluate(
        &settings,
        adds,
        &mut waiting.head,
        waiting.fields,
        &mut answer,
    ) {
        Verdict::Perform(after) => perform(waiting, after, again, held),
        Verdict::Refuse(response) => State::refuse(response),
    }
}

fn perform<S, V, ReqBody>(
    mut waiting: Waiting<S, ReqBody>,
    after: After,
    again: Option<Again<V>>,
    held: Option<Held>,
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

impl<V> Again<V> {
    /// The response to a POST is often about another resource, and after a DELETE there is nothing.
    fn new<S, ReqBody>(waiting: &Waiting<S, ReqBody>, source: &Arc<V>) -> Option<Self> {
        let settings = &waiting.settings;
        let lock = settings.lock.as_ref()?;
        let method = &waiting.head.method;
        // A source whose service sets the validators of its reads, such as `ByHead`, is asked too.
        let wanted = settings.set_validators
            && lock.sets_validators()
            && matches!(*method, Method::PUT | Method::PATCH);
        wanted.then(|| Self {
            head: waiting.head.clone(),
            source: Arc::clone(source),
        })
    }

    /// Reports whether this response says that the write is done, and leaves the validators to the
    /// layer.
    fn is_wanted<B>(&self, response: &Response<B>) -> bool {
        let (status, headers) = (response.status(), response.headers());
        let is_done = match status {
            // Its validators are those of the resource that was created (RFC 9110 section 15.3.2).
            StatusCode::CREATED => self.head.method == Method::PUT,
            StatusCode::ACCEPTED | StatusCode::PARTIAL_CONTENT | StatusCode::MULTI_STATUS => false,
            _ => status.is_success(),
        };
        is_done && !headers.contains_key(ETAG) && !headers.contains_key(LAST_MODIFIED)
    }
}

/// Adds the validators of the second answer.
fn complete<B>(
    mut response: Response<B>,
    mut after: After,
    answer: Option<Answer>,
) -> Response<ResponseBody<B>> {
    if let Some(Ok(Selected::Present(representation))) = answer {
        let (etag, last_modified) = representation.validators.into_parts();
        let headers = response.headers_mut();
        if let Some(etag) = etag {
            headers.insert(ETAG, etag.into());
        }
        if let Some(date) = last_modified.filter(|date| may_be_sent(*date)) {
            headers.insert(LAST_MODIFIED, date.into());
        }
    }
    let replace = after.apply(&mut response);
    replaced(response, replace)
}

/// Makes the response to a request that did not get the lock.
fn busy<S, ReqBody>(waiting: Waiting<S, ReqBody>, why: NotHeld) -> Response<RefusalBody> {
    let Waiting {
        mut head,
        fields,
        settings,
        ..
    } = waiting;
    let (decision, error) = match why {
        NotHeld::TimedOut => (Decision::Busy, None),
        NotHeld::Failed(error) => {
            let preconditions = Preconditions::with_fields(&head.method, &head.headers, fields);
            let field = preconditions.evaluate(
                Selected::Unknown.current(),
                &settings.rules,
                std::time::SystemTime::now(),
            );
            let error = Some(SourceError::new(error));
            (Decision::Undecidable(field.field()), error)
        }
    };
    let unknown = &mut Selected::Unknown;
    let mut response = refuse(&settings, &mut head, decision, fields, unknown, error);
    if let Some(lock) = &settings.lock {
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            let seconds = lock.retry_after_seconds();
            response
                .headers_mut()
                .entry(RETRY_AFTER)
                .or_insert_with(|| seconds.into());
        }
    }
    response
}
