use std::task::{Context, Poll};

use tower::{Service, util::Oneshot};

/// Polls a service ready in the future of each call, and not in `poll_ready`.
///
/// [`ByHead`](super::ByHead) puts it between the layer and the wrapped service. If the service were
/// polled ready before the HEAD request is sent, a request would hold one permit of a concurrency
/// limit while its HEAD request waits for another. Requests could then wait for each other forever.
#[derive(Clone, Copy, Debug)]
pub struct OnDemand<S> {
    inner: S,
}

impl<S> OnDemand<S> {
    pub(crate) const fn new(inner: S) -> Self {
        Self { inner }
    }

    inner_service_accessors!();
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
