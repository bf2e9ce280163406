//! A lock that several processes share: advisory locks of PostgreSQL.

use std::{future::Future, pin::Pin, sync::Arc};

use http::Extensions;
use sqlx::{PgPool, Postgres, pool::PoolConnection};
use tokio::sync::{Mutex, MutexGuard};
use tower_conditional::lock::{KeyedGuard, KeyedLock, Lock};

/// Holds the key of a write in PostgreSQL, by a connection for each.
///
/// The pool must be one of its own: a request that waits for a lock keeps a connection, and the one
/// that it waits for may need one to end. In this process a key waits in memory first, so that it
/// never takes more than one connection.
///
/// If the connection breaks, PostgreSQL gives the key to somebody else. So a handler writes through
/// [`LockedConnection`]: then a write without the lock is not possible.
#[derive(Clone, Debug)]
pub struct PgAdvisoryLock {
    pool: PgPool,
    here: KeyedLock,
}

impl PgAdvisoryLock {
    pub fn new(pool: PgPool) -> Self {
        Self {
            pool,
            here: KeyedLock::new(),
        }
    }
}

impl Lock for PgAdvisoryLock {
    type Guard = LockedConnection;
    type Error = sqlx::Error;
    type Future = Pin<Box<dyn Future<Output = Result<LockedConnection, sqlx::Error>> + Send>>;

    fn lock(&self, key: &[u8]) -> Self::Future {
        let (pool, here) = (self.pool.clone(), self.here.lock(key));
        // Any text is hashed, and two keys with one hash wait for each other.
        let key = key.escape_ascii().to_string();
        Box::pin(async move {
            let here = here.await;
            // From here on a cancellation unlocks what it may have locked.
            let guard = LockedConnection(Arc::new(Held {
                connection: Mutex::new(Some(pool.acquire().await?)),
                _here: here,
            }));
            if let Some(connection) = &mut *guard.get().await {
                let lock = "SELECT pg_advisory_lock(hashtextextended($1, 0))";
                sqlx::query(lock)
                    .bind(key)
                    .execute(&mut **connection)
                    .await?;
            }
            Ok(guard)
        })
    }

    fn share(guard: &LockedConnection, extensions: &mut Extensions) {
        extensions.insert(guard.clone());
    }
}

/// The connection that holds the lock, until its last clone is dropped.
#[derive(Clone, Debug)]
pub struct LockedConnection(Arc<Held>);

#[derive(Debug)]
struct Held {
    connection: Mutex<Option<PoolConnection<Postgres>>>,
    _here: KeyedGuard,
}

impl LockedConnection {
    /// Returns the connection. It is `Some` until this is dropped.
    pub async fn get(&self) -> MutexGuard<'_, Option<PoolConnection<Postgres>>> {
        self.0.connection.lock().await
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.get_mut().take() else {
            return;
        };
        // A statement that was cancelled may still run. The server ends it before it unlocks.
        tokio::spawn(async move {
            let unlock = sqlx::query("SELECT pg_advisory_unlock_all()");
            if unlock.execute(&mut *connection).await.is_err() {
                // Closes the connection, which releases all of its locks.
                drop(connection.detach());
            }
        });
    }
}
