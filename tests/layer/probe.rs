//! Probes: a service that records its requests, and a counter.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, request::Parts};
use http_body_util::Full;
use tower::Service;

pub(crate) type Respond = Arc<dyn Fn() -> Response<Full<Bytes>> + Send + Sync>;

/// The innermost service. It records the heads of its requests, and has one response for all.
#[derive(Clone)]
pub(crate) struct Handler {
    pub(crate) respond: Respond,
    pub(crate) seen: Arc<Mutex<Vec<Parts>>>,
}

impl Handler {
    pub(crate) fn new(respond: impl Fn() -> Response<Full<Bytes>> + Send + Sync + 'static) -> Self {
        Self {
            respond: Arc::new(respond),
            seen: Arc::default(),
        }
    }

    /// Returns the number of calls.
    pub(crate) fn calls(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Returns the head of the only request.
    #[track_caller]
    pub(crate) fn only_request(&self) -> Parts {
        let seen = self.seen.lock().unwrap();
        assert_eq!(seen.len(), 1, "calls of the handler");
        seen[0].clone()
    }
}

impl Default for Handler {
    fn default() -> Self {
        Self::new(|| Response::new(Full::from("content")))
    }
}

impl<B> Service<Request<B>> for Handler {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.seen.lock().unwrap().push(request.into_parts().0);
        ready(Ok((self.respond)()))
    }
}

#[derive(Clone, Default)]
pub(crate) struct AtomicCounter(Arc<AtomicUsize>);

impl AtomicCounter {
    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}
