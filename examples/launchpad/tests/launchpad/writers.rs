//! Many writers at once.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{get_bug, patch, post_message, start, tag_in};

const WRITERS: usize = 16;

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_with_one_tag_one_wins() {
    let server = Arc::new(start().await);
    let etag = tag_in(&get_bug(&server).await).to_owned();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (server, etag) = (Arc::clone(&server), etag.clone());
        writers.spawn(async move {
            let document = format!(r#"{{"title": "Writer {writer}'s"}}"#);
            let response = patch(&server, &document, &[&etag]).await;
            (response.status_line.clone(), document)
        });
    }
    let (mut won, mut refused) = (Vec::new(), 0);
    for (status, document) in writers.join_all().await {
        match status.as_str() {
            "HTTP/1.1 209 Content Returned" => won.push(document),
            "HTTP/1.1 412 Precondition Failed" => refused += 1,
            _ => panic!("{status}"),
        }
    }
    assert_eq!((won.len(), refused), (1, WRITERS - 1));
    let bug = get_bug(&server).await;
    assert_eq!(won, [format!(r#"{{"title": {}}}"#, bug["title"])]);
}

/// Each writer adds its own tag to the bug's list, and reads again until it has succeeded. Messages
/// come in between, and refuse nobody.
#[tokio::test(flavor = "multi_thread")]
async fn no_update_is_lost() {
    let server = Arc::new(start().await);
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let server = Arc::clone(&server);
        writers.spawn(async move {
            post_message(&server).await.expect(201);
            loop {
                let bug = get_bug(&server).await;
                let mut tags = bug["tags"].as_array().unwrap().clone();
                tags.push(format!("writer-{writer}").into());
                let document = serde_json::json!({ "tags": tags }).to_string();
                let response = patch(&server, &document, &[tag_in(&bug)]).await;
                if response.status_line.contains(" 209 ") {
                    break;
                }
                response.expect(412);
            }
        });
    }
    writers.join_all().await;
    let bug = get_bug(&server).await;
    assert_eq!(bug["tags"].as_array().unwrap().len(), WRITERS);
    assert_eq!(bug["message_count"], 1 + WRITERS);
}
