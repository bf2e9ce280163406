//! The trait of a lock, and its form without type parameters.

use std::{
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use http::Extensions;
use pin_project_lite::pin_project;

use super::keyed::{KeyedGuard, KeyedLock, KeyedLockFuture};

/// A lock that has a key for each resource, and can be held anywhere: in this process, in a
/// database, in a service for locks.
///
/// [`KeyedLock`] holds it in this process. `examples/notes` has one that holds it in PostgreSQL, so
/// that several processes share it.
///
/// # Rules for implementations
///
/// - Until the guard is dropped, [`lock`](Self::lock) completes for no other caller with this key,
///   in any process that shares the lock. If that cannot be known, it is an error.
/// - Dropping the future releases what it has acquired, and its place in a queue. So does dropping
///   the guard. Either happens when a client goes away or a handler panics.
/// - A lock elsewhere can be lost while it is held, because the connection to it breaks. The handler
///   must then not be able to write any more. Let it write through the connection that holds the
///   lock: [`share`](Self::share) is for that. Otherwise repeat the check where it writes, see
///   [`Outcome`](crate::Outcome).
///
/// ```
/// use std::{future::Future, io, pin::Pin};
/// use tower_conditional::{lock::{Lock, WriteLock}, ready_fn, ConditionalLayer, EntityTag};
///
/// struct Remote;
/// struct Lease; // gives the key back when it is dropped
///
/// impl Lock for Remote {
///     type Guard = Lease;
///     type Error = io::Error;
///     type Future = Pin<Box<dyn Future<Output = io::Result<Lease>> + Send>>;
///
///     fn lock(&self, key: &[u8]) -> Self::Future {
///         let _key = key.to_owned();
///         Box::pin(async move { Ok(Lease) })
///     }
/// }
///
/// # let source = ready_fn(|_| EntityTag::from_version(7));
/// let layer = ConditionalLayer::new(source).lock(WriteLock::held_by(Remote));
/// ```
pub trait Lock: Send + Sync + 'static {
    /// Releases the key when it is dropped.
    type Guard: Send + 'static;
    /// Why a key could not be locked.
    type Error: Into<Box<dyn Error + Send + Sync>>;
    /// Waits until the key is free.
    type Future: Future<Output = Result<Self::Guard, Self::Error>> + Send + 'static;

    /// Locks a key.
    fn lock(&self, key: &[u8]) -> Self::Future;

    /// Puts what the handler needs of the guard into the extensions of its request, such as the
    /// connection that holds the lock. By default nothing.
    fn share(guard: &Self::Guard, extensions: &mut Extensions) {
        let _ = (guard, extensions);
    }
}

impl Lock for KeyedLock {
    type Guard = KeyedGuard;
    type Error = std::convert::Infallible;
    type Future = InfallibleFuture<KeyedLockFuture>;

    fn lock(&self, key: &[u8]) -> Self::Future {
        InfallibleFuture {
            future: KeyedLock::lock(self, key),
        }
    }
}

pin_project! {
    /// Turns the output of another future into a result.
    pub struct InfallibleFuture<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for InfallibleFuture<F> {
    type Output = Result<F::Output, std::convert::Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().future.poll(cx).map(Ok)
    }
}

/// A [`Lock`] of any type.
pub(super) trait AnyLock: Send + Sync {
    fn lock(&self, key: &[u8]) -> Unlocked;
}

impl<L: Lock> AnyLock for L {
    fn lock(&self, key: &[u8]) -> Unlocked {
        let future = Lock::lock(self, key);
        Unlocked(Mutex::new(Box::pin(Locking::<L> { future })))
    }
}

type Locked = Result<Held, Box<dyn Error + Send + Sync>>;

/// Waits for a lock of any type. The mutex is never locked: it makes the future `Sync`.
pub(super) struct Unlocked(Mutex<Pin<Box<dyn Future<Output = Locked> + Send>>>);

impl Unlocked {
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Locked> {
        let future = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        future.as_mut().poll(cx)
    }
}

pin_project! {
    struct Locking<L: Lock> {
        #[pin]
        future: L::Future,
    }
}

impl<L: Lock> Future for Locking<L> {
    type Output = Locked;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Locked> {
        let guard = ready!(self.project().future.poll(cx)).map_err(Into::into)?;
        let mut extensions = Extensions::new();
        L::share(&guard, &mut extensions);
        let guard = Mutex::new(Box::new(guard) as Box<dyn Send>);
        Poll::Ready(Ok(Held { guard, extensions }))
    }
}

/// A lock that is held until this is dropped, and what its guard shares with the handler.
pub(crate) struct Held {
    /// Never locked, see [`Unlocked`].
    #[allow(dead_code)]
    guard: Mutex<Box<dyn Send>>,
    pub(crate) extensions: Extensions,
}

pub(super) fn any(lock: impl Lock) -> Arc<dyn AnyLock> {
    Arc::new(lock)
}

impl<F> fmt::Debug for InfallibleFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InfallibleFuture")
    }
}
