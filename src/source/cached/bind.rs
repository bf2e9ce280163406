use std::sync::{Arc, atomic::Ordering};

use super::{CacheKey, Cached, CachedSource, WatchWrites, flight::Flights, source::Bound};
use crate::source::{BindSource, ValidatorSource};

impl<S, V, K> BindSource<S> for Cached<V, K>
where
    V: BindSource<S>,
    V::Source: Send + Sync + 'static,
    <V::Source as ValidatorSource>::Future: Send + 'static,
    K: CacheKey + Clone + Send + Sync + 'static,
{
    const ASKS_SERVICE: bool = V::ASKS_SERVICE;

    type Source = CachedSource<V::Source, K>;
    type Service = WatchWrites<V::Service>;

    fn bind(&self, inner: S) -> (Self::Service, Self::Source) {
        let (inner, source) = self.source.bind(inner);
        let service = if V::ASKS_SERVICE {
            self.services.fetch_add(1, Ordering::Relaxed) + 1
        } else {
            0
        };
        let bound = Arc::new(Bound {
            keeps_missing: !V::ASKS_SERVICE && source.adds_validators(),
            source,
            key: self.key.clone(),
            service,
            store: Arc::clone(&self.store),
            flights: Flights::new(),
        });
        let bound = if V::ASKS_SERVICE {
            bound
        } else {
            let first = self.bound.get_or_init(|| bound.clone());
            Arc::clone(first).downcast().unwrap_or(bound)
        };
        let inner = WatchWrites::new(inner, self.store.paths.clone());
        (inner, CachedSource { bound })
    }
}
