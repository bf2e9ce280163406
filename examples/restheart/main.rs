//! `cargo run --example restheart -- --listen 127.0.0.1:3000`; see `app.rs`.

#[path = "app.rs"]
mod app;
#[path = "../support/listen.rs"]
mod listen;
#[path = "../support/serve.rs"]
mod serve;

use std::{env, error::Error};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = match env::var("ETAG_CHECK_POLICY") {
        Ok(text) => text.parse()?,
        Err(env::VarError::NotPresent) => app::EtagCheckPolicy::default(),
        Err(error) => return Err(error.into()),
    };
    let address = listen::address(std::env::args().skip(1))?;
    serve::serve(&address, app::app(config)).await
}
