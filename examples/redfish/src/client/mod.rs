//! A client for BMCs: it follows links lazily, and writes carry the tag of what was read.
//!
//! It does what rackfish documents, and more:
//!
//! - After a write the client knows the current tag, from the response or by reading again, so the
//!   next write succeeds.
//! - DELETE is guarded too.
//! - If the body has no tag, the one in `ETag` is used.
//!
//! BMCs use TLS. To stay short, this example does not: replace hyper-util's connector by a TLS
//! connector.

mod failure;
mod resource;

use axum::body::Bytes;
use headers::{Authorization, HeaderMapExt};
use http::{HeaderMap, HeaderValue, Method, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use tower::{Layer, ServiceExt};
use tower_conditional::client::{
    BodyTag, ConditionalClient, ConditionalClientLayer, Guard, KnownValidators,
};
use url::Url;

pub use self::{failure::Failure, resource::Resource};

/// A BMC. Clones share connections.
#[derive(Clone, Debug)]
pub struct Redfish {
    http: ConditionalClient<Client<HttpConnector, Full<Bytes>>>,
    base: Url,
    fields: HeaderMap,
}

impl Redfish {
    /// Creates a client for `http://[USER:PASSWORD@]HOST[:PORT]`. Nothing is sent.
    pub fn new(url: &str) -> Result<Self, Failure> {
        let mut base = Url::parse(url).map_err(Failure::transport)?;
        let mut fields = HeaderMap::new();
        fields.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if !base.username().is_empty() {
            let password = base.password().unwrap_or_default();
            fields.typed_insert(Authorization::basic(base.username(), password));
        }
        // A URL with a host always has room for both.
        let _ = base.set_username("");
        let _ = base.set_password(None);
        let place = BodyTag::at("/@odata.etag").map_err(Failure::transport)?;
        let layer = ConditionalClientLayer::new()
            .body_tag(place)
            .guard(Guard::WhenKnown);
        let http = layer.layer(Client::builder(TokioExecutor::new()).build_http());
        Ok(Self { http, base, fields })
    }

    /// Returns the service root.
    pub fn root(&self) -> Resource {
        self.at("/redfish/v1")
    }

    /// Returns a link to this path, absolute or relative to the service root. Nothing is sent until
    /// the resource is needed.
    pub fn at(&self, path: &str) -> Resource {
        match path.strip_prefix('/') {
            Some(_) => Resource::link(self, path.to_owned()),
            None => Resource::link(self, format!("/redfish/v1/{path}")),
        }
    }

    /// Returns the URL of a link, relative to the URL at which it was found. Refuses links to other
    /// hosts, which can begin like a path: `//host/`.
    fn url(&self, at: &str, link: &str) -> Result<Url, Failure> {
        let at = self.base.join(at).map_err(Failure::transport)?;
        let url = at.join(link).map_err(Failure::transport)?;
        match at.origin() == self.base.origin() && url.origin() == self.base.origin() {
            true => Ok(url),
            false => Err(Failure::elsewhere(link)),
        }
    }

    /// Sends a request, and reads the response to its end. Any status but a 2xx is an error.
    async fn send(
        &self,
        method: Method,
        path: &str,
        content: Option<&Value>,
        known: Option<&KnownValidators>,
    ) -> Result<Response<Bytes>, Failure> {
        let url = self.url("/", path)?;
        let mut request = Request::builder()
            .method(method)
            .uri(url.as_str())
            .body(Full::from(
                content.map_or_else(String::new, Value::to_string),
            ))
            .map_err(Failure::transport)?;
        request.headers_mut().extend(self.fields.clone());
        if content.is_some() {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(header::CONTENT_TYPE, json);
        }
        if let Some(known) = known {
            request.extensions_mut().insert(known.clone());
        }
        let response = self.http.clone().oneshot(request).await;
        let (head, body) = response.map_err(Failure::transport)?.into_parts();
        let body = body.collect().await.map_err(Failure::transport)?.to_bytes();
        Failure::check(Response::from_parts(head, body))
    }
}
