//! HTTP/1.1 and HTTP/2 with prior knowledge on one port.

use std::{convert::Infallible, time::Duration};

use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::net::TcpListener;

use crate::App;

/// How long a client may take for the head of a request.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves until it is dropped.
pub async fn serve(listener: TcpListener) -> Infallible {
    let app = App::new();
    loop {
        // A connection that could not be accepted is its client's trouble.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let service = TowerToHyperService::new(app.clone());
        tokio::spawn(async move {
            let mut connection = Builder::new(TokioExecutor::new());
            // A client that stops in the middle of a request does not hold the connection. The
            // content is not read, so it needs no limit of its own.
            let timer = TokioTimer::new();
            connection
                .http1()
                .timer(timer.clone())
                .header_read_timeout(PATIENCE);
            connection
                .http2()
                .timer(timer)
                .keep_alive_interval(PATIENCE);
            // What a client does to its connection is for the client to find out.
            let _ = connection
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
