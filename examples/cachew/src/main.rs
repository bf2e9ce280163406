//! `cargo run -p example-cachew -- --listen 127.0.0.1:3000 --store file:///var/cache/cachew`
//!
//! See `lib.rs`.

mod arguments;

use std::{error::Error, sync::Arc, time::Duration};

use example_cachew::{app, open, store::Store};
use example_support::shutdown::Shutdown;
use tokio::net::TcpListener;

use arguments::Arguments;

/// How long open responses may still take when the process is asked to stop.
const FAREWELL: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let objects = open::open(&arguments.store, std::env::vars())?;
    let store = Arc::new(Store::new(objects));
    let stop = Shutdown::listen()?;
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let told = {
        let store = Arc::clone(&store);
        async move {
            stop.requested().await;
            store.stop();
        }
    };
    let app = app(Arc::clone(&store));
    let served = axum::serve(listener, app).with_graceful_shutdown(told);
    tokio::select! {
        served = served => served?,
        () = async { store.stopping().await; tokio::time::sleep(FAREWELL).await } => {}
    }
    Ok(())
}
