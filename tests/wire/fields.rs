//! Fields as they arrive on the wire: repeated lines, obs-text, whitespace.

use crate::support::{Reply, Server};

async fn send(head: &[u8]) -> Reply {
    let server = Server::start().await;
    let end: &[u8] = b"host: a\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let mut replies = server.exchange([head, end].concat()).await;
    replies.next(0)
}

async fn status(head: &[u8]) -> String {
    let line = send(head).await.status_line();
    line["HTTP/1.1 ".len()..][..3].to_owned()
}

#[tokio::test]
async fn every_line_of_a_repeated_field_counts() {
    let get: &[u8] = b"GET /tag HTTP/1.1\r\nif-none-match: \"0\"\r\nIf-None-Match: ";
    assert_eq!(status(&[get, b"\"1\"\r\n"].concat()).await, "304");
    assert_eq!(
        status(&[get, b"W/\"2\", W/\"1\"\r\n"].concat()).await,
        "304"
    );
    assert_eq!(status(&[get, b"\"2\"\r\n"].concat()).await, "200");

    let put: &[u8] = b"PUT /tag HTTP/1.1\r\nif-match: \"0\"\r\nIF-MATCH: ";
    assert_eq!(status(&[put, b"\"1\"\r\n"].concat()).await, "200");
    assert_eq!(status(&[put, b"\"2\"\r\n"].concat()).await, "412");
}

#[tokio::test]
async fn an_empty_line_is_still_a_field() {
    assert_eq!(status(b"PUT /tag HTTP/1.1\r\nif-match:\r\n").await, "412");
    assert_eq!(
        status(b"PUT /tag HTTP/1.1\r\nif-match: \r\nif-match: \"1\"\r\n").await,
        "200"
    );
    assert_eq!(
        status(b"GET /tag HTTP/1.1\r\nif-none-match:\r\n").await,
        "200"
    );
}

#[tokio::test]
async fn obs_text_is_compared_byte_by_byte_and_sent_back() {
    let get = send(b"GET /obs-text HTTP/1.1\r\n").await;
    assert_eq!(get.field("etag").unwrap(), b"\"caf\xE9\"");

    let matching = send(b"GET /obs-text HTTP/1.1\r\nif-none-match: \"x\", \"caf\xE9\"\r\n").await;
    assert_eq!(matching.status_line(), "HTTP/1.1 304 Not Modified");
    assert_eq!(matching.field("etag").unwrap(), b"\"caf\xE9\"");

    assert_eq!(
        status(b"PUT /obs-text HTTP/1.1\r\nif-match: \"caf\xE9\"\r\n").await,
        "200"
    );
    assert_eq!(
        status(b"PUT /obs-text HTTP/1.1\r\nif-match: \"caf\xE8\"\r\n").await,
        "412"
    );
    assert_eq!(
        status(b"PUT /obs-text HTTP/1.1\r\nif-match: \"caf\xC3\xA9\"\r\n").await,
        "412"
    );
    let among_others = b"PUT /tag HTTP/1.1\r\nif-match: \"caf\xE9\", \"1\"\r\n";
    assert_eq!(status(among_others).await, "200");
}

#[tokio::test]
async fn blanks_around_members_are_none_of_theirs() {
    let head = b"GET /tag HTTP/1.1\r\nif-none-match: \t \"0\"\t,  \"1\" \t\r\n";
    assert_eq!(status(head).await, "304");
    assert_eq!(
        status(b"GET /tag HTTP/1.1\r\nif-none-match: \"0 \"1\"\r\n").await,
        "200"
    );
}

#[tokio::test]
async fn a_long_list_is_walked_to_its_end() {
    let mut head = b"GET /tag HTTP/1.1\r\nif-none-match: ".to_vec();
    for number in 1_000..4_000 {
        head.extend_from_slice(format!("\"{number}\", ").as_bytes());
    }
    assert_eq!(status(&[&head[..], b"\"0\"\r\n"].concat()).await, "200");
    assert_eq!(status(&[&head[..], b"\"1\"\r\n"].concat()).await, "304");
}
