use std::{any::type_name, fmt};

use http::{HeaderMap, header::CACHE_CONTROL, request::Parts};
use moka::sync::Cache;

use super::{CacheKey, CachedFuture, writes::Writes};
use crate::{
    fields::members,
    source::{Answer, Lookup, Selected, ValidatorSource},
};

/// The source that [`Cached`](super::Cached) becomes when the layer wraps a service.
pub struct CachedSource<V, K: CacheKey> {
    pub(super) source: V,
    pub(super) key: K,
    pub(super) service: ServiceId,
    pub(super) entries: Cache<(ServiceId, K::Key), Entry>,
    pub(super) writes: Writes,
}

/// Identifies the service that an answer is about, if one layer wraps several services. Services
/// that are nested under different prefixes see the same path, so the rest of the key may be the
/// same.
pub(super) type ServiceId = u64;

/// An answer, and the number of writes to its path that had ended when the source was asked.
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
        // Counted before the source is asked, because a write that ends later invalidates the
        // answer.
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

/// The place in the cache for an answer that is being looked up.
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

/// Reports whether `Cache-Control` allows a shared cache to store the answer (RFC 9111 section 3).
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
