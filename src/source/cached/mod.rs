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
//! 1. Only GET and HEAD use the cache. Any other request asks the source itself, and its answer is
//!    not kept. That includes QUERY (RFC 10008): its representation depends on its content, which
//!    is in no key.
//! 2. A safe request whose [key does not suffice](CacheKey::suffices), one with
//!    `Cache-Control: no-store`, and one whose head is larger than 16 KiB do the same.
//! 3. A request with `Cache-Control: no-cache` or `max-age=0`, or with `Pragma: no-cache` and no
//!    `Cache-Control`, asks the source (RFC 9111 sections 5.2.1 and 5.4). Its answer replaces the
//!    one that is kept. `max-age=5` does so if the answer is older than 5 seconds.
//! 4. Any other request uses the answer with its key, if there is one. The source must have been
//!    asked for it within the time to live, and no write to the path may have ended since.
//! 5. If there is none, the source is asked, [once for all requests](#one-question-at-a-time) that
//!    wait for the same answer.
//! 6. The cache keeps the answer if it is [`Present`](crate::Selected::Present) or
//!    [`Missing`](crate::Selected::Missing), with everything in it: validators, fields, requirement
//!    and extensions. It does not keep
//!    - any other answer, or an error;
//!    - a representation whose `Cache-Control` contains `private` or `no-store`;
//!    - one whose `Vary` contains `*`, a malformed name, or more than 16 names;
//!    - `Missing` from [`ByHead`](crate::ByHead), because the 404 may depend on fields that its
//!      `Vary` names, and `Missing` has no fields. Nor does it serve `Missing` to a request with
//!      `Range`.
//!
//! # The key
//!
//! The key of an answer has three parts.
//!
//! - The primary key is [`UriKey`], or what [`Cached::with_key`] sets.
//! - The secondary key are the fields of the request that the answer's `Vary` names, with the lines
//!   of each field joined (RFC 9111 section 4.1). So an answer for `Accept-Language: it` is not used
//!   for `en` if the source says `Vary: accept-language`. [`ByHead`](crate::ByHead) takes `Vary`
//!   from the response; another source adds it with
//!   [`Representation::with_field`](crate::Representation::with_field). There are at most 16
//!   answers with one primary key.
//! - If the path or query of a request is not in normal form, its own answer is used only for
//!   requests that spell them likewise. `/d/%74est` and `/d/test` are one resource, so an answer for
//!   `/d/test` serves both. But a router may not know that: its 404 for `/d/%74est` must not become
//!   the answer for `/d/test`.
//!
//! # Who may see an answer
//!
//! An answer may depend on the user, for example with [`ByHead`](crate::ByHead) around a service
//! that authenticates. The cache must not give the answer for one user to another user:
//!
//! - With [`UriKey`], a request with `Authorization` neither uses the cache nor fills it.
//! - With [`Cached::with_key`] and a closure, it does both. If answers depend on the user, the key
//!   must contain the user.
//! - If users are distinguished by a cookie, let the source say `Vary: cookie` or
//!   `Cache-Control: private`. If they are distinguished by a client certificate, use a key that
//!   contains it. Otherwise put the cache inside of the authentication, or do without it.
//!
//! # Staleness
//!
//! - A write through the layer invalidates all answers for its path, whatever their host, query and
//!   key are, and under all names of the path. It does so when the wrapped service has returned a
//!   response or an error, or when the request is cancelled. An answer that was asked for before
//!   that is not used after it, so a slow look-up cannot bring an old version back.
//! - A write is an unsafe request that reached a handler. A request that the layer answers itself is
//!   none, nor is one to which the wrapped service answers 401, 403, 404, 405, 415, 428, 429 or 501:
//!   nothing has performed it. All other responses count, an error included (RFC 9111 section 4.4
//!   asks for 2xx and 3xx only): a handler may have done a part of the work before. If a handler
//!   changes something and then answers with one of those eight, call [`Cached::forget`].
//! - Only the path of the request counts. So requests for other paths, such as those of an attacker
//!   who sends `FOO /x1`, `FOO /x2` and so on, invalidate nothing. One that a handler takes for a
//!   write of `/doc` costs one look-up of `/doc`.
//! - During a write, requests may still get the answer from before it.
//! - A write that ends after the response is not noticed: one in a spawned task, for example, or
//!   one that runs while the response body is sent.
//! - A write that does not go through the layer is not noticed either, nor is a change of what
//!   another path returns. Call [`Cached::forget`] when you hear of one, for example through a
//!   notification of the database. Until then, or until the time to live is over, a 304 may confirm
//!   an old version, and a new representation may be sent with an old entity tag. If this matters,
//!   set the entity tag in the handler, or use
//!   [`set_validators(false)`](crate::ConditionalLayer::set_validators).
//!
//! # One question at a time
//!
//! Requests that need the same answer at the same time wait for one look-up. None of them owns it:
//! each polls it, by means of [`futures_util`'s
//! `Shared`](https://docs.rs/futures-util/0.3/futures_util/future/struct.Shared.html). So no task is
//! spawned and no runtime is needed. If the request that began is cancelled, or is not polled for
//! any reason, the others go on; with the last one, the look-up is dropped. (`quick_cache`,
//! which stores the answers, can wait for one as well, but there a request that is not polled stops
//! all others.)
//!
//! - The source gets the head of the request that began, and its extensions.
//! - An error and [`Unknown`](crate::Selected::Unknown) are shared with all who wait, but not kept.
//! - If the answer turns out to be only for the request that began, the others ask for themselves. A
//!   request waits for at most two look-ups of others.
//! - A request that comes after a write does not wait for a look-up from before it. Nor does one
//!   with `no-cache` use a look-up from before it came.
//! - If the source panics, one request panics, and the others ask for themselves.
//!
//! # Memory
//!
//! The cache keeps no buffer of a connection alive: keys, field values and entity tags are copied.
//! It keeps at most 4 KiB of a request (the URI, `Host`, and the fields that `Vary` names) and 8 KiB
//! of fields and entity tag of an answer, and does not keep an answer that would need more. The
//! extensions of an answer, and the keys of [`Cached::with_key`], are as large as you make them.
//! What is noted about writes is never more than one entry for each path in the cache and each
//! look-up in progress.
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

