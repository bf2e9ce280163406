//! A server that conformance suites in any language can drive over HTTP.
//!
//! ```sh
//! cargo run -p example-testbed -- --listen 127.0.0.1:3000
//! curl -i -H 'test-etag: "7"' -H 'if-none-match: "7"' http://127.0.0.1:3000/rfc/it
//! ```
//!
//! The first segment of the path selects a profile: a `ConditionalLayer` with other settings.
//! `test-*` request fields set the state of the resource and the response of the handler. A
//! response with `test-handler: ran` is the handler's, any other is the layer's. A path without a
//! profile is answered with the names of the profiles.
//!
//! It speaks HTTP/1.1 and HTTP/2 with prior knowledge. The first line on stdout is `listening on
//! http://ADDR`. Port 0 selects a free port. SIGTERM and ctrl-c stop it.

use std::{env, error::Error};

use example_support::{listen, shutdown::Shutdown};
use example_testbed::serve;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let stop = Shutdown::listen()?;
    let listener = TcpListener::bind(listen::address(env::args().skip(1))?).await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::select! {
        never = serve(listener) => match never {},
        () = stop.requested() => Ok(()),
    }
}
