//! `cargo run -p example-launchpad -- --listen 127.0.0.1:3000`
//!
//! See `lib.rs`.

use example_support::{listen, serve};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = listen::address(std::env::args().skip(1))?;
    serve(&address, example_launchpad::app()).await
}
