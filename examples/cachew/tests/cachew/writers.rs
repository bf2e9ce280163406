//! Sixteen writers at once.

use std::time::Duration;

use axum::http::HeaderMap;
use example_cachew::client::{Client, Error, if_match, if_none_match};
use tokio::{task::JoinSet, time::sleep};

use crate::backend::Backend;

pub(crate) const WRITERS: usize = 16;

const PAUSE: Duration = Duration::from_millis(60);

/// Each to a service of its own on the same store.
pub(crate) async fn with_one_tag_have_one_winner(backend: &Backend) {
    let mut services = Vec::new();
    for _ in 0..WRITERS {
        services.push(backend.connect().await);
    }
    let clients: Vec<_> = services
        .iter()
        .map(|service| Client::clone(service))
        .collect();
    let created = race(&clients, "winner", "create", None).await;
    race(&clients, "winner", "update", Some(&created)).await;
}

/// Returns the tag that the winner got. It is also the one of the entry, and of all refusals.
pub(crate) async fn race(clients: &[Client], key: &str, what: &str, tag: Option<&str>) -> String {
    let mut writers = JoinSet::new();
    for (number, client) in clients.iter().enumerate() {
        let (client, key) = (client.clone(), key.to_owned());
        let guard = match tag {
            Some(tag) => if_match(tag.to_owned()),
            None => if_none_match("*"),
        };
        let content = format!("{what} {number}");
        writers.spawn(async move {
            let created = client.create(&key, HeaderMap::new(), content.clone(), [guard]);
            (content, created.await)
        });
    }
    let (mut won, mut refused) = (Vec::new(), Vec::new());
    for (content, outcome) in writers.join_all().await {
        match outcome {
            Ok(headers) => won.push((content, headers["etag"].to_str().unwrap().to_owned())),
            Err(error @ Error::PreconditionFailed(_)) => {
                refused.push(error.etag().unwrap().to_string());
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((won.len(), refused.len()), (1, clients.len() - 1));
    let (content, tag) = won.pop().unwrap();
    let opened = clients[0].open(key, []).await.unwrap();
    assert_eq!(opened.headers()["etag"], *tag);
    assert!(refused.iter().all(|refused| *refused == tag));
    assert_eq!(opened.bytes().await.unwrap(), content);
    tag
}

/// Each adds a line to what it has read, and reads again if another one was faster.
pub(crate) async fn lose_no_update(backend: &Backend) {
    let client = backend.connect().await;
    client
        .create("lines", HeaderMap::new(), "", [])
        .await
        .unwrap();
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        writers.spawn(add_line(Client::clone(&client), number));
    }
    writers.join_all().await;
    let opened = client.open("lines", []).await.unwrap();
    let content = opened.bytes().await.unwrap();
    assert_eq!(numbers(&content), (0..WRITERS).collect::<Vec<_>>());
}

pub(crate) async fn add_line(client: Client, number: usize) {
    loop {
        let opened = client.open("lines", []).await.unwrap();
        let tag = opened.etag().unwrap();
        let mut content = opened.bytes().await.unwrap().to_vec();
        content.extend(format!("{number}\n").into_bytes());
        let created = client.create("lines", HeaderMap::new(), content, [if_match(tag)]);
        match created.await {
            Ok(_) => break,
            // Not all at once again.
            Err(Error::PreconditionFailed(_)) => sleep(number as u32 * PAUSE).await,
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// The numbers in the lines, in order.
pub(crate) fn numbers(content: &[u8]) -> Vec<usize> {
    let text = std::str::from_utf8(content).unwrap();
    let mut numbers: Vec<usize> = text.lines().map(|line| line.parse().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}
