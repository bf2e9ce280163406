//! Notes in a SQL database over HTTP, with no lost updates.
//!
//! ```text
//! cargo run -p example-notes -- [--listen ADDR] [--database URL]
//! ```
//!
//! Without `--database` the notes are in a temporary SQLite file. `sqlite:FILE` keeps them in a
//! file, and `postgres://USER:PASSWORD@HOST/NAME` runs the same code on PostgreSQL.

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
        // Waits for requests in progress, but not for a client that stops half-way.
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        () = serving => {}
        () = patience => {}
    }
    store.close().await;
    Ok(())
}
