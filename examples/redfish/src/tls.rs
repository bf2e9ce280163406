//! TLS for the service: a certificate of one's own.

use std::{error::Error, future::Future, pin::pin, sync::Arc};

use example_support::{
    serve::{App, PATIENCE},
    shutdown::Shutdown,
};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::TcpListener,
    time::{Duration, sleep, timeout},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// How long requests in progress may take when the process is asked to stop.
const GRACE: Duration = Duration::from_secs(3);

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
    serve_until(stop.requested(), listener, app, config).await;
    Ok(())
}

async fn serve_until(
    stop: impl Future<Output = ()>,
    listener: TcpListener,
    app: impl App,
    config: ServerConfig,
) {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted.map(|(stream, _)| stream),
            () = &mut stop => break,
        };
        let Ok(stream) = stream else {
            // Too many open files, most likely. Another connection may end in the meantime.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (acceptor, watcher) = (acceptor.clone(), connections.watcher());
        let app = TowerToHyperService::new(app.clone());
        tokio::spawn(async move {
            // A client that stops within the handshake loses its connection.
            if let Ok(Ok(stream)) = timeout(PATIENCE, acceptor.accept(stream)).await {
                let mut http = http1::Builder::new();
                http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
                let connection = http.serve_connection(TokioIo::new(stream), app);
                // A broken connection concerns its client only.
                let _ = watcher.watch(connection).await;
            }
        });
    }
    drop(listener);
    // A client that stops half-way does not keep the process.
    let _ = timeout(GRACE, connections.shutdown()).await;
}
