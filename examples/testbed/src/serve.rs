//! HTTP/1.1 and HTTP/2 with prior knowledge on one port.

use std::convert::Infallible;

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::net::TcpListener;

use crate::App;

/// A server that stops when it is dropped.
pub async fn serve(listener: TcpListener) -> Infallible {
    let app = App::new();
    loop {
        // An error concerns only the connection that was not accepted.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let service = TowerToHyperService::new(app.clone());
        tokio::spawn(async move {
            let connection = Builder::new(TokioExecutor::new());
            // An error concerns only this connection.
            let _ = connection
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
