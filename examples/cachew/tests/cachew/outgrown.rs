//! Two processes on one store: where one machine is no longer enough.

use example_cachew::client::Client;
use tokio::task::JoinSet;

use crate::{
    backend::{Directory, bucket, options},
    process::{Process, terminate},
    writers::{WRITERS, add_line, numbers, race},
};

#[tokio::test]
#[ignore = "needs the example's process, and an S3 server"]
async fn two_processes_on_one_bucket_have_one_winner_a_race() {
    let endpoint = std::env::var("CACHEW_TEST_S3").expect("the URL of an S3 server");
    let bucket = bucket(&endpoint).await;
    two_processes(&format!("s3://{bucket}/prefix"), &options(&endpoint)).await;
}

#[tokio::test]
#[ignore = "needs the example's process"]
async fn two_processes_on_one_disk_have_one_winner_a_race() {
    let directory = Directory::new("outgrown");
    two_processes(&directory.url(), &[]).await;
}

async fn two_processes(store: &str, environment: &[(&str, &str)]) {
    let processes = [(); 2].map(|()| Process::start(store, environment));
    let clients = [&processes[0], &processes[1]].map(|it| Client::new(&it.url).unwrap());

    for round in 0..10 {
        let key = format!("round-{round}");
        let created = race(&clients, &key, "create", None).await;
        let updated = race(&clients, &key, "update", Some(&created)).await;
        assert_ne!(created, updated);
        // Both know the winner.
        for client in &clients {
            assert_eq!(client.stat(&key, []).await.unwrap()["etag"], *updated);
        }
    }

    // Half of the writers at each process.
    let empty = clients[0].create("lines", Default::default(), "", []);
    empty.await.unwrap();
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        writers.spawn(add_line(clients[number % 2].clone(), number));
    }
    writers.join_all().await;
    for client in &clients {
        let opened = client.open("lines", []).await.unwrap();
        let content = opened.bytes().await.unwrap();
        assert_eq!(numbers(&content), (0..WRITERS).collect::<Vec<_>>());
    }

    // One machine less, and nothing is missing.
    let [first, second] = processes;
    terminate(first);
    let opened = clients[1].open("lines", []).await.unwrap();
    assert!(!opened.bytes().await.unwrap().is_empty());
    terminate(second);
}
