//! The wrapped service itself, asked by HEAD.

mod future;
mod on_demand;
mod request;
mod response;

use std::{any::type_name, error::Error, fmt, marker::PhantomData};

use http::{Request, Response, request::Parts};
use tower::Service;

pub use self::{future::HeadFuture, on_demand::OnDemand};
use super::{BindSource, Lookup, ValidatorSource};

/// Asks the wrapped service itself, by HEAD: the answer's status tells whether preconditions apply
/// at all, and its fields are the validators.
///
/// It works around anything that answers HEAD as it would GET: tower-http's `ServeDir`, an axum
/// router, a reverse proxy. The HEAD is a copy of the request's head, extensions included, without
/// the conditional fields, `Range`, and the fields of a request body.
///
/// | HEAD is answered | safe request | unsafe request that depends on it |
/// |---|---|---|
/// | 2xx | evaluated with its `ETag`, `Last-Modified`, and the fields that a 304 repeats | the same |
/// | 2xx, but its `ETag` is not exactly one entity tag | evaluated without a tag | answered 503 |
/// | 404, 410 | performed | evaluated: there is no representation |
/// | 401, 403, a redirection | performed | answered as the HEAD was |
/// | anything else, or an error | performed | answered 503 |
///
/// A safe request that is performed without an answer is evaluated against the validators of its
/// own response, as by [`FromResponse`](crate::FromResponse).
///
/// Only a request that depends on the answer costs a HEAD: one with a precondition, or a write
/// under a requirement. Nothing is stamped, since the service's own responses carry its validators.
///
/// `B` is the type of request bodies; HEAD is sent with its default.
///
/// # Caveats
///
/// - The wrapped service sees HEAD and then the request. Between the two another writer may come,
///   so this narrows the gap in which updates are lost, but only the store can close it.
/// - Layers inside see two requests, and count and log two.
/// - It has to wrap whatever tells methods apart. axum's `Router::layer` and `MethodRouter::layer` do
///   not: they wrap the handler of each method on its own, and the HEAD that is sent on behalf of a
///   PUT would run the handler of PUT. Wrap the router or the method router from outside, as below.
/// - The wrapped service's readiness is waited for when it is used, not in `poll_ready`: see
///   [`OnDemand`].
///
/// ```
/// use axum::{body::Body, routing::get, Router};
/// use tower::Layer;
/// use tower_conditional::{ByHead, ConditionalLayer};
/// use tower_http::services::ServeDir;
///
/// # async fn read() {}
/// # async fn write() {}
/// let layer = ConditionalLayer::new(ByHead::<Body>::new());
/// let app: Router = Router::new()
///     .nest_service("/files", layer.layer(ServeDir::new("files")))
///     .route_service("/document", layer.layer(get(read).put(write)));
///
/// // All routes of a router:
/// let pages: Router = Router::new().route("/page", get(read).put(write));
/// let app = app.fallback_service(layer.layer(pages));
/// ```
pub struct ByHead<B> {
    body: PhantomData<fn() -> B>,
}

impl<B> ByHead<B> {
    /// Asks whichever service the layer wraps.
    pub const fn new() -> Self {
        Self { body: PhantomData }
    }
}

impl<S: Clone, B, ResBody> BindSource<S> for ByHead<B>
where
    S: Service<Request<B>, Response = Response<ResBody>>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Default,
{
    type Source = HeadSource<S, B>;
    type Service = OnDemand<S>;

    fn bind(&self, inner: S) -> (Self::Service, Self::Source) {
        let source = HeadSource::new(inner.clone());
        (OnDemand::new(inner), source)
    }
}

impl<B> Clone for ByHead<B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B> Copy for ByHead<B> {}

impl<B> Default for ByHead<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<B> fmt::Debug for ByHead<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByHead")
    }
}

/// Asks a service for validators by HEAD: what [`ByHead`] becomes when it meets the wrapped
/// service.
///
/// On its own it asks another service than the wrapped one, the upstream of a cache for instance.
pub struct HeadSource<S, B> {
    service: S,
    body: PhantomData<fn() -> B>,
}

impl<S, B> HeadSource<S, B> {
    /// Asks this service.
    pub const fn new(service: S) -> Self {
        Self {
            service,
            body: PhantomData,
        }
    }
}

impl<S, B, ResBody> ValidatorSource for HeadSource<S, B>
where
    S: Service<Request<B>, Response = Response<ResBody>> + Clone,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Default,
{
    type Future = HeadFuture<S, B>;

    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        Lookup::Pending(HeadFuture::new(self.service.clone(), head))
    }

    fn adds_validators(&self) -> bool {
        false
    }
}

impl<S: Clone, B> Clone for HeadSource<S, B> {
    fn clone(&self) -> Self {
        Self::new(self.service.clone())
    }
}

impl<S, B> fmt::Debug for HeadSource<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HeadSource")
            .field(&type_name::<S>())
            .finish()
    }
}
