//! `cargo run --example cachew -- --listen 127.0.0.1:3000 --store file:///var/cache/cachew`; see
//! `app.rs`.

#[path = "app.rs"]
mod app;
mod arguments;
mod open;
#[path = "../support/shutdown.rs"]
mod shutdown;

use std::error::Error;

use arguments::Arguments;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let objects = open::open(&arguments.store, std::env::vars())?;
    let store = app::store::Store::new(objects);
    let stop = shutdown::Shutdown::listen()?;
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::select! {
        served = axum::serve(listener, app::app(store)) => served?,
        () = stop.requested() => {}
    }
    Ok(())
}
