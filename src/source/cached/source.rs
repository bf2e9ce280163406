use std::{any::type_name, fmt};

use http::request::Parts;
use moka::sync::Cache;

use super::{CacheKey, CachedFuture, writes::Writes};
use crate::source::{Ask, IntoAnswer, Selected, SourceError, ValidatorSource};

/// The source that [`Cached`](crate::Cached) becomes when it meets the wrapped service.
pub struct CachedSource<V, K: CacheKey> {
    pub(super) source: V,
    pub(super) key: K,
    pub(super) entries: Cache<K::Key, Entry>,
    pub(super) writes: Writes,
}

/// An answer, and how many writes to its path were over when it was asked for.
#[derive(Clone)]
pub(super) struct Entry {
    selected: Selected,
    writes: u64,
}

impl<V, K> ValidatorSource for CachedSource<V, K>
where
    V: ValidatorSource,
    K: CacheKey,
{
    const STAMPS: bool = V::STAMPS;

    type Answer = Result<Selected, SourceError>;
    type Future = CachedFuture<V::Future, K::Key>;

    fn ask(&self, head: &Parts) -> Ask<Self::Future, Self::Answer> {
        if !head.method.is_safe() {
            return match self.source.ask(head) {
                Ask::Ready(answer) => Ask::Ready(answer.into_answer()),
                Ask::Pending(answer) => Ask::Pending(CachedFuture::new(answer, None)),
            };
        }
        let path = head.uri.path();
        let key = self.key.key(head);
        // Read before the source is: a write that is over later makes the answer worthless.
        let writes = self.writes.over(path);
        if let Some(entry) = self.entries.get(&key) {
            if entry.writes == writes {
                return Ask::Ready(Ok(entry.selected));
            }
        }
        let place = Place {
            key,
            entries: self.entries.clone(),
            writes,
        };
        match self.source.ask(head) {
            Ask::Ready(answer) => {
                let answer = answer.into_answer();
                place.keep(&answer);
                Ask::Ready(answer)
            }
            Ask::Pending(answer) => Ask::Pending(CachedFuture::new(answer, Some(place))),
        }
    }
}

/// Where an answer goes when it is there.
pub(super) struct Place<K> {
    key: K,
    entries: Cache<K, Entry>,
    writes: u64,
}

impl<K: Clone + Eq + std::hash::Hash + Send + Sync + 'static> Place<K> {
    pub(super) fn keep(self, answer: &Result<Selected, SourceError>) {
        if let Ok(selected @ (Selected::Present(_) | Selected::Missing)) = answer {
            let entry = Entry {
                selected: selected.clone(),
                writes: self.writes,
            };
            self.entries.insert(self.key, entry);
        }
    }
}

impl<V: Clone, K: CacheKey + Clone> Clone for CachedSource<V, K> {
    fn clone(&self) -> Self {
        Self {
            source: self.source.clone(),
            key: self.key.clone(),
            entries: self.entries.clone(),
            writes: self.writes.clone(),
        }
    }
}

impl<V, K: CacheKey> fmt::Debug for CachedSource<V, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedSource")
            .field("source", &type_name::<V>())
            .field("key", &type_name::<K>())
            .finish()
    }
}
