//! A client for BMCs: it follows links lazily, and writes carry the tag of what was read.
//!
//! It does what rackfish documents, and more:
//!
//! - After a write the client knows the current tag, from the response or by reading again, so the
//!   next write succeeds.
//! - DELETE is guarded too.
//! - If the body has no tag, the one in `ETag` is used.
//!
//! ```no_run
//! use example_redfish::client::Redfish;
//!
//! # async fn run() -> Result<(), example_redfish::client::Failure> {
//! let client = Redfish::new("https://admin:password@bmc.example.com")?;
//! client.connect().await?;
//! let mut system = client.find("Systems[0]").await?;
//! system.set("PowerState", "On").await?;
//! client.logout().await
//! # }
//! ```

mod expression;
mod failure;
mod resource;
mod session;
mod tls;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::body::Bytes;
use headers::{Authorization, HeaderMapExt};
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, IF_MATCH},
};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use tokio::time::timeout;
use tower::{Layer, ServiceExt};
use tower_conditional::client::{
    BodyTag, ConditionalClient, ConditionalClientLayer, Guard, KnownValidators,
};
use url::Url;

use self::session::Session;
pub use self::{expression::Place, failure::Failure, resource::Resource};
use crate::auth::{Login, X_AUTH_TOKEN};

/// How long a BMC may take for a response.
const PATIENCE: Duration = Duration::from_secs(30);

/// A longer response is an error.
const MAX_LENGTH: usize = 16 << 20;

/// A BMC. Clones share connections and the session.
#[derive(Clone, Debug)]
pub struct Redfish {
    http: ConditionalClient<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>,
    base: Url,
    login: Option<Login>,
    session: Arc<Mutex<Option<Session>>>,
}

/// What guards a request.
#[derive(Clone, Debug)]
enum Guarded {
    /// The tag that the client has last seen, if it has seen one.
    IfKnown,
    /// The tag of what was read.
    By(KnownValidators),
    /// The caller's tag.
    Tag(HeaderValue),
    Not,
}

impl Redfish {
    /// Creates a client for `http[s]://[USER:PASSWORD@]HOST[:PORT]`. Nothing is sent.
    ///
    /// The certificate of the BMC has to be of an authority that this system trusts. Until
    /// [`connect`](Self::connect) is called, the credentials are sent with each request.
    ///
    /// # Errors
    ///
    /// Fails if this is no such URL.
    pub fn new(url: &str) -> Result<Self, Failure> {
        Self::with(url, tls::Roots::System)
    }

    /// Creates a client that trusts the certificates in this PEM file, and no others.
    ///
    /// # Errors
    ///
    /// Fails if this is no such URL, or if there is no certificate in the file.
    pub fn with_cacert(url: &str, file: &str) -> Result<Self, Failure> {
        Self::with(url, tls::Roots::File(file))
    }

    fn with(url: &str, roots: tls::Roots<'_>) -> Result<Self, Failure> {
        let mut base = Url::parse(url).map_err(Failure::transport)?;
        let login = (!base.username().is_empty()).then(|| Login {
            user: decoded(base.username()),
            password: decoded(base.password().unwrap_or_default()),
        });
        // A URL with a host always has room for both.
        let _ = base.set_username("");
        let _ = base.set_password(None);
        let connector = tls::connector(&base, roots)?;
        let place = BodyTag::at("/@odata.etag").map_err(Failure::transport)?;
        let layer = ConditionalClientLayer::new()
            .body_tag(place)
            .guard(Guard::WhenKnown)
            .credentials([AUTHORIZATION, X_AUTH_TOKEN]);
        Ok(Self {
            http: layer.layer(Client::builder(TokioExecutor::new()).build(connector)),
            base,
            login,
            session: Arc::default(),
        })
    }

    /// Returns the service root.
    pub fn root(&self) -> Resource {
        self.at("/redfish/v1")
    }

