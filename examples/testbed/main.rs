//! A server that any conformance suite, in any language, can drive over real HTTP.
//!
//! ```sh
//! cargo run --example testbed -- --listen 127.0.0.1:3000
//! curl -i -H 'test-etag: "7"' -H 'if-none-match: "7"' http://127.0.0.1:3000/rfc/it
//! ```
//!
//! The first segment of the path chooses a profile, a differently configured `ConditionalLayer`;
//! `test-*` request fields say what the resource's state is and what the handler answers. A
//! response that carries `test-handler: ran` is the handler's, any other is the layer's own.
//! A path without a profile is answered with their names.
//!
//! HTTP/1.1 and HTTP/2 with prior knowledge. The first line on stdout is `listening on
//! http://ADDR`; port 0 is any free one. SIGTERM and ctrl-c stop it.

mod app;
mod serve;

use std::{env, error::Error, io};

use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(listen_address(env::args().skip(1))?).await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::select! {
        never = serve::serve(listener) => match never {},
        stopped = stop_signal() => Ok(stopped?),
    }
}

fn listen_address(mut arguments: impl Iterator<Item = String>) -> Result<String, &'static str> {
    const USAGE: &str = "usage: testbed [--listen ADDR:PORT]";
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
