//! Clients that stop in the middle of a request.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::service::Service;

/// Such connections stayed open for ever. This waits until the service closes them.
pub(crate) async fn a_request_that_stops_half_way_does_not_hold_its_connection(service: &Service) {
    let (path, tag) = service.a_note().await;
    let head = format!("GET {path} HTTP/1.1\r\nhost: a\r\nx-half");
    let content = format!(
        "PUT {path} HTTP/1.1\r\nhost: a\r\nif-match: {tag}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: 100\r\n\r\n{{\"title\":"
    );
    let half_sent = [head, content].map(|half| async move {
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        stream.write_all(half.as_bytes()).await.unwrap();
        let mut response = Vec::new();
        // The connection may also be reset.
        let _ = stream.read_to_end(&mut response).await;
        assert!(
            !response.starts_with(b"HTTP/1.1 2"),
            "{}",
            response.escape_ascii()
        );
    });
    futures_util::future::join_all(half_sent).await;
    let read = service.get(&path).send().await.unwrap();
    assert_eq!(crate::service::field(&read, "etag"), tag);
}
