//! One question to the source at a time, for one key.

use std::{
    any::Any,
    collections::HashMap,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Instant,
};

use futures_util::future::{FutureExt, Shared, WeakShared};
use http::HeaderName;
use pin_project_lite::pin_project;

use super::{
    CacheKey,
    entry::Asked,
    hashed::Hashed,
    request::Question,
    source::Bound,
    variant::{Variant, variant},
};
// The models in `tests/interleavings` compile this file with other types of these names.
use super::sync::{Mutex, MutexGuard, PoisonError};
use crate::source::{Answer, Lookup, Selected, ValidatorSource};

/// A question that is the same for several requests. The second half is what they have in common
/// beside the key.
type FlightKey<T> = (Hashed<T>, Box<[u8]>);

/// The questions that are under way.
///
/// The table does not own them. A question is dropped with the last request that waits for it, and
/// then leaves the table, so there are never more than requests.
pub(super) struct Flights<V: ValidatorSource, K: CacheKey> {
    table: Mutex<Table<V, K>>,
}

type Table<V, K> = HashMap<FlightKey<<K as CacheKey>::Key>, Flight<V, K>>;

struct Flight<V: ValidatorSource, K: CacheKey> {
    asked: Asked,
    asking: WeakShared<Asking<V, K>>,
}

/// What [`Bound::join`] found.
pub(super) enum Join<V: ValidatorSource, K: CacheKey> {
    /// An answer that has been kept in the meantime.
    Kept(Selected),
    Asking(Joined<V, K>),
}

/// A question under way, and whether it is that of this request.
pub(super) struct Joined<V: ValidatorSource, K: CacheKey> {
    pub(super) asking: Shared<Asking<V, K>>,
    pub(super) own: bool,
    pub(super) number: u64,
}

impl<V: ValidatorSource, K: CacheKey> Flights<V, K> {
    pub(super) fn new() -> Self {
        Self {
            table: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table<V, K>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V: ValidatorSource, K: CacheKey> Bound<V, K> {
    /// Joins the same question of another request, or begins one if no answer is kept.
    ///
    /// `names` are the fields that the answer is expected to depend on.
    pub(super) fn join(
        self: &Arc<Self>,
        question: &Arc<Question<K::Key>>,
        names: &[HeaderName],
    ) -> Join<V, K> {
        let same = Variant::new(question, names).into_bytes();
        let key = (question.key.clone(), same);
        // What is dropped under the lock must not be the last owner of a question, because that
        // needs the lock to leave the table. So nothing is.
        let mut table = self.flights.lock();
        if let Some(flight) = table.get(&key) {
            // After a write, its answer may be too old for this request.
            if flight.asked.seen.is_current() {
                if let Some(asking) = flight.asking.upgrade() {
                    return Join::Asking(Joined {
                        asking,
                        own: false,
                        number: flight.asked.number,
                    });
                }
            }
        }
        // A question may have been answered since the request looked. Its answer was kept before the
        // question left the table, so one of the two is found.
        if let Some(selected) = self.store.get_for(question) {
            return Join::Kept(selected);
        }
        let mut asking = self.asking(question);
        asking.listed = Some(Listed {
            bound: Arc::clone(self),
            key: key.clone(),
            number: asking.asked.number,
        });
        let asked = asking.asked.clone();
        let number = asked.number;
        let asking = asking.shared();
        if let Some(weak) = asking.downgrade() {
            let flight = Flight {
                asked,
                asking: weak,
            };
            table.insert(key, flight);
        }
        drop(table);
        Join::Asking(Joined {
            asking,
            own: true,
            number,
        })
    }

    /// Begins a question that no other request joins.
    pub(super) fn ask_alone(self: &Arc<Self>, question: &Arc<Question<K::Key>>) -> Joined<V, K> {
        let asking = self.asking(question);
        Joined {
            number: asking.asked.number,
            asking: asking.shared(),
            own: true,
        }
    }

    fn asking(self: &Arc<Self>, question: &Arc<Question<K::Key>>) -> Asking<V, K> {
        Asking {
            state: State::Start,
            question: Arc::clone(question),
            bound: Arc::clone(self),
            // All of it from before the source is asked: a write that ends later invalidates the
            // answer.
            asked: Asked {
                seen: self.store.paths.seen(question.head.uri.path()),
                number: self.store.next_number(),
                at: Instant::now(),
            },
            listed: None,
        }
    }
}

/// Takes a question off the table when it is answered or dropped.
struct Listed<V: ValidatorSource, K: CacheKey> {
    bound: Arc<Bound<V, K>>,
    key: FlightKey<K::Key>,
    number: u64,
}

impl<V: ValidatorSource, K: CacheKey> Drop for Listed<V, K> {
    fn drop(&mut self) {
        let mut table = self.bound.flights.lock();
        // After a write, another question may have taken the place.
        if table
            .get(&self.key)
            .is_some_and(|flight| flight.asked.number == self.number)
        {
            table.remove(&self.key);
        }
    }
}

pin_project! {
    /// Asks the source, and keeps the answer. It is polled by any request that waits for it, so it
    /// does not depend on the one that began.
    pub(super) struct Asking<V: ValidatorSource, K: CacheKey> {
        #[pin]
        state: State<V::Future>,
        question: Arc<Question<K::Key>>,
        bound: Arc<Bound<V, K>>,
        asked: Asked,
        listed: Option<Listed<V, K>>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        // The source is asked at the first poll, when the question is on the table: two requests
        // that come at the same time must not both ask.
        Start,
        Answering {
            #[pin]
            answer: F,
        },
        Done,
    }
}

/// What those who wait for a question get.
pub(super) enum Reply {
    /// The answer, and the other requests that it is for.
    Answer(Answer, Option<Variant>),
    /// The source panicked. The first to take the payload panics, too; the others ask again.
    Panic(Mutex<Option<Box<dyn Any + Send>>>),
}

impl<V: ValidatorSource, K: CacheKey> Future for Asking<V, K> {
    type Output = Arc<Reply>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let (bound, question) = (&*this.bound, &*this.question);
        // Otherwise a panic would reach all who wait. Nothing is used after it: the state is
        // dropped.
        let polled = catch_unwind(AssertUnwindSafe(|| {
            let mut state = this.state.as_mut();
            if let StateProjection::Start = state.as_mut().project() {
                match bound.source.look_up(&question.head) {
                    Lookup::Ready(answer) => return Poll::Ready(answer),
                    Lookup::Pending(answer) => state.set(State::Answering { answer }),
                }
            }
            match state.project() {
                StateProjection::Answering { answer } => answer.poll(cx),
                // A `Shared` future is not polled again.
                StateProjection::Start | StateProjection::Done => Poll::Pending,
            }
        }));
        let reply = match polled {
            Ok(answer) => {
                let answer = ready!(answer);
                let variant = variant(&answer, question);
                if let Some(variant) = &variant {
                    bound.keep(question, &answer, variant, this.asked.clone());
                }
                Reply::Answer(answer, variant)
            }
            Err(panic) => Reply::Panic(Mutex::new(Some(panic))),
        };
        this.state.set(State::Done);
        // Kept first and off the table then, so that nobody finds neither.
        drop(this.listed.take());
        Poll::Ready(Arc::new(reply))
    }
}
