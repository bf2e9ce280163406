//! A notes service in which no update gets lost.
//!
//! ```sh
//! cargo run -p example-notes -- [--listen ADDR] [--database URL]
//! ```
//!
//! Without `--database` the notes are in a temporary SQLite file. `sqlite:FILE` keeps them in a
//! file, and `postgres://USER:PASSWORD@HOST/NAME` runs the same code on PostgreSQL.

use std::{error::Error, net::SocketAddr, time::Duration};

use clap::Parser;
use example_notes::{Store, notes};
use example_support::{serve::serve_until, shutdown::Shutdown};
use tokio::net::TcpListener;
use tracing_subscriber::filter::LevelFilter;

/// Serves notes in which no update gets lost.
#[derive(Parser)]
struct Arguments {
    /// Where to listen. Port 0 is any free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:3000")]
    listen: String,
    /// sqlite:FILE or postgres://… [default: a temporary SQLite file]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// How long a request may take
    #[arg(long, value_name = "SECONDS", default_value = "10")]
    patience: u64,
    /// Log every request to standard error
    #[arg(long)]
    verbose: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let level = if arguments.verbose {
        LevelFilter::DEBUG
    } else {
        LevelFilter::ERROR
    };
    // Standard output is for readers and scripts, so the log goes to standard error.
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr);
    log.with_max_level(level).init();

    // Before the first line is printed, so that the service can be stopped as soon as it is known.
    let shutdown = Shutdown::listen()?;
    let listener = TcpListener::bind(&arguments.listen).await?;
    let address = listener.local_addr()?;

    // Dropped when the service has stopped, which deletes the notes.
    let directory = tempfile::Builder::new().prefix("notes-").tempdir()?;
    let temporary = format!("sqlite:{}", directory.path().join("notes.db").display());
    let store = Store::open(&arguments.database.unwrap_or(temporary)).await?;
    store.seed().await?;

    println!("listening on http://{address}\n{}", try_it(address));
    let patience = Duration::from_secs(arguments.patience);
    let app = notes(store.clone(), patience);
    serve_until(shutdown.requested(), listener, app, patience).await;
    store.close().await;
    Ok(())
}

/// Requests to try, in an order that shows each kind of response.
fn try_it(address: SocketAddr) -> String {
    format!(
        r#"open that page in two tabs, or try:
  curl -i http://{address}/notes
  curl -i http://{address}/notes/1
  curl -i http://{address}/notes/1 -H 'If-None-Match: "1"'                                       # 304
  curl -i http://{address}/notes/1 -X PATCH --json '{{"title":"A"}}'                               # 428
  curl -i http://{address}/notes/1 -X PATCH --json '{{"title":"A"}}' -H 'If-Match: "1"'            # 200, the new ETag
  curl -i http://{address}/notes/1 -X PATCH --json '{{"title":"B"}}' -H 'If-Match: "1"'            # 412, the current ETag
  curl -i http://{address}/notes/9 -X PUT --json '{{"title":"C","text":""}}' -H 'If-None-Match: *'   # 201, again: 412
  curl -i http://{address}/notes --json '{{"title":"D","text":""}}'                                # 201, Location
  curl -i http://{address}/notes/1 -X DELETE -H 'If-Match: *'                                    # 204"#
    )
}
