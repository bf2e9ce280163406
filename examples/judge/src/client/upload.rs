//! A request with `Expect: 100-continue`, by hand: hyper does not show who speaks first.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::{Client, Failure, PATIENCE, text};
use crate::message::{Request, Version};

/// What came before any content was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A final response with this status.
    By(u16),
    /// 100 (Continue): the server wants the content.
    Not,
}

impl Client {
    /// Sends the head of a request only, and the first response to it. No content is ever sent.
    pub async fn announce(&self, request: Request) -> Result<(Request, Refused), Failure> {
        let request = self.complete(request);
        self.budget.request(0)?;
        let answer = timeout(PATIENCE.min(self.budget.left()), self.first_line(&request));
        let status = answer.await.map_err(|_| "no response in time")??;
        Ok((
            request,
            match status {
                100 => Refused::Not,
                status => Refused::By(status),
            },
        ))
    }

    async fn first_line(&self, request: &Request) -> Result<u16, Failure> {
        let mut stream = self.url.connect(Version::Http1).await?;
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            request.method,
            self.url.path(request.suffix),
            self.url.authority(),
            request.body.len()
        )
        .into_bytes();
        for (name, value) in &request.fields {
            for part in [name.as_bytes(), b": ", value, b"\r\n"] {
                head.extend_from_slice(part);
            }
        }
        head.extend_from_slice(b"\r\n");
        stream.write_all(&head).await.map_err(text)?;
        let mut line = [0; "HTTP/1.1 100".len()];
        stream.read_exact(&mut line).await.map_err(text)?;
        let status = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
        let status = std::str::from_utf8(status).ok();
        status
            .and_then(|status| status.parse().ok())
            .ok_or_else(|| "the response is not HTTP/1.1".to_owned())
    }
}
