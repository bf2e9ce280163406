//! Clients that go away within their content.

use std::time::Duration;

use tokio::{io::AsyncWriteExt, net::TcpStream, time::sleep};

use super::client::Client;
use crate::{
    race::history::{Event, Kind},
    write::unique,
};

impl Client {
    /// Sends half of its content, and goes away. Nobody may ever see any of it.
    pub(super) async fn vanish(mut self) -> Vec<Event> {
        while !self.shared.is_done() {
            if let Some((tag, base, count)) = self.read().await {
                let (version, invoked) = (unique(), self.shared.now());
                let content = self.shared.content(count + 1_000_000, &version);
                let _ = self.send_half(&tag, &content).await;
                // As if refused, since it must not be performed.
                self.record(
                    Kind::Write,
                    invoked,
                    Some((&tag, &base)),
                    Some(version),
                    Some(499),
                );
            }
            self.wait_after_failure().await;
        }
        self.events
    }

    async fn send_half(&mut self, tag: &[u8], content: &str) -> std::io::Result<()> {
        let counter = &self.shared.counter;
        let address = counter.addresses[self.instance % counter.addresses.len()];
        let head = format!(
            "{} {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
             If-Match: {}\r\n\r\n",
            counter.method,
            counter.path,
            counter.content_type,
            content.len(),
            String::from_utf8_lossy(tag)
        );
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(head.as_bytes()).await?;
        stream
            .write_all(&content.as_bytes()[..content.len() / 2])
            .await?;
        sleep(Duration::from_millis(self.random() % 3)).await;
        Ok(())
    }
}
