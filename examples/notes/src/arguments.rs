//! The command line, and the requests to try.

use std::{net::SocketAddr, time::Duration};

use example_support::serve::PATIENCE;
use tracing_subscriber::filter::LevelFilter;

pub(crate) const USAGE: &str = "\
usage: notes [--listen ADDR] [--database URL] [--patience SECONDS] [--verbose]
  --listen ADDR       where to listen; port 0 is any free one (default: 127.0.0.1:3000)
  --database URL      sqlite:FILE or postgres://… (default: a temporary SQLite file)
  --patience SECONDS  how long a request may take (default: 10)
  --verbose           log every request to standard error";

pub(crate) struct Arguments {
    pub(crate) listen: String,
    pub(crate) database: Option<String>,
    pub(crate) patience: Duration,
    pub(crate) log_level: LevelFilter,
}

impl Arguments {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut parsed = Self {
            listen: "127.0.0.1:3000".to_owned(),
            database: None,
            patience: PATIENCE,
            log_level: LevelFilter::ERROR,
        };
        while let Some(name) = arguments.next() {
            match name.as_str() {
                "--listen" => parsed.listen = arguments.next()?,
                "--database" => parsed.database = Some(arguments.next()?),
                "--patience" => {
                    parsed.patience = Duration::from_secs(arguments.next()?.parse().ok()?);
                }
                "--verbose" => parsed.log_level = LevelFilter::DEBUG,
                _ => return None,
            }
        }
        Some(parsed)
    }
}

/// Requests to try, in an order that shows each kind of response.
pub(crate) fn try_it(address: SocketAddr) -> String {
    format!(
        r#"try:
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
