//! A client of the API as in the specification: resources have their entity tag, and update
//! themselves.
//!
//! ```no_run
//! use example_ironic::client::{Client, Etag, operations};
//!
//! # async fn run() -> Result<(), example_ironic::client::Failure> {
//! let client = Client::new("http://127.0.0.1:3000", "1.40")?;
//! let mut node = client.nodes().get("test_node_classic").await?;
//! node.update(&operations("add", ["driver_info/foo=value"])?, Etag::On).await?;
//! println!("{:?}", node.etag());
//! # Ok(())
//! # }
//! ```
//!
//! It uses [`tower_conditional::client`]: a write with [`Etag::On`] is bound to the tag of the resource,
//! and is not sent without one.

mod conflict;
mod failure;
mod manager;
mod patch;
mod resource;

use std::sync::Arc;

use axum::body::Bytes;
use http::{HeaderValue, Method, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client as HttpClient, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use tower::{Layer, ServiceExt};
use tower_conditional::client::{
    BodyTag, ConditionalClient, ConditionalClientLayer, Guard, KnownValidators, ServerTag,
};
use url::Url;

pub use self::{
    conflict::{Change, Conflict},
    failure::Failure,
    manager::Manager,
    patch::{Operation, operations},
    resource::Resource,
};
use super::{
    kind::Kind,
    version::{self, Version},
};

/// Whether a write sends a tag in `If-Match`. This is the parameter `etag` of the specification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Etag {
    /// The default. In the deprecation period the tag is not sent, and the user gets a warning. After it
    /// this is the same as [`On`](Self::On).
    #[default]
    Unset,
    /// Sends the tag of the resource. If it has none although the API version has tags, the write fails
    /// and is not sent.
    On,
    /// Sends no tag.
    Off,
    /// Sends this tag.
    Is(String),
}

/// A Bare Metal service, in one version of its API. Clones share connections.
#[derive(Clone)]
pub struct Client {
    http: ConditionalClient<HttpClient<HttpConnector, Full<Bytes>>>,
    base: Url,
    version: Version,
    is_deprecation_over: bool,
    warn: Arc<dyn Fn(&str) + Send + Sync>,
}

/// The warning of the deprecation period.
pub const WARNING: &str = "The entity tag is not sent, so that changes of others may be overwritten. In the next \
                           release it is sent by default: say whether it is to be.";

impl Client {
    /// Creates a client for `http://HOST[:PORT]` and an API version such as `1.40` or `latest`. Nothing
    /// is sent. Warnings go to stderr.
    ///
    /// # Errors
    ///
    /// Returns an error if the URL or the version is invalid.
    pub fn new(url: &str, version: &str) -> Result<Self, Failure> {
        let base = Url::parse(url).map_err(|error| Failure::usage(format!("{url}: {error}")))?;
        let unknown = || Failure::usage(format!("{version}: there is no such API version"));
        let version = Version::parse(version).ok_or_else(unknown)?;
        let place = BodyTag::at("/etag").map_err(Failure::transport)?;
        let layer = ConditionalClientLayer::new().body_tag(place);
        Ok(Self {
            http: layer.layer(HttpClient::builder(TokioExecutor::new()).build_http()),
            base,
            version,
            is_deprecation_over: false,
            warn: Arc::new(|warning| eprintln!("warning: {warning}")),
        })
    }

    /// Sets the function that gets the warnings.
    #[must_use]
    pub fn on_warning(mut self, warn: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.warn = Arc::new(warn);
        self
    }

    /// Sets whether the deprecation period is over, so that the tag is sent by default.
    #[must_use]
    pub const fn after_deprecation(mut self, is_over: bool) -> Self {
        self.is_deprecation_over = is_over;
        self
    }

    /// Returns the manager of nodes.
    pub fn nodes(&self) -> Manager {
        self.manager(Kind::Node)
    }

    /// Returns the manager of ports.
    pub fn ports(&self) -> Manager {
        self.manager(Kind::Port)
    }

    /// Returns the manager of port groups.
    pub fn portgroups(&self) -> Manager {
        self.manager(Kind::Portgroup)
    }

    /// Returns the manager of chassis.
    pub fn chassis(&self) -> Manager {
        self.manager(Kind::Chassis)
    }

    pub(crate) fn manager(&self, kind: Kind) -> Manager {
        Manager::new(self, kind)
    }

    /// Returns the precondition of a write to a resource with this stored tag.
    fn precondition(&self, etag: &Etag, stored: Option<&str>) -> Result<Precondition, Failure> {
        let has_tags = self.version >= Version::TAGS;
        match etag {
            // The response of a version without tags is 406, which the user sees.
            Etag::Is(tag) => HeaderValue::try_from(tag.as_str())
                .map(Precondition::Given)
                .map_err(|_| Failure::usage("the entity tag cannot be sent")),
            Etag::On if has_tags => Ok(Precondition::Stored(known(stored))),
            Etag::Unset if has_tags && self.is_deprecation_over => {
                Ok(Precondition::Stored(known(stored)))
            }
            Etag::Unset if has_tags => {
                (self.warn)(WARNING);
                Ok(Precondition::None)
            }
            Etag::On | Etag::Off | Etag::Unset => Ok(Precondition::None),
        }
    }

    /// Sends a request, and reads the response to its end.
    async fn send(
        &self,
        method: Method,
        path: &[&str],
        content: Option<&Value>,
        precondition: Precondition,
    ) -> Result<Response<Bytes>, Failure> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("v1").extend(path);
        }
        let mut request = Request::builder()
            .method(method)
            .uri(url.as_str())
            .header(header::ACCEPT, "application/json")
            .header(version::ASKED, self.version.field())
            .body(Full::from(
                content.map_or_else(String::new, Value::to_string),
            ))
            .map_err(Failure::transport)?;
        if content.is_some() {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(header::CONTENT_TYPE, json);
        }
        precondition.apply(&mut request);
        let response = self.http.clone().oneshot(request).await;
        let (head, body) = response.map_err(Failure::unsent)?.into_parts();
        let body = body.collect().await.map_err(Failure::transport)?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

/// The precondition of a request.
enum Precondition {
    None,
    Given(HeaderValue),
    /// The request is bound to these validators. Without a tag in them it is not sent.
    Stored(KnownValidators),
}

impl Precondition {
    fn apply<B>(self, request: &mut Request<B>) {
        let extensions = request.extensions_mut();
        match self {
            Self::None => drop(extensions.insert(Guard::Off)),
            Self::Given(tag) => drop(request.headers_mut().insert(header::IF_MATCH, tag)),
            Self::Stored(known) => {
                extensions.insert(Guard::Required);
                extensions.insert(known);
            }
        }
    }
}

fn known(stored: Option<&str>) -> KnownValidators {
    let tag = stored
        .and_then(|tag| HeaderValue::try_from(tag).ok())
        .and_then(|tag| ServerTag::new(tag).ok());
    tag.map_or_else(KnownValidators::new, |tag| {
        KnownValidators::new().with_body_tag(tag)
    })
}
