use std::task::{Context, Poll};

use tower::Service;

use super::Oneshot;

/// A service that is ready at any time, for it asks for the readiness of the wrapped one only when
/// it is used.
///
/// [`ByHead`](crate::ByHead) puts it between the layer and the wrapped service. Were the
/// instance for the request itself polled ready first, a request would hold one place of a
/// concurrency limit while its HEAD waits for another, and as many requests as there are places
/// would wait for each other for ever.
#[derive(Clone, Copy, Debug)]
pub struct OnDemand<S> {
    inner: S,
}

impl<S> OnDemand<S> {
    pub(super) const fn new(inner: S) -> Self {
        Self { inner }
    }

    /// The wrapped service.
    pub const fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The wrapped service, by value.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, Req> Service<Req> for OnDemand<S>
where
    S: Service<Req> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Oneshot<S, Req>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Req) -> Self::Future {
        Oneshot::new(self.inner.clone(), request)
    }
}
