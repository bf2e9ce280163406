use std::{
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use http::request::Parts;

use super::{
    Lock,
    elsewhere::{AnyLock, Held, Unlocked, any},
    keyed::KeyedLock,
};
use crate::target::class;

/// The lock of a [`ConditionalLayer`](crate::ConditionalLayer), and how long a write waits for it.
///
/// See the [module docs](super) for what it does. Clones have the same keys.
#[derive(Clone)]
pub struct WriteLock {
    lock: Arc<dyn AnyLock>,
    key: Arc<KeyFn>,
    timeout: Option<Arc<TimeoutFn>>,
    retry_after: Duration,
    sets_validators: bool,
}

type KeyFn = dyn Fn(&Parts) -> Option<Vec<u8>> + Send + Sync;

type Timer = Pin<Box<dyn Future<Output = ()> + Send>>;

type TimeoutFn = dyn Fn() -> Timer + Send + Sync;

impl WriteLock {
    /// Creates a lock that is held in this process, by path, and has no time limit.
    ///
    /// All names of a path have one key: percent-encoding is decoded, and dot segments, empty
    /// segments and a slash at the end do not count. Scheme, host and query do not count either.
    /// Two resources may share a key, which costs time. The reverse would cost an update.
    pub fn new() -> Self {
        Self::held_by(KeyedLock::new())
    }

    /// Creates a lock that is held by `lock`.
    ///
    /// Several layers lock the same keys if they have the same [`KeyedLock`], or clones of one
    /// `WriteLock`:
    ///
    /// ```
    /// use tower_conditional::lock::{KeyedLock, WriteLock};
    ///
    /// let keys = KeyedLock::new();
    /// let lock = WriteLock::held_by(keys.clone());
    /// // A job that writes without a request locks the keys itself. See `WriteLock::path_key`.
    /// let _guard = keys.lock(&WriteLock::path_key("/documents/7"));
    /// ```
    pub fn held_by(lock: impl Lock) -> Self {
        Self {
            lock: any(lock),
            key: Arc::new(|head: &Parts| Some(Self::path_key(head.uri.path()))),
            timeout: None,
            retry_after: Duration::from_secs(1),
            sets_validators: true,
        }
    }

    /// Returns the key that a request for this path has by default.
    pub fn path_key(path: &str) -> Vec<u8> {
        class(path)
    }

    /// Sets the key of a request. A request for which the closure returns `None` is not locked.
    ///
    /// All writes to a resource must have one key. Use it where one path has several resources that
    /// must not wait for each other, where two paths name one resource, or for a POST that creates
    /// other resources:
    ///
    /// ```
    /// use http::{request::Parts, Method};
    /// use tower_conditional::lock::WriteLock;
    ///
    /// let lock = WriteLock::new().key(|head: &Parts| {
    ///     let tenant = head.headers.get("tenant").map_or(&b""[..], |it| it.as_bytes());
    ///     let path = WriteLock::path_key(head.uri.path());
    ///     (head.method != Method::POST).then(|| [tenant, &path].join(&b'\n'))
    /// });
    /// ```
    pub fn key<F, K>(mut self, key: F) -> Self
    where
        F: Fn(&Parts) -> Option<K> + Send + Sync + 'static,
        K: Into<Vec<u8>>,
    {
        self.key = Arc::new(move |head: &Parts| key(head).map(Into::into));
        self
    }

    /// Sets a time limit for waiting. A write that has waited for so long is answered 503 with
    /// `Retry-After`, and nothing is written. There is no limit by default, because this crate has
    /// no timers.
    ///
    /// The closure is called for each write that has to wait. The output of the future has no
    /// meaning. Use the timer of your runtime:
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_conditional::lock::WriteLock;
    ///
    /// let lock = WriteLock::new().timeout(|| tokio::time::sleep(Duration::from_secs(5)));
    /// ```
    pub fn timeout<F, D>(mut self, timeout: F) -> Self
    where
        F: Fn() -> D + Send + Sync + 'static,
        D: Future + Send + 'static,
    {
        self.timeout = Some(Arc::new(move || {
            let timer = timeout();
            Box::pin(async move {
                timer.await;
            })
        }));
        self
    }

    /// Sets the `Retry-After` of a 503, in whole seconds. The default is 1 second.
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.retry_after = time;
        self
    }

    /// Sets whether the response to a PUT or PATCH gets the new validators. By default it does.
    ///
    /// Turn it off if a PUT stores something else than the content that it received. Its response
    /// must then have no validators (RFC 9110 section 9.3.4): a client would take its own content
    /// for the new representation.
    pub fn set_validators(mut self, yes: bool) -> Self {
        self.sets_validators = yes;
        self
    }

    pub(crate) const fn sets_validators(&self) -> bool {
        self.sets_validators
    }

    pub(crate) const fn retry_after_seconds(&self) -> u64 {
        self.retry_after.as_secs()
    }

    /// Begins to lock the key of this request, unless the request holds a key of this lock already.
    pub(crate) fn begin(&self, head: &mut Parts) -> Option<LockFuture> {
        let id = Arc::as_ptr(&self.lock).cast::<()>() as usize;
        let holds = head.extensions.get::<Holds>();
        if holds.is_some_and(|holds| holds.0.contains(&id)) {
            return None;
        }
        let key = (self.key)(head)?;
        let mut holds = holds.cloned().unwrap_or_default();
        holds.0.push(id);
        head.extensions.insert(holds);
        Some(LockFuture {
            lock: self.lock.lock(&key),
            timeout: self.timeout.clone(),
            timer: None,
        })
    }
}

impl Default for WriteLock {
    fn default() -> Self {
        Self::new()
    }
}

/// The locks of which a request holds a key. If two layers with one lock are nested, the inner one
/// must not wait for the outer one.
#[derive(Clone, Default)]
struct Holds(Vec<usize>);

/// Why a lock is not held.
pub(crate) enum NotHeld {
    TimedOut,
    Failed(Box<dyn Error + Send + Sync>),
}

/// Waits for a lock, or for the time limit.
pub(crate) struct LockFuture {
    lock: Unlocked,
    timeout: Option<Arc<TimeoutFn>>,
    /// Never locked: it makes the future `Sync`.
    timer: Option<Mutex<Timer>>,
}

impl LockFuture {
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Held, NotHeld>> {
        if let Poll::Ready(held) = self.lock.poll(cx) {
            return Poll::Ready(held.map_err(NotHeld::Failed));
        }
        if let Some(timeout) = self.timeout.take() {
            self.timer = Some(Mutex::new(timeout()));
        }
        let Some(timer) = &mut self.timer else {
            return Poll::Pending;
        };
        let timer = timer.get_mut().unwrap_or_else(PoisonError::into_inner);
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(Err(NotHeld::TimedOut))
    }
}

impl fmt::Debug for WriteLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteLock")
            .field("timeout", &self.timeout.is_some())
            .field("retry_after", &self.retry_after)
            .field("sets_validators", &self.sets_validators)
            .finish_non_exhaustive()
    }
}
