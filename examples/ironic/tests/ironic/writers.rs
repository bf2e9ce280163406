//! Many writers at once.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{NODE, get, patch_if_match, start, tag};

const WRITERS: usize = 16;

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_with_one_tag_one_wins() {
    let server = Arc::new(start().await);
    let current = tag(&get(&server, NODE).await);
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (server, current) = (Arc::clone(&server), current.clone());
        writers.spawn(async move {
            let patch = format!(r#"[{{"op": "add", "path": "/extra/by", "value": {writer}}}]"#);
            (
                writer,
                patch_if_match(&server, NODE, &current, &patch).await,
            )
        });
    }
    let mut winners = Vec::new();
    for (writer, response) in writers.join_all().await {
        if response.status_line.contains(" 200 ") {
            winners.push((writer, tag(&response)));
        } else {
            response.expect(412);
        }
    }
    let found = get(&server, NODE).await;
    let by = found.json()["extra"]["by"].as_u64().unwrap() as usize;
    assert_eq!(winners, [(by, tag(&found))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_update_is_lost() {
    let server = Arc::new(start().await);
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let server = Arc::clone(&server);
        writers.spawn(async move {
            loop {
                let read = get(&server, NODE).await.expect(200);
                let count = read.json()["extra"]["count"].as_u64().unwrap_or(0) + 1;
                let patch =
                    format!(r#"[{{"op": "add", "path": "/extra/count", "value": {count}}}]"#);
                let response = patch_if_match(&server, NODE, &tag(&read), &patch).await;
                if response.status_line.contains(" 200 ") {
                    break;
                }
                response.expect(412);
            }
        });
    }
    writers.join_all().await;
    assert_eq!(get(&server, NODE).await.json()["extra"]["count"], WRITERS);
}
