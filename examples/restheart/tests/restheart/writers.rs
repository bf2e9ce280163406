//! Many writers at once.

use std::{future::Future, sync::Arc};

use example_support::scenario::{Response, Server};
use tokio::task::JoinSet;

use super::{DOC, get, object_id, put, put_if_match, with_doc};

const WRITERS: usize = 16;

/// Lets all writers write, and asserts that one has won; its number and its response.
async fn one_wins<F>(
    server: &Arc<Server>,
    write: impl Fn(Arc<Server>, usize) -> F,
    [won, refused]: [u16; 2],
) -> (usize, Response)
where
    F: Future<Output = Response> + Send + 'static,
{
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let response = write(Arc::clone(server), writer);
        writers.spawn(async move { (writer, response.await) });
    }
    let mut winners = Vec::new();
    for (writer, response) in writers.join_all().await {
        if response.status_line.contains(&format!(" {won} ")) {
            winners.push((writer, response));
        } else {
            response.expect(refused);
        }
    }
    assert_eq!(winners.len(), 1);
    winners.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_with_one_tag_one_wins() {
    let server = Arc::new(with_doc().await);
    let tag = object_id(&get(&server, DOC).await);
    let write = |server: Arc<Server>, writer| {
        let tag = tag.clone();
        async move { put_if_match(&server, DOC, &tag, &format!(r#"{{"by": {writer}}}"#)).await }
    };
    let (winner, response) = one_wins(&server, write, [200, 412]).await;
    let found = get(&server, DOC).await;
    assert_eq!(found.json()["by"], winner);
    assert_eq!(object_id(&found), object_id(&response));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_creators_with_a_random_tag_one_wins() {
    let server = Arc::new(with_doc().await);
    const NEW: &str = "/test/coll/new?checkEtag";
    let write = |server: Arc<Server>, writer| async move {
        put_if_match(&server, NEW, "x", &format!(r#"{{"by": {writer}}}"#)).await
    };
    let (winner, _) = one_wins(&server, write, [201, 412]).await;
    assert_eq!(get(&server, "/test/coll/new").await.json()["by"], winner);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_update_is_lost() {
    let server = Arc::new(with_doc().await);
    put(&server, DOC, r#"{"count": 0}"#).await.expect(200);
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let server = Arc::clone(&server);
        writers.spawn(async move {
            loop {
                let found = get(&server, DOC).await.expect(200);
                let count = found.json()["count"].as_u64().unwrap() + 1;
                let content = format!(r#"{{"count": {count}}}"#);
                let response = put_if_match(&server, DOC, &object_id(&found), &content).await;
                if response.status_line.contains(" 200 ") {
                    break;
                }
                response.expect(412);
            }
        });
    }
    writers.join_all().await;
    assert_eq!(get(&server, DOC).await.json()["count"], WRITERS);
}
