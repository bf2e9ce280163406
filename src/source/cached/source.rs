use std::{any::type_name, collections::hash_map::DefaultHasher, fmt, sync::Arc};

use http::{Method, request::Parts};

use super::{
    CacheKey, CachedFuture,
    entry::{Asked, Store},
    flight::Flights,
    hashed::{Hashed, LookUp, Sought},
    kept::Hit,
    request::{Demands, Question, Scan, detached, is_too_large},
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

    /// Asks the source, because the cache has no answer for this request.
    #[cold]
    fn ask(
        self: &Arc<Self>,
        head: &Parts,
        demands: Demands,
        hash: u64,
    ) -> Lookup<CachedFuture<V, K>> {
        let since = if demands.no_cache {
            self.store.now()
        } else {
            0
        };
        let head = detached(head);
        // Makes the key again, from the copy: a closure's key may share memory with the head.
        let key = Hashed::new(hash, self.service, self.key.key(&head));
        let question = Question {
            head,
            key,
            demands,
            since,
        };
        CachedFuture::ask(Arc::clone(self), question)
    }
}

/// Finds the answer that is kept under a key.
struct Find<'a, V: ValidatorSource, K: CacheKey> {
    bound: &'a Bound<V, K>,
    head: &'a Parts,
    demands: Demands,
}

impl<V: ValidatorSource, K: CacheKey> LookUp<K::Key> for Find<'_, V, K> {
    type Found = Found;

    #[inline]
    fn find(self, hash: impl FnOnce(&mut DefaultHasher), is: impl Fn(&K::Key) -> bool) -> Found {
        let bound = self.bound;
        let key = Sought::new(&bound.store.hasher, bound.service, hash, is);
        if self.demands.no_cache {
            return Found::Nothing(key.hash);
        }
        match bound.store.get(&key, self.head, self.demands, 0) {
            Some(hit) => Found::Answer(hit),
            None => Found::Nothing(key.hash),
        }
    }
}

enum Found {
    Answer(Hit),
    /// The hash of the key.
    Nothing(u64),
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
        if matches!(head.method, Method::GET | Method::HEAD) {
            let scan = Scan::of(&head.headers);
            let demands = scan.demands(&head.headers);
            if !demands.no_store {
                let find = Find {
                    bound,
                    head,
                    demands,
                };
                match bound.key.look_up_key(head, &scan, find) {
                    Some(Found::Answer(hit)) => return hit.answer(),
                    Some(Found::Nothing(hash)) if !is_too_large(head) => {
                        return bound.ask(head, demands, hash);
                    }
                    _ => {}
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
