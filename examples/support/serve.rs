//! Serves an app until it is told to stop.

use std::{env, error::Error, io};

use axum::Router;
use tokio::net::TcpListener;

/// Takes `--listen ADDR`, by default 127.0.0.1:3000, and tells the address that it really is on
/// the first line of stdout: port 0 is any free one.
pub(crate) async fn serve(app: Router) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(listen_address(env::args().skip(1))?).await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::select! {
        served = axum::serve(listener, app) => served?,
        stopped = stop_signal() => stopped?,
    }
    Ok(())
}

fn listen_address(mut arguments: impl Iterator<Item = String>) -> Result<String, &'static str> {
    const USAGE: &str = "usage: [--listen ADDR:PORT]";
    let address = match arguments.next().as_deref() {
        None => "127.0.0.1:3000".to_owned(),
        Some("--listen") => arguments.next().ok_or(USAGE)?,
        Some(_) => return Err(USAGE),
    };
    arguments.next().map_or(Ok(address), |_| Err(USAGE))
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
