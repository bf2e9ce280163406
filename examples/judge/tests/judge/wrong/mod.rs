//! A server that is right, and wrong in one respect if a switch is on.
//!
//! It shares no code with the judge.

mod evaluate;
mod respond;
mod switch;
mod write;

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, atomic::AtomicU64},
    time::{SystemTime, UNIX_EPOCH},
};

use axum::body::Bytes;
use axum::http::{Request, Response};
use axum::{Router, body::Body};
use tower::service_fn;

pub(crate) use self::switch::{SWITCHES, Switch};
use crate::support::Server;

/// What is stored.
#[derive(Clone, Debug)]
struct Stored {
    content: Bytes,
    version: u64,
    /// Seconds since 1970.
    modified: i64,
}

#[derive(Debug)]
pub(crate) struct Wrong {
    switch: Option<Switch>,
    weak: bool,
    /// Whether writes need a precondition.
    required: bool,
    stored: Mutex<(u64, Option<Stored>)>,
    attempts: AtomicU64,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    pub(crate) switch: Option<Switch>,
    pub(crate) weak: bool,
    pub(crate) required: bool,
}

impl Wrong {
    pub(crate) async fn start(options: Options) -> Server {
        let content = Bytes::from_static(b"the content before all writes\n");
        let stored = Stored {
            content,
            version: 1,
            modified: now() - 1000,
        };
        let wrong = Arc::new(Self {
            switch: options.switch,
            weak: options.weak,
            required: options.required,
            stored: Mutex::new((1, Some(stored))),
            attempts: AtomicU64::new(0),
        });
        let service = service_fn(move |request: Request<Body>| {
            let wrong = Arc::clone(&wrong);
            async move { Ok::<Response<Body>, Infallible>(wrong.handle(request).await) }
        });
        Server::start(Router::new().fallback_service(service)).await
    }

    /// Whether this switch is on.
    fn is(&self, switch: Switch) -> bool {
        self.switch == Some(switch)
    }

    fn tag(&self, stored: &Stored) -> String {
        let weak = if self.weak { "W/" } else { "" };
        let version = match self.is(Switch::TagNeverChanges) {
            true => 1,
            false => stored.version,
        };
        match self.is(Switch::TagWithoutQuotes) {
            true => format!("Tag-a{version}"),
            false => format!("{weak}\"Tag-a{version}\""),
        }
    }

    fn current(&self) -> Option<Stored> {
        self.stored.lock().unwrap().1.clone()
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap().as_secs() as i64
}
