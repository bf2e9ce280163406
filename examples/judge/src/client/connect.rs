//! Connections: TCP, TLS, HTTP/1.1 and HTTP/2 with prior knowledge.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::Full;
use hyper::{
    body::Incoming,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use super::{Failure, text};
use crate::message::Version;

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// The URL that is judged.
#[derive(Clone, Debug)]
pub struct Url {
    secure: bool,
    host: String,
    port: u16,
    path: String,
    query: String,
}

impl Url {
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let uri: Uri = text.parse().map_err(|error| format!("{text}: {error}"))?;
        let secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(format!("{text}: not an http or https URL")),
        };
        let host = uri.host().ok_or_else(|| format!("{text}: no host"))?;
        Ok(Self {
            secure,
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(if secure { 443 } else { 80 }),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
        })
    }

    /// Where a Location field leads, if that is the same origin.
    pub fn join(&self, location: &str) -> Option<Self> {
        let url = match location.starts_with('/') && !location.starts_with("//") {
            true => Self::parse(&format!("{}{location}", self.origin())),
            false => Self::parse(location),
        };
        url.ok().filter(|url| url.origin() == self.origin())
    }

    pub(crate) fn authority(&self) -> String {
        match (self.secure, self.port) {
            (false, 80) | (true, 443) => self.host.clone(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }

    pub(crate) fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.authority())
    }

    pub(crate) fn path(&self, suffix: &str) -> String {
        match self.query.as_str() {
            "" => format!("{}{suffix}", self.path),
            query => format!("{}{suffix}?{query}", self.path),
        }
    }

    /// The whole URL.
    pub fn text(&self) -> String {
        format!("{}{}", self.origin(), self.path(""))
    }

    pub(super) async fn connect(&self, version: Version) -> Result<Box<dyn Stream>, Failure> {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((host, self.port)).await.map_err(text)?;
        stream.set_nodelay(true).map_err(text)?;
        if !self.secure {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(host.to_owned()).map_err(text)?;
        let connector = TlsConnector::from(Arc::new(tls(version)?));
        let stream = connector.connect(name, stream).await.map_err(text)?;
        Ok(Box::new(stream))
    }

    pub(super) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        version: Version,
    ) -> Result<Response<Incoming>, Failure> {
        let stream = TokioIo::new(self.connect(version).await?);
        match version {
            Version::Http1 => {
                let (mut sender, connection) = http1::handshake(stream).await.map_err(text)?;
                tokio::spawn(connection);
                sender.send_request(request).await.map_err(text)
            }
            Version::Http2 => {
                let (mut sender, connection) = http2::handshake(TokioExecutor::new(), stream)
                    .await
                    .map_err(text)?;
                tokio::spawn(connection);
                sender.send_request(request).await.map_err(text)
            }
        }
    }
}

/// The certificates of this system, and the protocol that is meant.
fn tls(version: Version) -> Result<ClientConfig, Failure> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(text)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![match version {
        Version::Http1 => b"http/1.1".to_vec(),
        Version::Http2 => b"h2".to_vec(),
    }];
    Ok(config)
}
