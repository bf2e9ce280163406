//! Compare-and-swap in the database.

use std::time::Duration;

use axum::Router;
use example_judge::race::counter::Counter;
use example_notes::{Store, notes};
use example_support::unguarded::unguarded;

use crate::{
    addresses, assert_nothing_is_lost_by_kill, assert_nothing_is_lost_by_restart, counted,
    database, serve, three,
};

const NOTES: &str = env!("CARGO_BIN_EXE_notes");

/// 64 clients, 10,000 increments, of a note that no other test has.
fn counter(addresses: Vec<std::net::SocketAddr>, id: u32) -> Counter {
    Counter {
        addresses,
        path: format!("/notes/{id}"),
        method: "PUT",
        template: r#"{"title":"{}","text":""}"#,
        content_type: "application/json",
        clients: 64,
        increments: 10_000,
        takes_turns: true,
        vanishing: 0,
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn three_instances_lose_no_increment() {
    let processes = three(NOTES);
    let counted = counted(&counter(addresses(&processes), 1_000_001)).await;
    counted.assert_nothing_is_lost();
    assert_eq!(counted.unknown, 0);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn with_a_check_and_then_a_write_three_instances_lose_increments() {
    let mut addresses = Vec::new();
    for _ in 0..3 {
        let store = Store::open(&database()).await.unwrap();
        store.seed().await.unwrap();
        let app = Router::new().fallback_service(notes(store, Duration::from_secs(60)));
        addresses.push(serve(unguarded(app)).await);
    }
    let counter = Counter {
        clients: 16,
        increments: 300,
        takes_turns: false,
        ..counter(addresses, 1_000_002)
    };
    counted(&counter).await.assert_updates_are_lost();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn an_instance_that_is_killed_loses_nothing() {
    let processes = three(NOTES);
    let counter = counter(addresses(&processes), 1_000_003);
    assert_nothing_is_lost_by_kill(processes, counter).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_restart_of_the_database_loses_nothing() {
    let processes = three(NOTES);
    let counter = Counter {
        vanishing: 8,
        ..counter(addresses(&processes), 1_000_004)
    };
    assert_nothing_is_lost_by_restart(counter).await;
}
