//! A notes service in which no update gets lost.
//!
//! ```sh
//! cargo run -p example-notes -- [--listen ADDR] [--database URL]
//! ```
//!
//! Without `--database` the notes are in a temporary SQLite file. `sqlite:FILE` keeps them in a
//! file, and `postgres://USER:PASSWORD@HOST/NAME` runs the same code on PostgreSQL.

mod arguments;

use std::{error::Error, process::ExitCode};

use example_notes::{Store, notes};
use example_support::{serve::serve_until, shutdown::Shutdown};
use tokio::net::TcpListener;

use arguments::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    let Some(arguments) = Arguments::parse(std::env::args().skip(1)) else {
        eprintln!("{}", arguments::USAGE);
        return ExitCode::from(2);
    };
    // Standard output is for readers and scripts, so the log goes to standard error.
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(arguments.log_level)
        .init();
    match serve(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("notes: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    // Before the first line is printed, so that the service can be stopped as soon as it is known.
    let shutdown = Shutdown::listen()?;
    let listener = TcpListener::bind(&arguments.listen).await?;
    let address = listener.local_addr()?;

    // Dropped when the service has stopped, which deletes the notes.
    let directory = tempfile::Builder::new().prefix("notes-").tempdir()?;
    let temporary = format!("sqlite:{}", directory.path().join("notes.db").display());
    let store = Store::open(&arguments.database.unwrap_or(temporary)).await?;
    store.seed().await?;

    println!("listening on http://{address}");
    println!("{}", arguments::try_it(address));
    let (app, patience) = (notes(store.clone(), arguments.patience), arguments.patience);
    serve_until(shutdown.requested(), listener, app, patience).await;
    store.close().await;
    Ok(())
}
