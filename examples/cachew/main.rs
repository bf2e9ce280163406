//! `cargo run --example cachew -- --listen 127.0.0.1:3000 --store file:///var/cache/cachew`; see
//! `app.rs`.

#[path = "app.rs"]
mod app;
mod arguments;
mod open;

use std::{error::Error, io};

use arguments::Arguments;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let objects = open::open(&arguments.store, std::env::vars())?;
    let store = app::store::Store::new(objects);
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::select! {
        served = axum::serve(listener, app::app(store)) => served?,
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
