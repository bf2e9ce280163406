use std::{
    mem,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use http_body::Body;
use tower::{Layer, Service};

use super::{
    ClientError, ConditionalClientLayer, ResponseBody, ResponseFuture,
    config::Config,
    future::Held,
    prepare::{Plan, prepare},
};

/// The service that [`ConditionalClientLayer`] makes. See the [module's docs](super).
#[derive(Clone, Debug)]
pub struct ConditionalClient<S> {
    inner: S,
    config: Arc<Config>,
}

impl<S> ConditionalClient<S> {
    /// Wraps `inner` with the settings of [`ConditionalClientLayer::new`].
    pub fn new(inner: S) -> Self {
        ConditionalClientLayer::new().layer(inner)
    }

    pub(super) fn with_config(inner: S, config: Arc<Config>) -> Self {
        Self { inner, config }
    }

    /// The wrapped service.
    pub const fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The wrapped service, mutably.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The wrapped service, by value.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for ConditionalClient<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
    ReqBody: Default,
    ResBody: Body,
{
    type Response = Response<ResponseBody<ResBody>>;
    type Error = ClientError<S::Error>;
    type Future = ResponseFuture<S, ReqBody, ResBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx).map_err(ClientError::inner_failed)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let (mut head, body) = request.into_parts();
        match prepare(&self.config, &mut head) {
            Plan::Send(exchange) => {
                let response = self.inner.call(Request::from_parts(head, body));
                ResponseFuture::send(response, exchange)
            }
            Plan::Read { read, exchange } => {
                // The clone has not been polled ready: it stays here, and the ready one is called.
                let clone = self.inner.clone();
                let mut inner = mem::replace(&mut self.inner, clone);
                let (read, read_exchange) = *read;
                let response = inner.call(Request::from_parts(read, ReqBody::default()));
                let held = Held::new(head, body, inner, exchange);
                ResponseFuture::read_first(response, read_exchange, held)
            }
            Plan::Keep(reason) => {
                ResponseFuture::fail(ClientError::unsent(reason, head.method, head.uri))
            }
        }
    }
}
