//! Connections to BMCs: HTTP/1.1, with TLS if the URL says so.

use std::sync::Arc;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use tokio_rustls::rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use url::Url;

use super::Failure;

/// Whose certificates are trusted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Roots<'a> {
    System,
    /// A PEM file.
    File(&'a str),
}

pub(super) fn connector(
    url: &Url,
    roots: Roots<'_>,
) -> Result<HttpsConnector<HttpConnector>, Failure> {
    let mut trusted = RootCertStore::empty();
    match (roots, url.scheme()) {
        (Roots::File(file), "http" | "https") => trust(&mut trusted, file)?,
        (Roots::System, "https") => {
            trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        (Roots::System, "http") => {}
        _ => return Err(Failure::not_http(url.as_str())),
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Failure::transport)?
        .with_root_certificates(trusted)
        .with_no_client_auth();
    Ok(HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_or_http()
        .enable_http1()
        .build())
}

fn trust(roots: &mut RootCertStore, file: &str) -> Result<(), Failure> {
    let certificates =
        CertificateDer::pem_file_iter(file).map_err(|error| Failure::in_file(file, &error))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| Failure::in_file(file, &error))?;
        roots
            .add(certificate)
            .map_err(|error| Failure::in_file(file, &error))?;
    }
    match roots.is_empty() {
        true => Err(Failure::in_file(file, &"there is no certificate in it")),
        false => Ok(()),
    }
}
