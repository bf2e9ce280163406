//! Serves an app until it is told to stop.

mod shutdown;

use std::error::Error;

use axum::Router;
use tokio::net::TcpListener;

/// Tells the address that it really is on the first line of stdout: port 0 is any free one.
pub(crate) async fn serve(address: &str, app: Router) -> Result<(), Box<dyn Error>> {
    let stop = shutdown::Shutdown::listen()?;
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::select! {
        served = axum::serve(listener, app) => served?,
        () = stop.requested() => {}
    }
    Ok(())
}
