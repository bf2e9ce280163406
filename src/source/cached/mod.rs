//! A source that caches the answers of another source.
//!
//! [`Cached`] keeps answers in memory. It holds a limited number of them, and each for a limited
//! time. Use it if a look-up is expensive: a database query, or the HEAD request of
//! [`ByHead`](crate::ByHead).
//!
//! # Example
//!
//! ```
//! use std::{
//!     sync::{atomic::{AtomicUsize, Ordering::Relaxed}, Arc},
//!     time::Duration,
//! };
//! use axum::{body::Body, routing::get, Router};
//! use http::Request;
//! use tower::ServiceExt;
//! use tower_conditional::{ready_fn, Cached, ConditionalLayer, EntityTag};
//!
//! let look_ups = Arc::new(AtomicUsize::new(0));
//! let counter = look_ups.clone();
//! let source = ready_fn(move |_| {
//!     counter.fetch_add(1, Relaxed);
//!     EntityTag::from_version(7)
//! });
//!
//! // Up to 10,000 answers, each for 5 seconds.
//! let layer = ConditionalLayer::new(Cached::new(source, 10_000, Duration::from_secs(5)));
//! let app: Router = Router::new().route("/document", get(|| async { "content" }).layer(layer));
//!
//! # tokio_test::block_on(async {
//! for _ in 0..3 {
//!     let get = Request::get("/document").header("if-none-match", "\"7\"");
//!     let response = app.clone().oneshot(get.body(Body::empty()).unwrap()).await.unwrap();
//!     assert_eq!(response.status(), 304);
//! }
//! # });
//! assert_eq!(look_ups.load(Relaxed), 1);
//! ```
//!
//! # Rules, in order
//!
//! 1. An unsafe request always asks the source itself, and the answer is not cached.
//! 2. So does a safe request whose [key does not suffice](CacheKey::suffices).
//! 3. Any other request uses the cached answer with its key. The answer must not be older than the
//!    time to live, and no write to the path may have ended since the source was asked for it.
//! 4. If there is no such answer, the source is asked. The cache keeps the answer if it is
//!    [`Present`](crate::Selected::Present) or [`Missing`](crate::Selected::Missing), with
//!    everything in it: validators, fields, requirement and extensions. It does not keep any other
//!    answer, an error, or a representation whose `Cache-Control` contains `private` or `no-store`.
//!
//! # Who may see an answer
//!
//! An answer may depend on the user, for example with [`ByHead`](crate::ByHead) around a service
//! that authenticates. The cache must not give the answer for one user to another user:
//!
//! - With [`UriKey`], which is the default, a request with `Authorization` neither uses the cache
//!   nor fills it.
//! - With [`Cached::with_key`] and a closure, it does both. If answers depend on the user, the key
//!   must contain the user.
//! - If users are distinguished by a cookie or a client certificate, use a key that contains it, or
//!   let the source add `Cache-Control: private`. Otherwise put the cache inside of the
//!   authentication, or do without it.
//!
//! # Staleness
//!
//! - A write through the layer invalidates all answers for its path, whatever their query and key
//!   are. It does so when the wrapped service has returned a response or an error, or when the
//!   request is cancelled. An answer that was requested before that is not used after it, so a slow
//!   look-up cannot bring an old version back.
//! - During a write, requests may still get the answer from before it.
//! - A write that ends after the response is not noticed: one in a spawned task, for example, or
//!   one that runs while the response body is sent.
//! - A write that does not go through the layer is not noticed either, nor is a change of what
//!   another path returns. Until the time to live is over, a 304 may then confirm an old version,
//!   and a new representation may be sent with an old entity tag. If this matters, set the entity
//!   tag in the handler, or use
//!   [`set_validators(false)`](crate::ConditionalLayer::set_validators).
//!
//! # Sharing
//!
//! - Clones of a `Cached` share its answers. So do all services that one layer wraps, with one
//!   exception: if the source asks the wrapped service, as [`ByHead`](crate::ByHead) does, each
//!   service that the layer wraps has its own answers. axum's `nest` removes the prefix from the
//!   path, so two nested routers can have two resources with the same path, and the key cannot
//!   distinguish them.
//! - Any other source sees the same path as the key. If it distinguishes nested routers in another
//!   way, use one `Cached` for each router.
//! - Apply the layer once, and clone the service. A layer that is applied for each connection or
//!   each request starts with no answers if its source asks the wrapped service.

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

/// Caches the answers of another source, in memory.
///
/// See the [module docs](self) for the rules, for staleness, and for who may see an answer.
///
/// It is `Clone` if its source is. Around a [`ByHead`](crate::ByHead) it is not, so that axum's
/// `route_layer` and `layer` do not take it, see [`ByHead`](crate::ByHead#in-axum):
///
/// ```compile_fail,E0277
/// # use std::time::Duration;
/// # use axum::{body::Body, routing::get, Router};
/// # use tower_conditional::{ByHead, Cached, ConditionalLayer};
/// let source = Cached::new(ByHead::<Body>::new(), 10_000, Duration::from_secs(5));
/// let layer = ConditionalLayer::new(source);
/// let app: Router = Router::new().route("/", get(|| async {}).route_layer(layer));
/// ```
pub struct Cached<V, K: CacheKey = UriKey> {
    source: V,
    key: K,
    entries: Cache<(ServiceId, K::Key), Entry>,
    writes: Writes,
    /// The number of services that the source was bound to. It numbers them.
    services: Arc<AtomicU64>,
}

impl<V> Cached<V> {
    /// Creates a cache of up to `capacity` answers of `source`, each for `time_to_live`. Its key is
    /// [`UriKey`].
    pub fn new(source: V, capacity: u64, time_to_live: Duration) -> Self {
        Self::with_key(source, UriKey, capacity, time_to_live)
    }
}

impl<V, K: CacheKey> Cached<V, K> {
    /// Creates a cache with a key other than [`UriKey`].
    ///
    /// The key must contain everything that the source's answer depends on, such as the fields of
    /// content negotiation. A closure is also called for requests with `Authorization`. If answers
    /// depend on the user, its result must contain the user. Implement [`CacheKey::suffices`] to
    /// exclude requests from the cache.
    ///
    /// ```
    /// use std::time::Duration;
    /// use http::{header::ACCEPT_LANGUAGE, request::Parts};
    /// use tower_conditional::{ready_fn, Cached, EntityTag};
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

    /// Removes all answers. Answers that are being looked up are not used either.
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
