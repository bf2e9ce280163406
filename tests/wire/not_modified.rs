//! 304 on the wire: no content, and no fields that frame or describe content.

use crate::support::{LAST_MODIFIED, Server};

const LAST: &str = "GET /none HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn has_the_fields_of_the_representation_and_no_content() {
    let server = Server::start().await;
    for method in ["GET", "HEAD"] {
        let mut replies = server
            .exchange(format!(
                "{method} /tag HTTP/1.1\r\nhost: a\r\nif-none-match: \"1\"\r\n\r\n{LAST}"
            ))
            .await;
        let reply = replies.next(0);
        assert_eq!(reply.status_line(), "HTTP/1.1 304 Not Modified");
        assert_eq!(
            reply.fields_but_date(),
            ["cache-control: no-cache", "etag: \"1\"", "vary: accept"],
        );
        // If there were any content, the client would read it as the next response.
        assert_eq!(replies.next_delimited().status_line(), "HTTP/1.1 200 OK");
        replies.end();
    }
    assert_eq!(
        server.handler.calls(),
        2,
        "the last request of each connection"
    );
}

#[tokio::test]
async fn has_the_date_where_there_is_no_tag() {
    let server = Server::start().await;
    let mut replies = server
        .exchange(format!(
            "GET /date HTTP/1.1\r\nhost: a\r\nif-modified-since: {LAST_MODIFIED}\r\n\r\n{LAST}"
        ))
        .await;
    let reply = replies.next(0);
    assert_eq!(reply.status_line(), "HTTP/1.1 304 Not Modified");
    assert_eq!(
        reply.fields_but_date(),
        [format!("last-modified: {LAST_MODIFIED}")]
    );
    assert_eq!(replies.next_delimited().status_line(), "HTTP/1.1 200 OK");
    replies.end();
}

#[tokio::test]
async fn a_connection_is_of_use_after_many_of_them() {
    let server = Server::start().await;
    let get = "GET /tag HTTP/1.1\r\nhost: a\r\nif-none-match: \"1\"\r\n\r\n";
    let mut replies = server.exchange(get.repeat(20) + LAST).await;
    for _ in 0..20 {
        assert_eq!(replies.next(0).status_line(), "HTTP/1.1 304 Not Modified");
    }
    assert_eq!(replies.next_delimited().content, b"content");
    replies.end();
}

#[tokio::test]
async fn the_200_has_the_same_fields() {
    let server = Server::start().await;
    let get = "GET /tag HTTP/1.1\r\nhost: a\r\nif-none-match: \"0\"\r\n";
    let mut replies = server
        .exchange(format!("{get}connection: close\r\n\r\n"))
        .await;
    let reply = replies.next_delimited();
    assert_eq!(reply.status_line(), "HTTP/1.1 200 OK");
    for (name, value) in [
        ("etag", "\"1\""),
        ("cache-control", "no-cache"),
        ("vary", "accept"),
    ] {
        assert_eq!(reply.field(name).unwrap(), value.as_bytes());
    }
    assert_eq!(reply.content, b"content");
}

#[tokio::test]
async fn http_1_0_gets_one_too() {
    let server = Server::start().await;
    let mut replies = server
        .exchange("GET /tag HTTP/1.0\r\nif-none-match: \"1\"\r\n\r\n")
        .await;
    assert_eq!(replies.next(0).status_line(), "HTTP/1.0 304 Not Modified");
    replies.end();
}
