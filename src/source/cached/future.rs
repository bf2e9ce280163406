use std::{
    fmt,
    future::Future,
    panic::resume_unwind,
    pin::Pin,
    sync::{Arc, PoisonError},
    task::{Context, Poll, ready},
};

use futures_util::future::Shared;
use http::HeaderName;
use pin_project_lite::pin_project;

use super::{
    CacheKey,
    entry::fits,
    flight::{Asking, Join, Joined, Reply},
    request::Question,
    source::Bound,
};
use crate::source::{Answer, Lookup, ValidatorSource};

/// How often a request waits for the question of another one. Then it asks for itself.
const MOST_WAITS: u8 = 2;

pin_project! {
    /// The future of [`CachedSource`](super::CachedSource).
    ///
    /// Any request that waits for a look-up drives it. If one of them is dropped, the others go on.
    ///
    /// # Panics
    ///
    /// Panics if the source panics, and if it is polled after it has completed.
    pub struct CachedFuture<V: ValidatorSource, K: CacheKey> {
        #[pin]
        state: State<V, K>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<V: ValidatorSource, K: CacheKey> {
        Passing {
            #[pin]
            answer: V::Future,
        },
        Waiting {
            #[pin]
            asking: Shared<Asking<V, K>>,
            waiting: Waiting<V, K>,
        },
    }
}

/// A request that waits for a question to the source.
pub(super) struct Waiting<V: ValidatorSource, K: CacheKey> {
    bound: Arc<Bound<V, K>>,
    question: Arc<Question<K::Key>>,
    /// The question under way is that of this request.
    own: bool,
    /// Its number.
    number: u64,
    waits: u8,
}

impl<V: ValidatorSource, K: CacheKey> CachedFuture<V, K> {
    pub(super) const fn pass(answer: V::Future) -> Self {
        Self {
            state: State::Passing { answer },
        }
    }

    /// Waits for the answer to a question.
    pub(super) fn ask(bound: Arc<Bound<V, K>>, question: Question<K::Key>) -> Lookup<Self> {
        let question = Arc::new(question);
        let names = bound.store.names(&question.key);
        let Joined {
            asking,
            own,
            number,
        } = match bound.join(&question, &names) {
            Join::Kept(selected) => return Lookup::Ready(Ok(selected)),
            Join::Asking(joined) => joined,
        };
        let waiting = Waiting {
            bound,
            question,
            own,
            number,
            waits: 0,
        };
        Lookup::Pending(Self {
            state: State::Waiting { asking, waiting },
        })
    }
}

impl<V: ValidatorSource, K: CacheKey> Waiting<V, K> {
    /// Returns the answer, or the question to wait for next.
    fn take(&mut self, reply: &Reply) -> Result<Answer, Joined<V, K>> {
        let mut names: Vec<HeaderName> = Vec::new();
        match reply {
            Reply::Answer(answer, _) if self.own => return Ok(answer.clone()),
            // Nobody else can use this answer, and the next one would be no better.
            Reply::Answer(_, None) => self.waits = MOST_WAITS,
            Reply::Answer(answer, Some(variant)) => {
                let head = &self.question.head;
                let suits = answer
                    .as_ref()
                    .map_or(true, |selected| fits(selected, head));
                if suits && self.number >= self.question.since && variant.matches(head) {
                    return Ok(answer.clone());
                }
                names.extend(variant.names().cloned());
            }
            Reply::Panic(payload) => {
                let payload = payload
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .take();
                if let Some(payload) = payload {
                    resume_unwind(payload);
                }
                self.waits = MOST_WAITS;
            }
        }
        if self.waits >= MOST_WAITS {
            return Err(self.bound.ask_alone(&self.question));
        }
        self.waits += 1;
        match self.bound.join(&self.question, &names) {
            Join::Kept(selected) => Ok(Ok(selected)),
            Join::Asking(joined) => Err(joined),
        }
    }
}

impl<V: ValidatorSource, K: CacheKey> Future for CachedFuture<V, K> {
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Passing { answer } => answer.poll(cx),
            StateProjection::Waiting {
                mut asking,
                waiting,
            } => loop {
                let reply = ready!(asking.as_mut().poll(cx));
                match waiting.take(&reply) {
                    Ok(answer) => return Poll::Ready(answer),
                    Err(next) => {
                        waiting.own = next.own;
                        waiting.number = next.number;
                        asking.set(next.asking);
                    }
                }
            },
        }
    }
}

impl<V: ValidatorSource, K: CacheKey> fmt::Debug for CachedFuture<V, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_state!(f, "CachedFuture", self.state,
            State::Passing { .. } => "Passing",
            State::Waiting { .. } => "Waiting",
        )
    }
}
