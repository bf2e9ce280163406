use std::{any::type_name, fmt};

use http::{HeaderMap, header::CACHE_CONTROL, request::Parts};
use moka::sync::Cache;

use super::{CacheKey, CachedFuture, writes::Writes};
use crate::{
    fields::members,
    source::{Ask, IntoAnswer, Selected, SourceError, ValidatorSource},
};

/// The source that [`Cached`](crate::Cached) becomes when it meets the wrapped service.
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
    const STAMPS: bool = V::STAMPS;

    type Answer = Result<Selected, SourceError>;
    type Future = CachedFuture<V::Future, K::Key>;

    fn ask(&self, head: &Parts) -> Ask<Self::Future, Self::Answer> {
        if !head.method.is_safe() || !self.key.suffices(head) {
            return match self.source.ask(head) {
                Ask::Ready(answer) => Ask::Ready(answer.into_answer()),
                Ask::Pending(answer) => Ask::Pending(CachedFuture::new(answer, None)),
            };
        }
        let path = head.uri.path();
        let key = (self.service, self.key.key(head));
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
    key: (ServiceId, K),
    entries: Cache<(ServiceId, K), Entry>,
    writes: u64,
}

impl<K: Clone + Eq + std::hash::Hash + Send + Sync + 'static> Place<K> {
    pub(super) fn keep(self, answer: &Result<Selected, SourceError>) {
        let Ok(selected) = answer else { return };
        let lasts = match selected {
            Selected::Present(representation) => representation.fields().map_or(true, may_be_kept),
            Selected::Missing => true,
            Selected::Unknown | Selected::Answered(_) => false,
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
