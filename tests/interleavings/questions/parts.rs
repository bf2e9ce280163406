//! What `flight.rs` and `future.rs` need of the other files.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::request::Parts;
use tower_conditional::{EntityTag, ValidatorSource};

use self::entry::Store;
pub(super) use self::request::Question;
use super::flight::Flights;
use crate::{
    source::{Answer, Lookup},
    sync::{Arc, AtomicU64, Ordering},
};

pub(super) type Bound = source::Bound<State, Key>;

pub(super) trait CacheKey {
    type Key: Clone + Eq + std::hash::Hash;
}

pub(super) mod hashed {
    /// The hash is no step of its own.
    pub(in super::super) type Hashed<T> = (u64, T);
}

/// There is one key.
pub(super) struct Key;

impl CacheKey for Key {
    type Key = ();
}

/// The state that the source tells.
#[derive(Default)]
pub(super) struct State {
    value: AtomicU64,
    /// Of `std`, because counting is no step of its own.
    pub(super) asked: std::sync::atomic::AtomicU64,
}

impl ValidatorSource for State {
    type Future = Slow;

    fn look_up(&self, _: &Parts) -> Lookup<Slow> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Lookup::Pending(Slow {
            answer: self.value.load(Ordering::SeqCst),
            asked: false,
        })
    }
}

/// An answer that takes its time.
pub(super) struct Slow {
    answer: u64,
    asked: bool,
}

impl Future for Slow {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer> {
        if self.asked {
            return Poll::Ready(Ok(EntityTag::from_version(self.answer).into()));
        }
        self.asked = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Bound {
    pub(super) fn new() -> Arc<Self> {
        Self::with(false)
    }

    /// One whose questions never look too old to be joined.
    pub(super) fn blind() -> Arc<Self> {
        Self::with(true)
    }

    fn with(blind: bool) -> Arc<Self> {
        Arc::new(Self {
            source: State::default(),
            key: Key,
            store: Arc::new(Store::new(blind)),
            flights: Flights::new(),
        })
    }

    /// Writes as a handler inside of `WatchWrites` does.
    pub(super) fn write(&self, value: u64) {
        self.source.value.store(value, Ordering::SeqCst);
        self.store.paths.writes.fetch_add(1, Ordering::SeqCst);
    }
}

pub(super) mod request {
    use super::Parts;

    pub(crate) struct Question<T> {
        pub(crate) head: Parts,
        pub(crate) key: (u64, T),
        pub(crate) since: u64,
    }

    impl Question<()> {
        pub(crate) fn new() -> Self {
            Self {
                head: http::Request::new(()).into_parts().0,
                key: (0, ()),
                since: 0,
            }
        }
    }
}

pub(super) mod source {
    use super::{Answer, Arc, CacheKey, Flights, Store, ValidatorSource};
    use crate::questions::{entry::Asked, request::Question, variant::Variant};

    pub(crate) struct Bound<V: ValidatorSource, K: CacheKey> {
        pub(crate) source: V,
        #[allow(dead_code)]
        pub(crate) key: K,
        pub(crate) store: Arc<Store>,
        pub(crate) flights: Flights<V, K>,
    }

    impl<V: ValidatorSource, K: CacheKey> Bound<V, K> {
        pub(crate) fn keep<T>(&self, _: &Question<T>, answer: &Answer, _: &Variant, asked: Asked) {
            self.store.keep(answer, asked);
        }
    }
}

/// All requests have one variant.
pub(super) mod variant {
    use http::{HeaderName, request::Parts};

    use super::{Answer, Question};

    pub(crate) struct Variant;

    impl Variant {
        pub(crate) fn new<T>(_: &Question<T>, _: &[HeaderName]) -> Self {
            Self
        }

        pub(crate) fn into_bytes(self) -> Box<[u8]> {
            Box::default()
        }

        pub(crate) fn names(&self) -> impl Iterator<Item = &HeaderName> {
            std::iter::empty()
        }

        pub(crate) fn matches(&self, _: &Parts) -> bool {
            true
        }
    }

    pub(crate) fn variant<T>(_: &Answer, _: &Question<T>) -> Option<Variant> {
        Some(Variant)
    }
}

/// One answer. Its mutex is that of `std`: each use of the store is one step, as with quick_cache.
pub(super) mod entry {
    use std::{sync::Mutex, time::Instant};

    use http::{HeaderName, request::Parts};
    use tower_conditional::Selected;

    use super::{Answer, Arc, AtomicU64, Ordering, Question};

    pub(crate) struct Store {
        pub(crate) paths: Paths,
        kept: Mutex<Option<(Selected, Seen)>>,
        last: std::sync::atomic::AtomicU64,
    }

    impl Store {
        pub(super) fn new(blind: bool) -> Self {
            Self {
                paths: Paths {
                    writes: Arc::default(),
                    blind,
                },
                kept: Mutex::default(),
                last: Default::default(),
            }
        }

        pub(crate) fn next_number(&self) -> u64 {
            self.last.fetch_add(1, Ordering::SeqCst) + 1
        }

        pub(crate) fn names<T>(&self, _: &(u64, T)) -> Vec<HeaderName> {
            Vec::new()
        }

        pub(crate) fn get_for<T>(&self, _: &Question<T>) -> Option<Selected> {
            let kept = self.kept.lock().unwrap().clone();
            kept.filter(|(_, seen)| seen.is_unchanged())
                .map(|(selected, _)| selected)
        }

        pub(super) fn keep(&self, answer: &Answer, asked: Asked) {
            if asked.seen.is_unchanged() {
                let selected = answer.as_ref().unwrap().clone();
                *self.kept.lock().unwrap() = Some((selected, asked.seen));
            }
        }
    }

    /// One path.
    pub(crate) struct Paths {
        pub(crate) writes: Arc<AtomicU64>,
        blind: bool,
    }

    impl Paths {
        pub(crate) fn seen(&self, _: &str) -> Seen {
            Seen {
                writes: self.writes.clone(),
                count: self.writes.load(Ordering::SeqCst),
                blind: self.blind,
            }
        }
    }

    #[derive(Clone)]
    pub(crate) struct Seen {
        writes: Arc<AtomicU64>,
        count: u64,
        blind: bool,
    }

    impl Seen {
        fn is_unchanged(&self) -> bool {
            self.writes.load(Ordering::SeqCst) == self.count
        }

        /// Reports whether the question may be joined.
        pub(crate) fn is_current(&self) -> bool {
            self.blind || self.is_unchanged()
        }
    }

    #[derive(Clone)]
    pub(crate) struct Asked {
        pub(crate) seen: Seen,
        pub(crate) number: u64,
        #[allow(dead_code)]
        pub(crate) at: Instant,
    }

    pub(crate) fn fits(_: &Selected, _: &Parts) -> bool {
        true
    }
}
