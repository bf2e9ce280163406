use axum::http::HeaderMap;
use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};
use reqwest::Response;
use tower_conditional::EntityTag;

use super::{Error, error::etag};

/// An entry that was opened: its header fields, and its content as it arrives.
#[derive(Debug)]
pub struct Opened(Response);

impl Opened {
    pub(super) fn new(response: Response) -> Self {
        Self(response)
    }

    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// Returns the tag of this content.
    pub fn etag(&self) -> Option<EntityTag> {
        etag(self.headers())
    }

    /// Reads the content to its end.
    ///
    /// # Errors
    ///
    /// If less arrives than was announced, among others.
    pub async fn bytes(self) -> Result<Bytes, Error> {
        self.0.bytes().await.map_err(Error::Transport)
    }

    /// Returns the content in the pieces in which it arrives. The last one is an error if less
    /// arrives than was announced.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> {
        self.0.bytes_stream().map_err(Error::Transport)
    }
}
