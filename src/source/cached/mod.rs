//! A cache around a source.

mod future;
mod key;
mod source;
mod watch;
mod writes;

use std::{
    any::type_name,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;

pub use self::{
    future::CachedFuture,
    key::{CacheKey, UriKey},
    source::CachedSource,
    watch::{WatchWrites, WatchWritesFuture},
};
use self::{
    source::{Entry, ServiceId},
    writes::Writes,
};
use super::BindSource;

/// Remembers what a source answered, in memory, bounded in number and in time.
///
/// It serves safe requests only: a write always asks the source itself. What is remembered is that
/// there is a representation, with all that the source said of it, or that there is none; never
/// that the source does not know or failed.
///
/// Entries are found by [`UriKey`], unless made [`with_key`](Self::with_key). All that the source's
/// answer depends on has to be in the key: the fields that content is negotiated by, and, if
/// answers depend on it, who asks.
///
/// # Who may see it
///
/// What one client was told must not answer another who may not know it, as it could if the source
/// answers by who asks: [`ByHead`](crate::ByHead) around a service that authenticates.
///
/// - With [`UriKey`] a request with `Authorization` is neither served from memory nor remembered.
/// - With any key, a representation whose `Cache-Control` says `private` or `no-store` is not
///   remembered.
/// - What depends on who asks in any other way, by cookie for instance, has to say so in
///   `Cache-Control`, or the key has to tell. Where neither is so, put the cache inside of what
///   authenticates, or use none.
///
/// # Staleness
///
/// - A write that goes through the layer drops what is remembered of its path, whatever the query
///   and the rest of the key. It does so when the wrapped service has answered, whatever it
///   answered, failed, or was cancelled. An answer that a source began to give before is not
///   remembered after, so a slow read cannot bring an old version back.
/// - While a write is under way, readers may still be told the version before it.
/// - A write that comes another way, or changes what is found at another path, goes unnoticed until
///   the time to live is over: for so long a 304 may confirm an old version, and a new
///   representation may be stamped with an old entity tag. Where that matters have the handler
///   set the tag of what it sends, or use [`set_validators(false)`](crate::ConditionalLayer::set_validators).
/// - A handler that ends its work after it has answered, in a spawned task or while it sends the
///   body, writes after its write is over.
///
/// # Sharing
///
/// Clones share the capacity and what is remembered, and so do the services that one layer makes,
/// **unless the source asks the wrapped service itself** ([`ByHead`](crate::ByHead)): then each
/// service that the layer is applied to has entries of its own. axum's `nest` takes the prefix off
/// the path, so `/a` in one nest and `/a` in another are the same to the key, and are two resources.
/// Apply the layer once to a service and clone what comes of it: a layer that is applied anew for
/// each connection, or for each request, remembers nothing that the next could use.
///
/// A source that is asked by its own means, a closure for instance, sees the same path as the key
/// does. If it knows what nest it is in by other means, each nest needs a `Cached` of its own.
///
/// ```
/// use std::time::Duration;
/// use axum::body::Body;
/// use tower_conditional::{ByHead, Cached, ConditionalLayer};
///
/// let source = Cached::new(ByHead::<Body>::new(), 10_000, Duration::from_secs(5));
/// let layer = ConditionalLayer::new(source);
/// ```
pub struct Cached<V, K: CacheKey = UriKey> {
    source: V,
    key: K,
    entries: Cache<(ServiceId, K::Key), Entry>,
    writes: Writes,
    /// How many services its source was bound to.
    services: Arc<AtomicU64>,
}

impl<V> Cached<V> {
    /// Remembers up to `capacity` answers of `source`, each for `time_to_live`.
    pub fn new(source: V, capacity: u64, time_to_live: Duration) -> Self {
        Self::with_key(source, UriKey, capacity, time_to_live)
    }
}

impl<V, K: CacheKey> Cached<V, K> {
    /// Remembers answers by another key than [`UriKey`].
    ///
    /// A closure is asked about requests with `Authorization` too: if answers depend on who asks, its
    /// key has to tell. A [`CacheKey`] can leave requests out by [`CacheKey::suffices`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use http::{header::ACCEPT_LANGUAGE, request::Parts};
    /// use tower_conditional::{ready_fn, source::Cached, EntityTag};
    ///
    /// # let source = ready_fn(|_| EntityTag::from_version(1));
    /// let key = |head: &Parts| {
    ///     (head.uri.clone(), head.headers.get(ACCEPT_LANGUAGE).cloned())
    /// };
    /// let source = Cached::with_key(source, key, 10_000, Duration::from_secs(5));
    /// ```
    pub fn with_key(source: V, key: K, capacity: u64, time_to_live: Duration) -> Self {
        Self {
            source,
            key,
            entries: Cache::builder()
                .max_capacity(capacity)
                .time_to_live(time_to_live)
                .build(),
            writes: Writes::new(),
            services: Arc::default(),
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.writes.forget_all();
        self.entries.invalidate_all();
    }
}

impl<S, V, K> BindSource<S> for Cached<V, K>
where
    V: BindSource<S>,
    K: CacheKey + Clone,
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
        let source = CachedSource {
            source,
            key: self.key.clone(),
            service,
            entries: self.entries.clone(),
            writes: self.writes.clone(),
        };
        (WatchWrites::new(inner, self.writes.clone()), source)
    }
}

impl<V: Clone, K: CacheKey + Clone> Clone for Cached<V, K> {
    fn clone(&self) -> Self {
        Self {
            source: self.source.clone(),
            key: self.key.clone(),
            entries: self.entries.clone(),
            writes: self.writes.clone(),
            services: self.services.clone(),
        }
    }
}

impl<V, K: CacheKey> fmt::Debug for Cached<V, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cached")
            .field("source", &type_name::<V>())
            .field("key", &type_name::<K>())
            .finish()
    }
}
