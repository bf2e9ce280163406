//! The lock elsewhere: handlers that just write, in several processes.

use std::{net::SocketAddr, time::Duration};

use example_judge::race::counter::Counter;
use example_notes::{PgAdvisoryLock, shared};
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::time::{sleep, timeout};
use tower_conditional::lock::{Lock, WriteLock};

use crate::{
    addresses, assert_nothing_is_lost_by_kill, assert_nothing_is_lost_by_restart, counted,
    database, serve, three,
};

const SHARED: &str = env!("CARGO_BIN_EXE_shared");

fn counter(addresses: Vec<SocketAddr>, name: &str) -> Counter {
    Counter {
        addresses,
        path: format!("/texts/{name}"),
        method: "PUT",
        template: "{}\n",
        content_type: "text/plain",
        clients: 64,
        increments: 2_000,
        takes_turns: true,
        vanishing: 8,
    }
}

async fn pool() -> PgPool {
    let url = database();
    let pool = PgPoolOptions::new().max_connections(4).connect(&url);
    pool.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn under_an_advisory_lock_three_processes_lose_no_increment() {
    let processes = three(SHARED);
    let counted = counted(&counter(addresses(&processes), "shared")).await;
    counted.assert_nothing_is_lost();
    assert_eq!(counted.unknown, 0);
}

/// A lock of one process says nothing to the others.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn under_a_lock_of_each_process_increments_are_lost() {
    let mut addresses = Vec::new();
    for _ in 0..3 {
        let data = pool().await;
        shared::create_table(&data).await.unwrap();
        addresses.push(serve(shared::texts(data, WriteLock::new())).await);
    }
    let counter = Counter {
        clients: 16,
        increments: 300,
        takes_turns: false,
        vanishing: 0,
        ..counter(addresses, "apart")
    };
    counted(&counter).await.assert_updates_are_lost();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_process_that_is_killed_loses_nothing() {
    let processes = three(SHARED);
    let counter = counter(addresses(&processes), "killed");
    assert_nothing_is_lost_by_kill(processes, counter).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_restart_of_the_server_loses_nothing() {
    let processes = three(SHARED);
    let counter = counter(addresses(&processes), "restarted");
    assert_nothing_is_lost_by_restart(counter).await;
}

/// Two locks are those of two processes.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn the_lock_is_released_whatever_becomes_of_it() {
    const SOON: Duration = Duration::from_millis(200);
    const SURELY: Duration = Duration::from_secs(10);
    let (here, there) = (
        PgAdvisoryLock::new(pool().await),
        PgAdvisoryLock::new(pool().await),
    );
    let held = here.lock(b"key").await.unwrap();
    there.lock(b"another").await.unwrap();
    assert!(
        timeout(SOON, there.lock(b"key")).await.is_err(),
        "it is held"
    );

    // The one that was cancelled is in the queue of the server, and does not keep the key.
    drop(held);
    let held = timeout(SURELY, there.lock(b"key")).await.unwrap().unwrap();
    // A statement that is cancelled is still under the lock.
    let slow = async {
        let mut connection = held.get().await;
        let connection = connection.as_mut().unwrap();
        sqlx::query("SELECT pg_sleep(0.5)")
            .execute(&mut **connection)
            .await
            .unwrap();
    };
    assert!(timeout(Duration::from_millis(100), slow).await.is_err());
    drop(held);
    assert!(
        timeout(SOON, here.lock(b"key")).await.is_err(),
        "the statement runs"
    );
    let held = timeout(SURELY, here.lock(b"key")).await.unwrap().unwrap();

    // The server takes it away, and then nothing can be written through it.
    let pool = pool().await;
    sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        .execute(&pool)
        .await
        .unwrap();
    sleep(SOON).await;
    let other = timeout(SURELY, there.lock(b"key")).await.unwrap().unwrap();
    let mut connection = held.get().await;
    let lost = connection.as_mut().unwrap();
    assert!(sqlx::query("SELECT 1").execute(&mut **lost).await.is_err());
    drop(connection);
    drop((held, other));
    timeout(SURELY, here.lock(b"key")).await.unwrap().unwrap();
}
