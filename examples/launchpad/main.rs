//! `cargo run --example launchpad --features digest -- --listen 127.0.0.1:3000`; see `app.rs`.

#[path = "app.rs"]
mod app;
#[path = "../support/listen.rs"]
mod listen;
#[path = "../support/serve.rs"]
mod serve;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = listen::address(std::env::args().skip(1))?;
    serve::serve(&address, app::app()).await
}
