//! Several processes on one PostgreSQL, with writers spread over them.
//!
//! `NOTES_TEST_POSTGRES` is the URL of a database, and `NOTES_TEST_POSTGRES_RESTART` a command that
//! restarts its server.

mod locked;
mod notes;

use std::{
    net::SocketAddr,
    process::Command,
    time::{Duration, Instant},
};

use axum::Router;
use example_judge::race::{
    counter::{Counted, Counter, count},
    history::Event,
};
use example_support::process::Process;
use tokio::{net::TcpListener, task::spawn_blocking, time::sleep};

fn database() -> String {
    std::env::var("NOTES_TEST_POSTGRES").expect("the URL of a PostgreSQL database")
}

fn three(program: &str) -> Vec<Process> {
    let start = |_| Process::start(program, &["--database", &database()]);
    (0..3).map(start).collect()
}

fn addresses(processes: &[Process]) -> Vec<SocketAddr> {
    processes.iter().map(|process| process.address).collect()
}

async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn counted(counter: &Counter) -> Counted {
    let counted = count(counter).await;
    println!("{}", counted.line(counter));
    counted
}

/// Clients that do not wait for each other: whenever it is, several writes are in progress.
fn busy(counter: Counter, increments: u64) -> Counter {
    Counter {
        clients: 16,
        increments,
        takes_turns: false,
        ..counter
    }
}

/// Kills one of the instances while writers run. The others go on.
async fn assert_nothing_is_lost_by_kill(mut processes: Vec<Process>, counter: Counter) {
    let counter = busy(counter, 600);
    let counting = tokio::spawn(async move { counted(&counter).await });
    sleep(Duration::from_millis(500)).await;
    assert!(!counting.is_finished(), "too early");
    let killed = processes.pop().unwrap();
    let (status, _) = spawn_blocking(move || killed.stop("KILL")).await.unwrap();
    assert!(!status.success());
    let counted = counting.await.unwrap();
    counted.assert_nothing_is_lost();
}

/// Restarts the server of the database while writers run, and again and again: it may be that no
/// statement is in progress just then.
async fn assert_nothing_is_lost_by_restart(counter: Counter) {
    let counter = busy(counter, 1_500);
    let counting = tokio::spawn(async move { counted(&counter).await });
    for _ in 0..3 {
        sleep(Duration::from_millis(700)).await;
        assert!(!counting.is_finished(), "too early");
        let began = Instant::now();
        let restart = std::env::var("NOTES_TEST_POSTGRES_RESTART").expect("a command");
        let restarted = spawn_blocking(move || Command::new("sh").args(["-c", &restart]).status());
        assert!(restarted.await.unwrap().unwrap().success());
        assert!(
            !counting.is_finished(),
            "no longer than {:?}",
            began.elapsed()
        );
    }
    let counted = counting.await.unwrap();
    counted.assert_nothing_is_lost();
    let failed = |event: &&Event| event.status.is_none_or(|status| status >= 500);
    let failures = counted.history.events.iter().filter(failed).count();
    println!("{failures} requests failed");
    assert!(failures > 0, "some were in progress");
}
