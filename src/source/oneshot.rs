use std::{
    any::type_name,
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project::pin_project;
use tower::Service;

/// Waits until a service is ready, calls this very instance once, and waits for its response.
///
/// The future of [`ServiceSource`](crate::ServiceSource) and of [`OnDemand`](crate::OnDemand).
/// Dropping it drops the instance, and with it whatever its readiness reserved.
#[pin_project]
pub struct Oneshot<S: Service<Req>, Req> {
    #[pin]
    state: State<S, Req>,
}

#[pin_project(project = StateProjection)]
enum State<S: Service<Req>, Req> {
    Preparing {
        service: S,
        request: Option<Req>,
    },
    Called {
        #[pin]
        response: S::Future,
    },
}

impl<S: Service<Req>, Req> Oneshot<S, Req> {
    pub(super) const fn new(service: S, request: Req) -> Self {
        Self {
            state: State::Preparing {
                service,
                request: Some(request),
            },
        }
    }
}

impl<S: Service<Req>, Req> Future for Oneshot<S, Req> {
    type Output = Result<S::Response, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            let response = match state.as_mut().project() {
                StateProjection::Called { response } => return response.poll(cx),
                StateProjection::Preparing { service, request } => {
                    ready!(service.poll_ready(cx))?;
                    let request = mem::take(request);
                    service.call(request.expect("`Oneshot` polled after completion"))
                }
            };
            state.set(State::Called { response });
        }
    }
}

impl<S: Service<Req>, Req> fmt::Debug for Oneshot<S, Req> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Preparing { .. } => "Preparing",
            State::Called { .. } => "Called",
        };
        f.debug_struct("Oneshot")
            .field("service", &type_name::<S>())
            .field("state", &state)
            .finish()
    }
}
