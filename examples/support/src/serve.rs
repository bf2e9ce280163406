//! Serves an app until it is told to stop.

use std::error::Error;

use axum::Router;
use tokio::net::TcpListener;

use crate::shutdown::Shutdown;

/// Tells the address that it really is on the first line of stdout: port 0 is any free one.
pub async fn serve(address: &str, app: Router) -> Result<(), Box<dyn Error>> {
    let stop = Shutdown::listen()?;
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::select! {
        served = axum::serve(listener, app) => served?,
        () = stop.requested() => {}
    }
    Ok(())
}
