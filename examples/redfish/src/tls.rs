//! TLS for the service: a certificate of one's own.

use std::{error::Error, sync::Arc};

use example_support::{
    serve::{App, PATIENCE, http, serve_opened},
    shutdown::Shutdown,
};
use tokio::net::TcpListener;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// Reads a certificate, with those that lead to its authority, and its key. Both files are PEM.
///
/// # Errors
///
/// Returns what is wrong, and with which file.
pub fn config(certificate: &str, key: &str) -> Result<ServerConfig, String> {
    let chain: Vec<_> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| format!("{certificate}: {error}"))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| format!("{key}: {error}"))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(|error| format!("{certificate} and {key}: {error}"))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Serves an app over TLS and HTTP/1.1, until the process is asked to stop. Prints the address as the
/// first line of stdout. Port 0 means any free one.
pub async fn serve(
    address: &str,
    app: impl App,
    config: ServerConfig,
) -> Result<(), Box<dyn Error>> {
    let stop = Shutdown::listen()?;
    let listener = TcpListener::bind(address).await?;
    println!("listening on https://{}", listener.local_addr()?);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let http = http(PATIENCE).http1_only();
    let open = |stream| acceptor.accept(stream);
    serve_opened(stop.requested(), listener, app, http, PATIENCE, open).await;
    Ok(())
}
