//! A lock for each key, in memory.

use std::{
    collections::HashMap,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use async_lock::{Mutex as AsyncMutex, MutexGuardArc, futures::LockArc};
use pin_project_lite::pin_project;

// The models in `tests/interleavings` compile this file with other types of these names.
use super::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Locks keys in this process. It is what [`WriteLock::new`](super::WriteLock::new) uses.
///
/// Clones lock the same keys. A key exists only while somebody holds it or waits for it, so there
/// are never more keys than requests in progress.
///
/// Waiting is fair: newcomers cannot keep anybody waiting forever. Waiters form a queue, and a key
/// that is released goes to the first of them. A newcomer is faster only if it arrives before that
/// waiter has been polled. A waiter that has waited for half a millisecond is overtaken at most once
/// more. It then moves to the end of the queue, whose order is kept from there on (see
/// [`async_lock::Mutex`](https://docs.rs/async-lock/3/async_lock/struct.Mutex.html)).
///
/// Use it alone in code that writes without a request, such as a background job:
///
/// ```
/// use tower_conditional::lock::KeyedLock;
///
/// # tokio_test::block_on(async {
/// let lock = KeyedLock::new();
/// let guard = lock.lock(b"documents/7").await;
/// assert_eq!(lock.len(), 1);
/// drop(guard);
/// assert!(lock.is_empty());
/// # });
/// ```
#[derive(Clone, Default)]
pub struct KeyedLock {
    table: Arc<Table>,
}

#[derive(Default)]
struct Table {
    /// The hasher is keyed, because clients choose the keys. Nothing else is locked or called while
    /// it is locked.
    keys: Mutex<HashMap<Arc<[u8]>, Key>>,
}

#[derive(Default)]
struct Key {
    /// The number of tickets: of those who hold the key or wait for it.
    tickets: usize,
    // A type of `std`, whatever the table is made of: async-lock takes no other.
    mutex: std::sync::Arc<AsyncMutex<()>>,
}

impl KeyedLock {
    /// Creates a lock of which no key is held.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits until nobody else holds the key. It is held until the guard is dropped.
    ///
    /// Dropping the future gives up the place in the queue.
    pub fn lock(&self, key: &[u8]) -> KeyedLockFuture {
        let key: Arc<[u8]> = key.into();
        let mut keys = self.table.lock();
        let entry = keys.entry(Arc::clone(&key)).or_default();
        entry.tickets += 1;
        let mutex = entry.mutex.clone();
        drop(keys);
        KeyedLockFuture {
            lock: mutex.lock_arc(),
            ticket: Some(Ticket {
                key,
                table: Arc::clone(&self.table),
            }),
        }
    }

    /// Returns the number of keys that somebody holds or waits for.
    pub fn len(&self) -> usize {
        self.table.lock().len()
    }

    /// Reports whether nobody holds any key.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Table {
    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<[u8]>, Key>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the key in the table, so that all who want it wait for the same mutex.
struct Ticket {
    key: Arc<[u8]>,
    table: Arc<Table>,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut keys = self.table.lock();
        if let Some(key) = keys.get_mut(&self.key) {
            key.tickets -= 1;
            if key.tickets == 0 {
                keys.remove(&self.key);
            }
        }
    }
}

pin_project! {
    /// The future of [`KeyedLock::lock`].
    ///
    /// # Panics
    ///
    /// Panics if it is polled after it has completed.
    pub struct KeyedLockFuture {
        // Fields are dropped in order: the place in the queue goes before the key.
        #[pin]
        lock: LockArc<()>,
        ticket: Option<Ticket>,
    }
}

impl Future for KeyedLockFuture {
    type Output = KeyedGuard;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<KeyedGuard> {
        let this = self.project();
        assert!(this.ticket.is_some(), "polled after completion");
        let held = ready!(this.lock.poll(cx));
        Poll::Ready(KeyedGuard {
            _held: held,
            _ticket: this.ticket.take(),
        })
    }
}

/// Holds a key of a [`KeyedLock`] until it is dropped.
#[must_use = "the key is released when the guard is dropped"]
pub struct KeyedGuard {
    // Fields are dropped in order: the mutex is free before the key may vanish.
    _held: MutexGuardArc<()>,
    _ticket: Option<Ticket>,
}

impl fmt::Debug for KeyedLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedLock")
            .field("len", &self.len())
            .finish()
    }
}

impl fmt::Debug for KeyedLockFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedLockFuture")
    }
}

impl fmt::Debug for KeyedGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedGuard")
    }
}
