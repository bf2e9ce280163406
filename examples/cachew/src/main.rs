//! `cargo run -p example-cachew -- --listen 127.0.0.1:3000 --store file:///var/cache/cachew`
//!
//! See `lib.rs`.

mod arguments;

use std::{error::Error, sync::Arc};

use example_cachew::{app, open, store::Store};
use example_support::{
    serve::{PATIENCE, serve_until},
    shutdown::Shutdown,
};
use tokio::net::TcpListener;

use arguments::Arguments;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let objects = open::open(&arguments.store, std::env::vars())?;
    let store = Arc::new(Store::new(objects));
    let stop = Shutdown::listen()?;
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let told = async {
        stop.requested().await;
        store.stop();
    };
    serve_until(told, listener, app(Arc::clone(&store)), PATIENCE).await;
    Ok(())
}
