//! Serves an app until it is told to stop.

mod listen;
mod shutdown;

use std::{env, error::Error};

use axum::Router;
use tokio::net::TcpListener;

/// Takes `--listen ADDR`, by default 127.0.0.1:3000, and tells the address that it really is on
/// the first line of stdout: port 0 is any free one.
pub(crate) async fn serve(app: Router) -> Result<(), Box<dyn Error>> {
    let stop = shutdown::Shutdown::listen()?;
    let listener = TcpListener::bind(listen::address(env::args().skip(1))?).await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::select! {
        served = axum::serve(listener, app) => served?,
        () = stop.requested() => {}
    }
    Ok(())
}