    /// Returns a link to this path, absolute or relative to the service root, or to this URL. Nothing
    /// is sent until the resource is needed.
    pub fn at(&self, path: &str) -> Resource {
        let path = match Url::parse(path) {
            Ok(url) if url.origin() == self.base.origin() => url.path().to_owned(),
            // On another host, which is refused when it is needed.
            Ok(_) => path.to_owned(),
            Err(_) if path.starts_with('/') => path.to_owned(),
            Err(_) => format!("/redfish/v1/{path}"),
        };
        Resource::link(self, path)
    }

    /// Changes properties of a resource, without reading it. `etag` is sent as `If-Match`, as it is.
    ///
    /// Without `etag`, the tag that this client has last seen is sent. If it has seen none, the write
    /// has no guard.
    ///
    /// # Errors
    ///
    /// Fails if `etag` is empty or cannot be sent, and if the BMC does not change the resource. A
    /// write that the BMC has refused is not sent again without a tag.
    pub async fn patch(
        &self,
        path: &str,
        changes: &Value,
        etag: Option<&str>,
    ) -> Result<(), Failure> {
        let guarded = match etag {
            Some(etag) => Guarded::Tag(tag(etag)?),
            None => Guarded::IfKnown,
        };
        let path = self.at(path).path().to_owned();
        self.send(Method::PATCH, &path, Some(changes), guarded)
            .await
            .map(|_| ())
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

    /// The token of the session, or else the Basic credentials.
    fn credentials(&self) -> HeaderMap {
        let mut fields = HeaderMap::new();
        if let Some(session) = &*self.lock() {
            fields.insert(X_AUTH_TOKEN, session.token.clone());
        } else if let Some(login) = &self.login {
            fields.typed_insert(Authorization::basic(&login.user, &login.password));
        }
        fields
    }

    /// Sends a request, and reads the response to its end. Any status but a 2xx is an error.
    async fn send(
        &self,
        method: Method,
        path: &str,
        content: Option<&Value>,
        guarded: Guarded,
    ) -> Result<Response<Bytes>, Failure> {
        let credentials = self.credentials();
        let token = credentials.get(X_AUTH_TOKEN).cloned();
        let request = self.request(method, path, content, guarded, credentials)?;
        let response = self.exchange(request).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            self.has_ended(token);
        }
        Failure::check(response)
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        content: Option<&Value>,
        guarded: Guarded,
        credentials: HeaderMap,
    ) -> Result<Request<Full<Bytes>>, Failure> {
        let url = self.url("/", path)?;
        let mut request = Request::builder()
            .method(method)
            .uri(url.as_str())
            .body(Full::from(
                content.map_or_else(String::new, Value::to_string),
            ))
            .map_err(Failure::transport)?;
        let json = HeaderValue::from_static("application/json");
        let headers = request.headers_mut();
        headers.extend(credentials);
        headers.insert(ACCEPT, json.clone());
        if content.is_some() {
            headers.insert(CONTENT_TYPE, json);
        }
        match guarded {
            Guarded::IfKnown => {}
            Guarded::By(known) => {
                request.extensions_mut().insert(known);
            }
            Guarded::Tag(tag) => {
                request.headers_mut().insert(IF_MATCH, tag);
            }
            Guarded::Not => {
                request.extensions_mut().insert(Guard::Off);
            }
        }
        Ok(request)
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Failure> {
        let exchange = async {
            let response = self.http.clone().oneshot(request).await;
            let (head, body) = response.map_err(Failure::transport)?.into_parts();
            let body = Limited::new(body, MAX_LENGTH).collect().await;
            let body = body.map_err(|error| Failure::transport(&*error))?;
            Ok(Response::from_parts(head, body.to_bytes()))
        };
        let late = |_| Failure::late(PATIENCE);
        timeout(PATIENCE, exchange).await.map_err(late)?
    }
}

/// Returns the value of `If-Match`. An empty one would be no guard, and a mistake of a script.
fn tag(etag: &str) -> Result<HeaderValue, Failure> {
    let trimmed = etag.trim();
    match HeaderValue::try_from(trimmed) {
        Ok(tag) if !trimmed.is_empty() => Ok(tag),
        _ => Err(Failure::no_tag(etag)),
    }
}

/// User names and passwords in URLs are percent-encoded.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}
