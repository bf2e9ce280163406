//! Sends requests with hyper, each on a connection of its own.

mod connect;
mod upload;

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue, Method, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use tokio::time::timeout;

pub use self::{connect::Url, upload::Refused};
use crate::{
    budget::Budget,
    message::{Exchange, Request, Response, Version},
};

/// Longer responses are cut off.
const LARGEST_BODY: usize = 1 << 20;

/// How long one exchange may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no response.
pub type Failure = String;

/// A client for one URL. Clones share the budget.
#[derive(Clone, Debug)]
pub struct Client {
    pub url: Url,
    /// Fields of every request, unless it has its own of that name.
    pub common: Vec<(String, Vec<u8>)>,
    pub budget: Arc<Budget>,
}

impl Client {
    pub async fn send(&self, request: Request) -> Result<Exchange, Failure> {
        let request = self.complete(request);
        self.budget.request(request.body.len())?;
        let patience = PATIENCE.min(self.budget.left());
        let response = timeout(patience, self.exchange(&request))
            .await
            .map_err(|_| "no response in time".to_owned())??;
        Ok(Exchange { request, response })
    }

    /// Adds the common fields.
    pub(crate) fn complete(&self, mut request: Request) -> Request {
        for (name, value) in &self.common {
            let own = request
                .fields
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name));
            // The type of content belongs to content.
            let content = name.eq_ignore_ascii_case("content-type") && request.body.is_empty();
            if !own && !content {
                request.fields.push((name.clone(), value.clone()));
            }
        }
        request
    }

    async fn exchange(&self, request: &Request) -> Result<Response, Failure> {
        let head = self.head(request)?;
        let response = self.url.send(head, request.version).await?;
        self.keep(response).await
    }

    fn head(&self, request: &Request) -> Result<http::Request<Full<Bytes>>, Failure> {
        let path = self.url.path(request.suffix);
        let uri: Uri = match request.version {
            Version::Http1 => path.parse(),
            Version::Http2 => format!("{}{path}", self.url.origin()).parse(),
        }
        .map_err(|error| format!("{path}: {error}"))?;
        let method = Method::from_bytes(request.method.as_bytes()).map_err(text)?;
        let mut head = http::Request::new(Full::new(request.body.clone()));
        *head.method_mut() = method;
        *head.uri_mut() = uri;
        let fields = head.headers_mut();
        if request.version == Version::Http1 {
            let host = HeaderValue::try_from(self.url.authority()).map_err(text)?;
            fields.insert("host", host);
        }
        for (name, value) in &request.fields {
            let name: HeaderName = name.parse().map_err(text)?;
            let value = HeaderValue::from_bytes(value).map_err(text)?;
            fields.append(name, value);
        }
        Ok(head)
    }

    /// Reads content up to the limit.
    async fn keep(&self, response: http::Response<Incoming>) -> Result<Response, Failure> {
        let (head, mut content) = response.into_parts();
        let mut body = BytesMut::new();
        let mut whole = true;
        while let Some(frame) = content.frame().await {
            let frame = frame.map_err(|error| format!("the content breaks off: {error}"))?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            self.budget.received(data.len())?;
            let room = LARGEST_BODY - body.len();
            if data.len() > room {
                body.extend_from_slice(&data[..room]);
                whole = false;
                break;
            }
            body.extend_from_slice(&data);
        }
        Ok(Response {
            status: head.status.as_u16(),
            fields: head.headers,
            body: body.freeze(),
            whole,
        })
    }
}

fn text(error: impl ToString) -> Failure {
    error.to_string()
}
