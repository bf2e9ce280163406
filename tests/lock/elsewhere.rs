//! Locks of other kinds.

use std::{
    future::{Ready, ready},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::{Extensions, Response};
use tower_conditional::{
    Decision, Field,
    lock::{Lock, WriteLock},
    source::SourceError,
};

use crate::support::{Body, Resource, put, request, settle, spawn};

/// A lock that fails, or counts who holds it.
#[derive(Clone)]
struct Remote {
    fails: bool,
    held: Arc<AtomicUsize>,
}

struct Lease(Arc<AtomicUsize>);

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Clone)]
struct Connection(&'static str);

impl Lock for Remote {
    type Guard = Lease;
    type Error = &'static str;
    type Future = Ready<Result<Lease, &'static str>>;

    fn lock(&self, key: &[u8]) -> Self::Future {
        assert_eq!(key, b"a");
        if self.fails {
            return ready(Err("no connection"));
        }
        self.held.fetch_add(1, Ordering::SeqCst);
        ready(Ok(Lease(self.held.clone())))
    }

    fn share(_: &Lease, extensions: &mut Extensions) {
        extensions.insert(Connection("the locked one"));
    }
}

#[test]
fn a_lock_can_share_what_the_handler_writes_with() {
    let held = Arc::new(AtomicUsize::new(0));
    let seen = held.clone();
    let resource = Resource::open().acting(move |head| {
        assert_eq!(seen.load(Ordering::SeqCst), 1);
        let connection = head.extensions.get::<Connection>().unwrap();
        assert_eq!(connection.0, "the locked one");
        Response::new(Body::default())
    });
    let remote = Remote { fails: false, held };
    let app = resource.service(WriteLock::held_by(remote.clone()));
    assert_eq!(
        settle(&mut spawn(&app, put("/a", 1))).unwrap().status(),
        200
    );
    assert_eq!(remote.held.load(Ordering::SeqCst), 0);
}

#[test]
fn a_lock_that_fails_is_a_503_and_nothing_is_written() {
    let resource = Resource::open();
    let held = Arc::default();
    let app = resource.service(WriteLock::held_by(Remote { fails: true, held }));
    for (tag, field) in [(Some(1), Some(Field::IfMatch)), (None, None)] {
        let write = request(http::Method::PUT, "/a", tag);
        let refused = settle(&mut spawn(&app, write)).unwrap();
        assert_eq!(refused.status(), 503);
        assert_eq!(refused.headers()["retry-after"], "1");
        let extensions = refused.extensions();
        assert_eq!(extensions.get(), Some(&Decision::Undecidable(field)));
        let error = extensions.get::<SourceError>().unwrap();
        let error = std::error::Error::source(error).unwrap();
        assert_eq!(error.to_string(), "no connection");
    }
    assert_eq!(resource.version(), 1);
    assert_eq!(resource.running.load(Ordering::SeqCst), 0);
}
