//! A connection on which the test decides when the content of a request is sent.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A request that is waiting for the server to ask for its content (RFC 9110 section 10.1.1).
pub(crate) struct Held {
    stream: TcpStream,
    content: String,
}

impl Held {
    /// Sends the head of a PUT of `{"title": title, "text": ""}` under this condition.
    pub(crate) async fn put(address: SocketAddr, path: &str, condition: &str, title: &str) -> Self {
        let content = serde_json::json!({"title": title, "text": ""}).to_string();
        let head = format!(
            "PUT {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{condition}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
            content.len()
        );
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        Self { stream, content }
    }

    /// Waits until the handler asks for the content: the layer has let the request pass.
    pub(crate) async fn passed(mut self) -> Self {
        const INTERIM: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
        let mut interim = [0; INTERIM.len()];
        self.stream.read_exact(&mut interim).await.unwrap();
        assert_eq!(&interim[..], INTERIM, "{}", interim.escape_ascii());
        self
    }

    /// Sends the content, and reads the whole response as it is on the wire.
    pub(crate) async fn finish(mut self) -> String {
        let content = std::mem::take(&mut self.content);
        self.stream.write_all(content.as_bytes()).await.unwrap();
        self.response().await
    }

    /// Reads the whole response without having sent any content.
    pub(crate) async fn response(mut self) -> String {
        let mut response = Vec::new();
        self.stream.read_to_end(&mut response).await.unwrap();
        String::from_utf8(response).unwrap()
    }
}
