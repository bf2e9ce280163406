//! 412, 428 and 503 on the wire.

use serde_json::Value;

use crate::support::{Reply, Server};

const LAST: &str = "GET /none HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

/// Sends a request that is refused, and another one on the same connection.
async fn refused(head: &str) -> Reply {
    let server = Server::start().await;
    let mut replies = server
        .exchange(format!("{head}host: a\r\n\r\n{LAST}"))
        .await;
    let reply = if head.starts_with("HEAD ") {
        replies.next(0)
    } else {
        replies.next_delimited()
    };
    assert_eq!(replies.next_delimited().status_line(), "HTTP/1.1 200 OK");
    replies.end();
    assert_eq!(server.handler.calls(), 1, "only the other request");
    reply
}

#[track_caller]
fn is_problem(reply: &Reply, status: u16, fields: &[&str]) {
    let length = format!("content-length: {}", reply.content.len());
    let mut expected = vec![length.as_str(), "content-type: application/problem+json"];
    expected.extend(fields);
    expected.sort_unstable();
    assert_eq!(reply.fields_but_date(), expected);
    let problem: Value = serde_json::from_slice(&reply.content).unwrap();
    assert_eq!(problem["status"], status);
}

#[tokio::test]
async fn precondition_failed() {
    for head in [
        "PUT /tag HTTP/1.1\r\nif-match: \"0\"\r\ncontent-length: 0\r\n",
        "DELETE /tag HTTP/1.1\r\nif-match: \"0\"\r\n",
        "POST /tag HTTP/1.1\r\nif-none-match: *\r\ncontent-length: 0\r\n",
        "GET /tag HTTP/1.1\r\nif-match: \"0\"\r\n",
    ] {
        let reply = refused(head).await;
        assert_eq!(reply.status_line(), "HTTP/1.1 412 Precondition Failed");
        is_problem(&reply, 412, &["etag: \"1\""]);
    }
}

#[tokio::test]
async fn precondition_failed_where_there_is_nothing() {
    let reply = refused("PUT /none HTTP/1.1\r\nif-match: *\r\ncontent-length: 0\r\n").await;
    is_problem(&reply, 412, &[]);
}

#[tokio::test]
async fn precondition_required() {
    let reply = refused("PUT /tag HTTP/1.1\r\ncontent-length: 0\r\n").await;
    assert_eq!(reply.status_line(), "HTTP/1.1 428 Precondition Required");
    is_problem(&reply, 428, &["cache-control: no-store", "etag: \"1\""]);
}

#[tokio::test]
async fn undecidable() {
    let reply = refused("PUT /unknown HTTP/1.1\r\nif-match: *\r\ncontent-length: 0\r\n").await;
    assert_eq!(reply.status_line(), "HTTP/1.1 503 Service Unavailable");
    is_problem(&reply, 503, &["cache-control: no-store"]);
}

#[tokio::test]
async fn head_gets_the_head_of_it() {
    let get = refused("GET /tag HTTP/1.1\r\nif-match: \"0\"\r\n").await;
    let head = refused("HEAD /tag HTTP/1.1\r\nif-match: \"0\"\r\n").await;
    assert_eq!(head.status_line(), "HTTP/1.1 412 Precondition Failed");
    assert_eq!(head.fields_but_date(), get.fields_but_date());
}

// The server skips a small body, so that the connection can be used again.
#[tokio::test]
async fn a_small_body_does_not_get_in_the_way() {
    let server = Server::start().await;
    let put = "PUT /tag HTTP/1.1\r\nhost: a\r\nif-match: \"0\"\r\ncontent-length: 4\r\n\r\nsent";
    let mut replies = server.exchange(format!("{put}{LAST}")).await;
    let status = replies.next_delimited().status_line();
    assert_eq!(status, "HTTP/1.1 412 Precondition Failed");
    assert_eq!(replies.next_delimited().status_line(), "HTTP/1.1 200 OK");
    replies.end();
    assert_eq!(server.handler.bytes(), 0);
}
