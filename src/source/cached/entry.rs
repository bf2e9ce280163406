//! What the cache keeps.

use std::{
    collections::hash_map::RandomState,
    hash::Hash,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use http::{
    HeaderName, HeaderValue,
    header::{HOST, RANGE},
    request::Parts,
};
use quick_cache::{
    Equivalent, Weighter,
    sync::{Cache, DefaultLifecycle},
};

use super::{
    hashed::{Hashed, Prehashed},
    kept::{Hit, Kept, Variants},
    paths::{Paths, Seen},
    request::{Demands, Question, detach_values, uri_len},
    variant::Variant,
};
use crate::source::{Answer, Representation, Selected};

/// The most answers with one key. The oldest one goes first.
const MOST_VARIANTS: usize = 16;

/// The most bytes that are kept of a request: its URI, and the fields that `Vary` names.
const LONGEST_REQUEST: usize = 4 * 1024;

/// The most bytes of fields that are kept of an answer.
const LONGEST_ANSWER: usize = 8 * 1024;

/// Returns a copy of the answer that shares no memory with a connection, or `None` if it is not
/// kept.
fn owned(answer: &Answer, keeps_missing: bool) -> Option<Selected> {
    match answer {
        Ok(Selected::Present(representation)) => {
            let tag = representation.validators().etag();
            let fields = representation.fields();
            let size = tag.map_or(0, |tag| tag.as_bytes().len())
                + fields.map_or(0, |fields| fields.values().map(HeaderValue::len).sum());
            (size <= LONGEST_ANSWER).then(|| Selected::Present(detached(representation)))
        }
        Ok(Selected::Missing) if keeps_missing => Some(Selected::Missing),
        _ => None,
    }
}

fn detached(representation: &Representation) -> Representation {
    let mut copy = representation.clone();
    if let Some(tag) = representation.validators().etag() {
        copy = copy.with_etag(tag.to_ref().to_entity_tag());
    }
    if let Some(details) = &mut copy.details {
        detach_values(&mut details.fields);
    }
    copy
}

/// Weighs an entry by its answers.
#[derive(Clone, Copy)]
struct Answers;

impl<T> Weighter<Hashed<T>, Variants> for Answers {
    fn weight(&self, _: &Hashed<T>, variants: &Variants) -> u64 {
        u64::try_from(variants.len()).unwrap_or(u64::MAX)
    }
}

/// Returns the weight of the largest entry that `quick_cache` takes: it reserves 3 % of its capacity
/// for what is new.
const fn largest_entry(capacity: u64) -> u64 {
    capacity.saturating_sub(capacity / 33 + 1)
}

/// All answers of one [`Cached`](super::Cached) and its clones.
pub(super) struct Store<T> {
    /// The newest variant comes first. What is used often stays: somebody who asks for many
    /// resources once does not push it out.
    entries: Cache<Hashed<T>, Variants, Answers, Prehashed>,
    pub(super) hasher: RandomState,
    /// Locked while an entry is changed.
    changing: Mutex<()>,
    /// When the answers whose time is over were removed last.
    swept: Mutex<Instant>,
    pub(super) paths: Paths,
    time_to_live: Duration,
    most_variants: usize,
    /// The number of the last question. It orders questions and answers.
    last: AtomicU64,
}

impl<T: Clone + Eq + Hash + Send + Sync + 'static> Store<T> {
    pub(super) fn new(capacity: u64, time_to_live: Duration) -> Self {
        Self {
            entries: Cache::with(
                usize::try_from(capacity).unwrap_or(usize::MAX),
                capacity,
                Answers,
                Prehashed,
                DefaultLifecycle::default(),
            ),
            hasher: RandomState::new(),
            changing: Mutex::default(),
            swept: Mutex::new(Instant::now()),
            paths: Paths::default(),
            time_to_live,
            most_variants: usize::try_from(largest_entry(capacity))
                .map_or(MOST_VARIANTS, |largest| largest.clamp(1, MOST_VARIANTS)),
            last: AtomicU64::new(0),
        }
    }

    /// Returns the number for the next question.
    pub(super) fn next_number(&self) -> u64 {
        self.last.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Returns a number that is lower than those of all later questions, and no lower than others.
    pub(super) fn now(&self) -> u64 {
        self.last.load(Ordering::SeqCst) + 1
    }

    pub(super) fn clear(&self) {
        self.paths.forget_all();
        self.entries.clear();
    }

    /// Returns the answer that is kept for this request.
    #[inline]
    pub(super) fn get(
        &self,
        key: &(impl Hash + Equivalent<Hashed<T>>),
        head: &Parts,
        demands: Demands,
        since: u64,
    ) -> Option<Hit> {
        let variants = self.entries.get(key)?;
        let at = variants.iter().position(|kept| {
            kept.number >= since
                && kept.seen.is_current()
                && kept.is_fresh(demands.max_age)
                && kept.variant.matches(head)
        })?;
        fits(&variants[at].selected, head).then_some(Hit { variants, at })
    }

    /// Returns the answer that is kept for this question.
    pub(super) fn get_for(&self, question: &Question<T>) -> Option<Selected> {
        let Question {
            key,
            head,
            demands,
            since,
        } = question;
        let hit = self.get(key, head, *demands, *since)?;
        Some(hit.selected().clone())
    }

    /// Returns the fields that the newest answer with this key depends on.
    pub(super) fn names(&self, key: &Hashed<T>) -> Vec<HeaderName> {
        let variants = self.entries.peek(key);
        let newest = variants.as_ref().and_then(|variants| variants.first());
        newest.map_or_else(Vec::new, |kept| kept.variant.names().cloned().collect())
    }

    /// Removes the answers whose time is over, once in each time to live: so each answer is looked
    /// at about twice in its life. Nobody waits for it.
    fn sweep(&self) {
        let mut swept = locked(&self.swept);
        if swept.elapsed() >= self.time_to_live {
            *swept = Instant::now();
            drop(swept);
            self.entries
                .retain(|_, variants| variants.iter().any(|kept| kept.is_fresh(None)));
        }
    }

    /// Keeps an answer, if it may be kept and nothing has been written since.
    pub(super) fn keep(
        &self,
        question: &Question<T>,
        answer: &Answer,
        keeps_missing: bool,
        variant: &Variant,
        asked: Asked,
    ) {
        let host = question.head.headers.get(HOST).map_or(0, HeaderValue::len);
        if uri_len(&question.head.uri) + host + variant.len() > LONGEST_REQUEST
            || !asked.seen.is_current()
        {
            return;
        }
        let Some(selected) = owned(answer, keeps_missing) else {
            return;
        };
        let kept = Arc::new(Kept {
            variant: variant.clone(),
            selected,
            seen: asked.seen,
            number: asked.number,
            asked: asked.at,
            until: asked.at.checked_add(self.time_to_live),
        });
        self.sweep();
        let _changing = locked(&self.changing);
        let old = self.entries.peek(&question.key);
        let old = old.iter().flat_map(|variants| variants.iter());
        let (same, other): (Vec<_>, Vec<_>) = old
            .filter(|old| old.seen.is_current() && old.is_fresh(None))
            .partition(|old| old.variant == kept.variant);
        if same.iter().any(|old| old.number > kept.number) {
            return;
        }
        let newest = std::iter::once(&kept).chain(other);
        let variants = newest.take(self.most_variants).cloned().collect();
        self.entries.insert(question.key.clone(), variants);
    }
}

/// Reports whether a kept or shared answer is certain enough for this request.
///
/// If a representation is missing, the handler answers a read without any evaluation. If the
/// handler has one after all, it must not answer a part of another version than the client's.
pub(super) fn fits(selected: &Selected, head: &Parts) -> bool {
    !matches!(selected, Selected::Missing) || !head.headers.contains_key(RANGE)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The circumstances of a question to the source.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) seen: Seen,
    pub(super) number: u64,
    pub(super) at: Instant,
}
