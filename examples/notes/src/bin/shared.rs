//! `cargo run -p example-notes --bin shared -- --database postgres://… [--listen ADDR]`

use std::{env::args, error::Error, time::Duration};

use example_notes::{PgAdvisoryLock, shared};
use example_support::{listen, serve};
use sqlx::postgres::PgPoolOptions;
use tower_conditional::lock::WriteLock;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = args().skip(1).collect();
    let at = arguments.iter().position(|it| it == "--database");
    let at = at.filter(|at| at + 1 < arguments.len());
    let at = at.ok_or("usage: shared --database URL [--listen ADDR:PORT]")?;
    let database = arguments.drain(at..at + 2).nth(1).unwrap_or_default();
    let address = listen::address(arguments.into_iter())?;
    let pool = || PgPoolOptions::new().max_connections(8).connect(&database);
    let (data, locks) = (pool().await?, pool().await?);
    shared::create_table(&data).await?;
    let lock = WriteLock::held_by(PgAdvisoryLock::new(locks))
        .timeout(|| tokio::time::sleep(Duration::from_secs(10)));
    serve(&address, shared::texts(data, lock)).await
}
