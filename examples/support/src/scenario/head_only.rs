//! Requests whose content is held back, so that a response to one does not depend on the content.

use tokio::io::AsyncReadExt;

use super::{Response, Server};

impl Server {
    /// Sends the head of a request, but not the content that it announces.
    ///
    /// A handler that reads the content makes the server send 100 (Continue). Then the layer has
    /// passed the request on, and this panics.
    pub async fn send_head(&self, method: &str, target: &str, fields: &[(&str, &str)]) -> Response {
        let fields = [fields, &[("Expect", "100-continue")]].concat();
        let mut stream = self.connect(method, target, &fields, "{}").await;
        let mut start = [0; b"HTTP/1.1 100".len()];
        stream.read_exact(&mut start).await.unwrap();
        assert_ne!(&start, b"HTTP/1.1 100", "the content is asked for");
        Response::read(start.chain(stream)).await
    }
}
