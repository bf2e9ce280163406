use std::{
    mem,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use http_body::Body;
use tower::{Layer, Service};

use super::{
    ClientBody, ClientError, ClientFuture, ConditionalClientLayer,
    future::Held,
    layer::Settings,
    prepare::{Plan, prepare},
};

/// Remembers validators and guards writes with them.
///
/// [`ConditionalClientLayer`] makes this service. See the [module docs](super).
#[derive(Clone, Debug)]
pub struct ConditionalClient<S> {
    inner: S,
    settings: Arc<Settings>,
}

impl<S> ConditionalClient<S> {
    /// Wraps a service with the settings of [`ConditionalClientLayer::new`].
    pub fn new(inner: S) -> Self {
        ConditionalClientLayer::new().layer(inner)
    }

    pub(super) fn with_settings(inner: S, settings: Arc<Settings>) -> Self {
        Self { inner, settings }
    }

    inner_service_accessors!();
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for ConditionalClient<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
    ReqBody: Default,
    ResBody: Body,
{
    type Response = Response<ClientBody<ResBody>>;
    type Error = ClientError<S::Error>;
    type Future = ClientFuture<S, ReqBody, ResBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx).map_err(ClientError::inner_failed)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let (mut head, body) = request.into_parts();
        match prepare(&self.settings, &mut head) {
            Plan::Send(exchange) => {
                let response = self.inner.call(Request::from_parts(head, body));
                ClientFuture::send(response, exchange)
            }
            Plan::Read { read, exchange } => {
                // The clone was not polled ready. It stays here, and the ready service is called.
                let clone = self.inner.clone();
                let mut inner = mem::replace(&mut self.inner, clone);
                let (read, read_exchange) = *read;
                let response = inner.call(Request::from_parts(read, ReqBody::default()));
                let held = Held::new(head, body, inner, exchange);
                ClientFuture::read_first(response, read_exchange, held)
            }
            Plan::Withhold(reason) => {
                ClientFuture::fail(ClientError::unsent(reason, head.method, head.uri))
            }
        }
    }
}
