//! Serves HTTP/1.1 and HTTP/2, and does not wait for slow clients.

use std::{future::Future, pin::pin, time::Duration};

use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::net::TcpListener;

use super::Notes;

/// How long a client may take for the head of a request.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);

/// Serves until `stop` is ready, and then until all requests are answered.
///
/// `axum::serve` waits for the head of a request for as long as the client likes.
pub async fn serve(listener: TcpListener, notes: Notes, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let Ok((stream, _)) = accepted else {
            // There may be no file descriptor left.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let mut http = Builder::new(TokioExecutor::new());
        let timer = TokioTimer::new();
        http.http1()
            .timer(timer.clone())
            .header_read_timeout(HEAD_PATIENCE);
        http.http2().timer(timer).keep_alive_interval(HEAD_PATIENCE);
        let service = TowerToHyperService::new(notes.clone());
        let connection = http
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        tokio::spawn(graceful.watch(connection));
    }
    drop(listener);
    graceful.shutdown().await;
}
