//! Notes in a SQL database over HTTP, with no lost updates.
//!
//! ```text
//! cargo run -p example-notes -- [--listen ADDR] [--database URL]
//! ```
//!
//! Without `--database` the notes are in a temporary SQLite file. `sqlite:FILE` keeps them,
//! `postgres://USER:PASSWORD@HOST/NAME` runs the same code on PostgreSQL.

mod arguments;

use std::{error::Error, process::ExitCode, time::Duration};

use example_notes::{Store, notes, serve as serve_notes, temporary::TemporaryDirectory};
use example_support::shutdown::Shutdown;
use tokio::{net::TcpListener, sync::oneshot};

use arguments::Arguments;

const PATIENCE: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(problem) => {
            eprintln!("notes: {problem}\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    // Standard output is for what a reader or a script needs.
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
    // Before anybody is told that the service runs, so that it can be stopped from then on.
    let shutdown = Shutdown::listen()?;
    let listener = TcpListener::bind(&arguments.listen).await?;
    let address = listener.local_addr()?;

    // Dropped, and with it the notes, when the service has stopped.
    let directory;
    let database = match arguments.database {
        Some(database) => database,
        None => {
            directory = TemporaryDirectory::new("notes")?;
            format!("sqlite:{}", directory.path().join("notes.db").display())
        }
    };
    let store = Store::open(&database).await?;
    store.seed().await?;

    println!("listening on http://{address}");
    println!("{}", arguments::try_it(address));
    let (stop, stopping) = oneshot::channel::<()>();
    let serving = serve_notes(listener, notes(store.clone()), async {
        drop(stopping.await);
    });
    let patience = async {
        shutdown.requested().await;
        drop(stop);
        // For requests that are being answered. A client that stays half-way is not waited for.
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        () = serving => {}
        () = patience => {}
    }
    store.close().await;
    Ok(())
}