mod bind;
mod entry;
mod flight;
mod future;
mod hashed;
mod kept;
mod key;
mod normal;
mod paths;
#[cfg(test)]
mod paths_tests;
mod plain;
mod request;
mod source;
mod variant;
mod watch;
mod words;

/// What the tables of paths and of questions are made of.
mod sync {
    pub(super) use std::sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    };
}

use std::{
    any::{Any, type_name},
    fmt,
    sync::{Arc, OnceLock, atomic::AtomicU64},
    time::Duration,
};

use self::entry::Store;
pub use self::{
    future::CachedFuture,
    key::{CacheKey, UriKey},
    source::CachedSource,
    watch::{WatchWrites, WatchWritesFuture},
};

/// Caches the answers of another source, in memory.
///
/// The source and its futures must be `Send` and `'static`, because the requests of several
/// connections wait for them. See the [module docs](self) for the rules, for staleness, and for who
/// may see an answer.
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
    store: Arc<Store<K::Key>>,
    /// The bound source, if it is the same for all services. Then they share questions, too.
    bound: Arc<OnceLock<Arc<dyn Any + Send + Sync>>>,
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
    /// The key must contain everything that the source's answer depends on and that the answer's
    /// `Vary` does not name. A closure is also called for requests with `Authorization`. If answers
    /// depend on the user, its result must contain the user. Implement [`CacheKey::suffices`] to
    /// exclude requests from the cache.
    ///
    /// ```
    /// use std::time::Duration;
    /// use http::request::Parts;
    /// use tower_conditional::{ready_fn, Cached, EntityTag};
    ///
    /// /// The authentication has put it into the extensions of the request.
    /// #[derive(Clone)]
    /// struct User(u64);
    ///
    /// # let source = ready_fn(|_| EntityTag::from_version(1));
    /// let key = |head: &Parts| {
    ///     (head.uri.to_string(), head.extensions.get::<User>().map(|user| user.0))
    /// };
    /// let source = Cached::with_key(source, key, 10_000, Duration::from_secs(5));
    /// ```
    pub fn with_key(source: V, key: K, capacity: u64, time_to_live: Duration) -> Self {
        Self {
            source,
            key,
            store: Arc::new(Store::new(capacity, time_to_live)),
            bound: Arc::default(),
            services: Arc::default(),
        }
    }

    /// Removes the answers for a path, because its resource was changed in a way that the layer
    /// does not see. Answers that are being looked up are not used either.
    ///
    /// `path` is the path of a request as the layer sees it, such as `/documents/7`. The answers go
    /// whatever their host, query and key are, and under all names of the path: see
    /// [Staleness](self#staleness). A query in `path` is ignored.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_conditional::{ready_fn, Cached, ConditionalLayer, EntityTag};
    ///
    /// # let source = ready_fn(|_| EntityTag::from_version(1));
    /// let cached = Cached::new(source, 10_000, Duration::from_secs(5));
    /// let layer = ConditionalLayer::new(cached.clone());
    ///
    /// // When the database reports that another process has changed document 7:
    /// cached.forget("/documents/7");
    /// ```
    pub fn forget(&self, path: &str) {
        let end = path.find(['?', '#']).unwrap_or(path.len());
        self.store.paths.forget(&path[..end]);
    }

    /// Removes all answers. Answers that are being looked up are not used either.
    pub fn clear(&self) {
        self.store.clear();
    }
}

impl<V: Clone, K: CacheKey + Clone> Clone for Cached<V, K> {
    fn clone(&self) -> Self {
        Self {
            source: self.source.clone(),
            key: self.key.clone(),
            store: Arc::clone(&self.store),
            bound: Arc::clone(&self.bound),
            services: Arc::clone(&self.services),
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
