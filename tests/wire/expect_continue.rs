//! `Expect: 100-continue`: a refusal is sent before the client uploads the content.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    axum_server,
    support::{Counters, Server, exchange},
};

async fn servers() -> [(SocketAddr, Counters); 2] {
    let hyper = Server::start().await;
    let axum = axum_server::start().await;
    [(hyper.address, hyper.handler), (axum.address, axum.handler)]
}

fn upload(field: &str, length: usize) -> String {
    format!(
        "PUT /tag HTTP/1.1\r\nhost: a\r\n{field}expect: 100-continue\r\n\
         content-length: {length}\r\n\r\n"
    )
}

// The client sends only the head. If the server had sent a 100, it would now wait for the content,
// and would not close the connection.
#[tokio::test]
async fn a_refused_upload_does_not_happen() {
    const LENGTH: usize = 100 * 1024 * 1024;
    for (address, handler) in servers().await {
        for (field, status) in [
            ("if-match: \"0\"\r\n", "HTTP/1.1 412 Precondition Failed"),
            ("if-none-match: *\r\n", "HTTP/1.1 412 Precondition Failed"),
            ("", "HTTP/1.1 428 Precondition Required"),
        ] {
            let mut replies = exchange(address, upload(field, LENGTH)).await;
            let reply = replies.next_delimited();
            assert_eq!(reply.status_line(), status, "never 100 Continue");
            replies.end();
        }
        assert_eq!(handler.calls(), 0);
        assert_eq!(handler.bytes(), 0);
    }
}

#[tokio::test]
async fn a_performed_upload_is_asked_for() {
    for (address, handler) in servers().await {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = upload("connection: close\r\nif-match: \"1\"\r\n", 4);
        stream.write_all(head.as_bytes()).await.unwrap();

        let mut received = [0; 25];
        stream.read_exact(&mut received).await.unwrap();
        assert_eq!(&received, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(b"sent").await.unwrap();

        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        assert!(
            rest.starts_with(b"HTTP/1.1 200 OK\r\n"),
            "{}",
            rest.escape_ascii()
        );
        assert_eq!((handler.calls(), handler.bytes()), (1, 4));
    }
}
