use std::{any::type_name, fmt, sync::Arc};

use http::{Method, request::Parts};

use super::{
    CacheKey, CachedFuture,
    entry::{Asked, Store},
    flight::Flights,
    request::{Demands, Question, detached, is_too_large},
    variant::Variant,
};
use crate::source::{Answer, Lookup, ValidatorSource};

/// The source that [`Cached`](super::Cached) becomes when the layer wraps a service.
pub struct CachedSource<V: ValidatorSource, K: CacheKey> {
    pub(super) bound: Arc<Bound<V, K>>,
}

/// What all clones of a source share.
pub(super) struct Bound<V: ValidatorSource, K: CacheKey> {
    pub(super) source: V,
    pub(super) key: K,
    /// Identifies the service that an answer is about, if one layer wraps several services and the
    /// source asks them. Services that are nested under different prefixes see the same path, so
    /// the rest of the key may be the same.
    pub(super) service: u64,
    /// Whether [`Missing`](crate::Selected::Missing) is kept. It has no fields, so a service cannot
    /// say what its 404 depends on.
    pub(super) keeps_missing: bool,
    pub(super) store: Arc<Store<K::Key>>,
    pub(super) flights: Flights<V, K>,
}

impl<V: ValidatorSource, K: CacheKey> Bound<V, K> {
    pub(super) fn keep(
        &self,
        question: &Question<K::Key>,
        answer: &Answer,
        variant: &Variant,
        asked: Asked,
    ) {
        self.store
            .keep(question, answer, self.keeps_missing, variant, asked);
    }
}

impl<V, K> ValidatorSource for CachedSource<V, K>
where
    V: ValidatorSource,
    K: CacheKey,
{
    type Future = CachedFuture<V, K>;

    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        let bound = &self.bound;
        // No other method has GET's representation: that of QUERY depends on the content.
        let read = matches!(head.method, Method::GET | Method::HEAD);
        if read && bound.key.suffices(head) {
            let demands = Demands::of(&head.headers);
            let since = if demands.no_cache {
                bound.store.now()
            } else {
                0
            };
            if !demands.no_store {
                let key = bound.store.hashed(bound.service, bound.key.key(head));
                if !demands.no_cache {
                    if let Some(selected) = bound.store.get(&key, head, demands, since) {
                        return Lookup::Ready(Ok(selected));
                    }
                }
                drop(key);
                if !is_too_large(head) {
                    let head = detached(head);
                    // Again, because the key of a closure may share the memory of the head.
                    let key = bound.store.hashed(bound.service, bound.key.key(&head));
                    let question = Question {
                        head,
                        key,
                        demands,
                        since,
                    };
                    return CachedFuture::ask(Arc::clone(bound), question);
                }
            }
        }
        match bound.source.look_up(head) {
            Lookup::Ready(answer) => Lookup::Ready(answer),
            Lookup::Pending(answer) => Lookup::Pending(CachedFuture::pass(answer)),
        }
    }

    fn adds_validators(&self) -> bool {
        self.bound.source.adds_validators()
    }
}

impl<V: ValidatorSource, K: CacheKey> Clone for CachedSource<V, K> {
    fn clone(&self) -> Self {
        Self {
            bound: Arc::clone(&self.bound),
        }
    }
}

impl<V: ValidatorSource, K: CacheKey> fmt::Debug for CachedSource<V, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedSource")
            .field("source", &type_name::<V>())
            .field("key", &type_name::<K>())
            .finish()
    }
}
