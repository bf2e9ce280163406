use std::{any::type_name, fmt};

use http::{HeaderMap, header::CACHE_CONTROL, request::Parts};
use moka::sync::Cache;

use super::{CacheKey, CachedFuture, writes::Writes};
use crate::{
    fields::members,
    source::{Answer, Lookup, Selected, ValidatorSource},
};

/// The source that [`Cached`](super::Cached) becomes when it meets the wrapped service.
pub struct CachedSource<V, K: CacheKey> {
    pub(super) source: V,
    pub(super) key: K,
    pub(super) service: ServiceId,
    pub(super) entries: Cache<(ServiceId, K::Key), Entry>,
    pub(super) writes: Writes,
}

/// Which of the services that one layer wraps an answer is about. Nested under different prefixes
/// they see the same path, and a path is all that the rest of the key can tell.
pub(super) type ServiceId = u64;

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
    type Future = CachedFuture<V::Future, K::Key>;

    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        if !head.method.is_safe() || !self.key.suffices(head) {
            return match self.source.look_up(head) {
                Lookup::Ready(answer) => Lookup::Ready(answer),
                Lookup::Pending(answer) => Lookup::Pending(CachedFuture::new(answer, None)),
            };
        }
        let path = head.uri.path();
        let key = (self.service, self.key.key(head));
        // Read before the source is: a write that is over later makes the answer worthless.
        let writes = self.writes.over(path);
        if let Some(entry) = self.entries.get(&key) {
            if entry.writes == writes {
                return Lookup::Ready(Ok(entry.selected));
            }
        }
        let place = Place {
            key,
            entries: self.entries.clone(),
            writes,
        };
        match self.source.look_up(head) {
            Lookup::Ready(answer) => {
                place.keep(&answer);
                Lookup::Ready(answer)
            }
            Lookup::Pending(answer) => Lookup::Pending(CachedFuture::new(answer, Some(place))),
        }
    }

    fn adds_validators(&self) -> bool {
        self.source.adds_validators()
    }
}

/// Where an answer goes when it is there.
pub(super) struct Place<K> {
    key: (ServiceId, K),
    entries: Cache<(ServiceId, K), Entry>,
    writes: u64,
}

impl<K: Clone + Eq + std::hash::Hash + Send + Sync + 'static> Place<K> {
    pub(super) fn keep(self, answer: &Answer) {
        let Ok(selected) = answer else { return };
        let lasts = match selected {
            Selected::Present(representation) => representation.fields().map_or(true, may_be_kept),
            Selected::Missing => true,
            Selected::Unknown | Selected::Answered(_) | Selected::LeftToHandler => false,
        };
        if lasts {
            let entry = Entry {
                selected: selected.clone(),
                writes: self.writes,
            };
            self.entries.insert(self.key, entry);
        }
    }
}

/// Whether others may be shown what is told here (RFC 9111 section 3).
fn may_be_kept(fields: &HeaderMap) -> bool {
    !members(fields, CACHE_CONTROL).any(|directive| {
        let name = directive.split(|&b| b == b'=').next().unwrap_or_default();
        name.eq_ignore_ascii_case(b"private") || name.eq_ignore_ascii_case(b"no-store")
    })
}

impl<V: Clone, K: CacheKey + Clone> Clone for CachedSource<V, K> {
    fn clone(&self) -> Self {
        Self {
            source: self.source.clone(),
            key: self.key.clone(),
            service: self.service,
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
