//! Serves an app until it is stopped.

use std::error::Error;

use axum::Router;
use tokio::net::TcpListener;

use crate::shutdown::Shutdown;

/// Prints the address on the first line of stdout, with the port that was assigned to port 0.
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
