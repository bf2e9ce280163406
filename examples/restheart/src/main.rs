//! `cargo run -p example-restheart -- --listen 127.0.0.1:3000`; see `lib.rs`.

use std::{env, error::Error};

use example_restheart::EtagCheckPolicy;
use example_support::{listen, serve};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = match env::var("ETAG_CHECK_POLICY") {
        Ok(text) => text.parse()?,
        Err(env::VarError::NotPresent) => EtagCheckPolicy::default(),
        Err(error) => return Err(error.into()),
    };
    let address = listen::address(std::env::args().skip(1))?;
    serve(&address, example_restheart::app(config)).await
}
