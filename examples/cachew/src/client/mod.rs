//! The client of the cache: open, stat, create and delete, each with preconditions as options.
//!
//! A precondition that does not hold is an error of its own, [`Error::NotModified`] or
//! [`Error::PreconditionFailed`]. Both carry the header fields of the response, so that the current
//! tag is known without another request.
//!
//! ```no_run
//! use axum::http::HeaderMap;
//! use example_cachew::client::{Client, Error, if_match, if_none_match};
//!
//! # async fn example() -> Result<(), Error> {
//! let cache = Client::new("http://127.0.0.1:3000")?;
//! let created = cache.create("key", HeaderMap::new(), "first", [if_none_match("*")]).await?;
//! let opened = cache.open("key", []).await?;
//! assert_eq!(opened.bytes().await?, "first");
//!
//! match cache.stat("key", [if_match("\"stale\"")]).await {
//!     Err(error @ Error::PreconditionFailed(_)) => {
//!         let current = error.etag().expect("a 412 has the current tag");
//!         cache.create("key", HeaderMap::new(), "second", [if_match(current)]).await?;
//!     }
//!     other => panic!("{other:?}"),
//! }
//! # Ok(())
//! # }
//! ```

mod error;
mod opened;
mod precondition;

use axum::http::{HeaderMap, Method, StatusCode};
use reqwest::{Body, Response, redirect::Policy};
use url::Url;

pub use self::{
    error::Error,
    opened::Opened,
    precondition::{Precondition, if_match, if_none_match},
};

/// A client of one service. Clones share connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    objects: Url,
}

impl Client {
    /// Creates a client for the service at this URL, for example `http://127.0.0.1:3000`. Nothing is
    /// sent.
    pub fn new(url: &str) -> Result<Self, Error> {
        let mut objects = Url::parse(url).map_err(|_| Error::Invalid("the URL"))?;
        objects
            .path_segments_mut()
            .map_err(|()| Error::Invalid("the URL"))?
            .pop_if_empty()
            .extend(["api", "v1", "object"]);
        // A redirect would take a precondition to another entry.
        let http = reqwest::Client::builder().redirect(Policy::none());
        // By default 30 seconds: an upload to a slow server ends before it.
        let http = http.tcp_user_timeout(None);
        let http = http.build().map_err(Error::Transport)?;
        Ok(Self { http, objects })
    }

    /// Opens the entry. Its content streams from the one version for which the preconditions hold.
    ///
    /// # Errors
    ///
    /// [`Error::NotModified`] and [`Error::PreconditionFailed`] if a precondition does not hold,
    /// [`Error::NotFound`] if there is no entry.
    pub async fn open(
        &self,
        key: &str,
        preconditions: impl IntoIterator<Item = Precondition>,
    ) -> Result<Opened, Error> {
        let request = self.request(Method::GET, key, HeaderMap::new(), preconditions)?;
        Ok(Opened::new(send(request).await?))
    }

    /// Returns the header fields of the entry.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn stat(
        &self,
        key: &str,
        preconditions: impl IntoIterator<Item = Precondition>,
    ) -> Result<HeaderMap, Error> {
        let request = self.request(Method::HEAD, key, HeaderMap::new(), preconditions)?;
        Ok(send(request).await?.headers().clone())
    }

    /// Creates or replaces the entry, with these header fields. The content can be a stream
    /// ([`Body::wrap_stream`]). Returns the header fields of the response, among them the new tag.
    ///
    /// # Errors
    ///
    /// [`Error::PreconditionFailed`] if a precondition does not hold. Nothing was written then.
    pub async fn create(
        &self,
        key: &str,
        headers: HeaderMap,
        content: impl Into<Body>,
        preconditions: impl IntoIterator<Item = Precondition>,
    ) -> Result<HeaderMap, Error> {
        let request = self.request(Method::POST, key, headers, preconditions)?;
        let response = send(request.body(content)).await?;
        Ok(response.headers().clone())
    }

    /// Deletes the entry.
    ///
    /// # Errors
    ///
    /// [`Error::PreconditionFailed`] if a precondition does not hold, [`Error::NotFound`] if there
    /// is no entry.
    pub async fn delete(
        &self,
        key: &str,
        preconditions: impl IntoIterator<Item = Precondition>,
    ) -> Result<(), Error> {
        let request = self.request(Method::DELETE, key, HeaderMap::new(), preconditions)?;
        send(request).await.map(|_| ())
    }

    fn request(
        &self,
        method: Method,
        key: &str,
        mut headers: HeaderMap,
        preconditions: impl IntoIterator<Item = Precondition>,
    ) -> Result<reqwest::RequestBuilder, Error> {
        // In a URL these mean other paths, in whatever way they are written.
        if matches!(key, "" | "." | "..") {
            return Err(Error::Invalid("the key"));
        }
        for precondition in preconditions {
            let (name, value) = precondition.into_field()?;
            headers.append(name, value);
        }
        let mut url = self.objects.clone();
        url.path_segments_mut()
            .map_err(|()| Error::Invalid("the URL"))?
            .push(key);
        Ok(self.http.request(method, url).headers(headers))
    }
}

async fn send(request: reqwest::RequestBuilder) -> Result<Response, Error> {
    let response = request.send().await.map_err(Error::Transport)?;
    match response.status() {
        StatusCode::NOT_MODIFIED => Err(Error::NotModified(response.headers().clone())),
        StatusCode::PRECONDITION_FAILED => {
            Err(Error::PreconditionFailed(response.headers().clone()))
        }
        StatusCode::NOT_FOUND => Err(Error::NotFound),
        status if status.is_success() => Ok(response),
        _ => Err(Error::refused(response).await),
    }
}
