//! Serves an app until it is told to stop.

use std::{error::Error, io};

use axum::Router;
use tokio::net::TcpListener;

/// Tells the address that it really is on the first line of stdout: port 0 is any free one.
pub(crate) async fn serve(listen: &str, app: Router) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::select! {
        served = axum::serve(listener, app) => served?,
        stopped = stop_signal() => stopped?,
    }
    Ok(())
}

#[cfg(unix)]
async fn stop_signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn stop_signal() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
