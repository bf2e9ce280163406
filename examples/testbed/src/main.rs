//! A server that any conformance suite, in any language, can drive over real HTTP.
//!
//! ```sh
//! cargo run -p example-testbed -- --listen 127.0.0.1:3000
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
