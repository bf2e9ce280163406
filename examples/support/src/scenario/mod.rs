//! Drives an app over HTTP/1.1, byte for byte as in the scenario.

mod head_only;

use std::net::SocketAddr;

use axum::Router;
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// An app on a free port of the loopback interface. Dropping it stops it.
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start(app: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, task }
    }

    /// Sends a request without content.
    pub async fn send(&self, method: &str, target: &str, fields: &[(&str, &str)]) -> Response {
        self.send_content(method, target, fields, "").await
    }

    pub async fn send_content(
        &self,
        method: &str,
        target: &str,
        fields: &[(&str, &str)],
        content: &str,
    ) -> Response {
        let mut stream = self.connect(method, target, fields, content).await;
        stream.write_all(content.as_bytes()).await.unwrap();
        Response::read(stream).await
    }

    /// Sends the head of a request, and returns when the server asks for its content. The handler
    /// reads it then, so the layer has passed the request on.
    pub async fn begin(
        &self,
        method: &str,
        target: &str,
        fields: &[(&str, &str)],
        content: &'static str,
    ) -> Begun {
        let fields = [fields, &[("Expect", "100-continue")]].concat();
        let mut stream = self.connect(method, target, &fields, content).await;
        const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
        let mut interim = [0; CONTINUE.len()];
        stream.read_exact(&mut interim).await.unwrap();
        assert_eq!(
            interim.escape_ascii().to_string(),
            CONTINUE.escape_ascii().to_string()
        );
        Begun { stream, content }
    }

    pub async fn connect(
        &self,
        method: &str,
        target: &str,
        fields: &[(&str, &str)],
        content: &str,
    ) -> TcpStream {
        let mut head =
            format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (name, value) in fields {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n", content.len());
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A request whose content the handler is waiting for.
pub struct Begun {
    stream: TcpStream,
    content: &'static str,
}

impl Begun {
    pub async fn finish(mut self) -> Response {
        self.stream
            .write_all(self.content.as_bytes())
            .await
            .unwrap();
        Response::read(self.stream).await
    }
}

#[derive(Debug)]
pub struct Response {
    pub status_line: String,
    fields: Vec<(String, String)>,
    pub content: String,
}

impl Response {
    pub async fn read(mut stream: impl AsyncRead + Unpin) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, content) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        let response = Self {
            status_line: lines.next().unwrap().to_owned(),
            fields: lines
                .map(|line| {
                    line.split_once(": ")
                        .unwrap_or((line.trim_end_matches(':'), ""))
                })
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            content: content.to_owned(),
        };
        if let Some(length) = response.field("content-length") {
            assert_eq!(length, content.len().to_string(), "{response:?}");
        } else {
            assert_eq!(content, "", "{response:?}");
        }
        response
    }

    /// Returns the only line of this field.
    #[track_caller]
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self
            .fields
            .iter()
            .filter(|(field, _)| field.eq_ignore_ascii_case(name));
        let line = lines.next()?;
        assert!(lines.next().is_none(), "{name} is repeated: {self:?}");
        Some(&line.1)
    }

    #[track_caller]
    pub fn etag(&self) -> &str {
        self.field("etag")
            .unwrap_or_else(|| panic!("no ETag: {self:?}"))
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.content).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts the status, and returns the response.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        let found = self.status_line.split(' ').nth(1);
        assert_eq!(found, Some(status.to_string().as_str()), "{self:?}");
        self
    }
}
