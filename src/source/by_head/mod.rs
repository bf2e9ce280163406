//! A source that sends HEAD requests to the wrapped service.
//!
//! [`ByHead`] needs no knowledge of the resources. It works around each service that responds to
//! HEAD as it does to GET, without the content (RFC 9110 section 9.3.2): tower-http's `ServeDir`,
//! an axum router, a reverse proxy.
//!
//! # Example
//!
//! ```
//! use axum::{body::Body, response::IntoResponse, routing::get, Router};
//! use http::Request;
//! use tower::{Layer, ServiceExt};
//! use tower_conditional::{ByHead, ConditionalLayer};
//! use tower_http::services::ServeDir;
//!
//! async fn read() -> impl IntoResponse {
//!     ([("etag", "\"7\"")], "content")
//! }
//! async fn write() {}
//!
//! let layer = ConditionalLayer::new(ByHead::<Body>::new());
//! let app: Router = Router::new()
//!     .nest_service("/files", layer.layer(ServeDir::new("files")))
//!     .route_service("/document", layer.layer(get(read).put(write)));
//!
//! // All routes of a router:
//! let pages: Router = Router::new().route("/page", get(read).put(write));
//! let app = app.fallback_service(layer.layer(pages));
//!
//! # tokio_test::block_on(async {
//! // The layer sends a HEAD request to `read`, and does not call `write`.
//! let put = Request::put("/document").header("if-match", "\"6\"");
//! let response = app.oneshot(put.body(Body::empty()).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 412);
//! # });
//! ```
//!
//! # Rules, in order
//!
//! 1. The source is asked only if the response depends on it: if the request has a precondition, or
//!    is a write that may need one. The layer adds no validators to responses, because the service
//!    sets its own.
//! 2. The source sends a HEAD request to a clone of the service. It is a copy of the request's
//!    head, including the extensions. Its body is the default value of its type. These fields are
//!    left out:
//!    - the conditional fields, also those of WebDAV and CalDAV (`If`, `If-*`), and `Range`;
//!    - fields that frame or describe content: `Content-*`, `Digest`, `Repr-Digest`, `Expect`,
//!      `Trailer`, `Transfer-Encoding`, and `Signature` and `Signature-Input`, which cover it;
//!    - fields that make another request of it: `X-HTTP-Method-Override`, `X-HTTP-Method`,
//!      `X-Method-Override`, `Upgrade` and `HTTP2-Settings`;
//!    - `Idempotency-Key`, which says that the request may be repeated as it is.
//! 3. The source evaluates the response by the table below.
//! 4. If the method is to be performed, the layer calls the service with the request itself.
//!
//! | response to HEAD | safe request | unsafe request that depends on the state |
//! |---|---|---|
//! | 2xx | evaluated against its `ETag` and `Last-Modified` | evaluated against its `ETag` and `Last-Modified` |
//! | 2xx whose `ETag` is not exactly one entity tag | evaluated without an entity tag | 503 |
//! | 404, 410 | performed | evaluated: there is no representation |
//! | 401, 403, 301, 302, 303, 307, 308 | performed | this response, without its content |
//! | any other status, or an error | performed | 503 |
//!
//! If the last two rows let a safe request through, its preconditions are evaluated against the
//! response, as with [`FromResponse`](crate::FromResponse). The same happens for each QUERY: a HEAD
//! for the same URI says nothing of its result. The docs of [`refusal`](crate::refusal) list the
//! fields of the response to HEAD that a 304 repeats (section 15.4.5).
//!
//! # Caveats
//!
//! - Another writer can come between the HEAD request and the write. This source makes that gap
//!   short, but only the store can close it, see
//!   [`guide::lost_updates`](crate::guide::lost_updates).
//! - Layers inside see two requests. They count and log both.
//! - The layer must wrap the code that distinguishes the methods. axum's `route_layer` and `layer`
//!   wrap the handler of each method on its own, so the HEAD request for a PUT would run the
//!   handler of PUT. Wrap the router or the method router from the outside, as in the example. The
//!   other way does not compile, see [`ByHead`](ByHead#in-axum).
//! - The wrapped service is polled ready in the future of the call, and not in `poll_ready`, see
//!   [`OnDemand`].

mod future;
mod on_demand;
mod request;
mod response;

use std::{any::type_name, error::Error, fmt, marker::PhantomData};

use http::{Request, Response, request::Parts};
use tower::Service;

pub use self::{future::HeadFuture, on_demand::OnDemand};
use super::{BindSource, Lookup, Selected, ValidatorSource};
use crate::precondition::is_query;

/// Asks the wrapped service for validators with a HEAD request.
///
/// `B` is the type of request bodies. See the [module docs](self) for the rules and an example.
///
/// # In axum
///
/// `ByHead` does not implement `Clone`, and so neither does a layer with it. axum's `route_layer`
/// and `layer` clone their layer for the handler of each method. A HEAD request to the handler of
/// PUT would be a write, so they must not get this layer:
///
/// ```compile_fail,E0277
/// use axum::{body::Body, routing::get, Router};
/// use tower_conditional::{ByHead, ConditionalLayer};
///
/// let layer = ConditionalLayer::new(ByHead::<Body>::new());
/// let app: Router = Router::new().route("/", get(|| async {}).put(|| async {}).route_layer(layer));
/// ```
///
/// ```text
/// error[E0277]: the trait bound `ByHead<Body>: Clone` is not satisfied
/// note: required for `ConditionalLayer<ByHead<Body>>` to implement `Clone`
/// ```
///
/// If you see this error, apply the layer with [`tower::Layer::layer`] and route to the result:
///
/// ```
/// use axum::{body::Body, routing::get, Router};
/// use tower::Layer;
/// use tower_conditional::{ByHead, ConditionalLayer};
///
/// let layer = ConditionalLayer::new(ByHead::<Body>::new());
/// let document = layer.layer(get(|| async {}).put(|| async {}));
/// let app: Router = Router::new().route_service("/", document);
/// ```
///
/// `Router::layer`, and a `ServiceBuilder` in either of them, do not take it:
///
/// ```compile_fail,E0277
/// # use axum::{body::Body, routing::get, Router};
/// # use tower_conditional::{ByHead, ConditionalLayer};
/// let layer = ConditionalLayer::new(ByHead::<Body>::new());
/// let app: Router = Router::new().route("/", get(|| async {})).layer(layer);
/// ```
///
/// ```compile_fail,E0277
/// # use axum::{body::Body, routing::get, Router};
/// # use tower_conditional::{ByHead, ConditionalLayer};
/// let layer = ConditionalLayer::new(ByHead::<Body>::new());
/// let layers = tower::ServiceBuilder::new().layer(layer);
/// let app: Router = Router::new().route("/", get(|| async {})).layer(layers);
/// ```
///
/// Nor do they take [`FirstKnown`](super::FirstKnown) or `Cached` (feature `cache`) with a `ByHead`
/// in it:
///
/// ```compile_fail,E0277
/// # use axum::{body::Body, routing::get, Router};
/// # use tower_conditional::{ready_fn, source::FirstKnown, ByHead, ConditionalLayer, EntityTag};
/// let pages = ready_fn(|_| EntityTag::from_version(7));
/// let layer = ConditionalLayer::new(FirstKnown::new(pages, ByHead::<Body>::new()));
/// let app: Router = Router::new().route("/", get(|| async {}).route_layer(layer));
/// ```
///
/// # Panics
///
/// A `&'static` reference to the layer, or `layer_fn` around it, can be cloned. If axum applies one of
/// these to the handler of one method, that panics while the router is built.
pub struct ByHead<B> {
    body: PhantomData<fn() -> B>,
}

impl<B> ByHead<B> {
    /// Creates a source that asks the service that the layer wraps.
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
        assert!(
            !type_name::<S>().contains("axum::routing::route::Route"),
            "`ByHead` wraps the handler of one method, so that its HEAD for a PUT would be a write: \
             apply the layer to the `MethodRouter` or `Router` with `tower::Layer::layer`"
        );
        let source = HeadSource::new(inner.clone());
        (OnDemand::new(inner), source)
    }
}

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

/// Asks a given service for validators with a HEAD request.
///
/// [`ByHead`] becomes a `HeadSource` when the layer wraps a service. Use it on its own to ask a
/// service other than the wrapped one, such as the upstream of a cache:
///
/// ```
/// use std::convert::Infallible;
/// use http::{Request, Response};
/// use tower::service_fn;
/// use tower_conditional::{source::by_head::HeadSource, ConditionalLayer};
///
/// let upstream = service_fn(|_: Request<String>| async {
///     Ok::<_, Infallible>(Response::builder().header("etag", "\"7\"").body(()).unwrap())
/// });
/// let layer = ConditionalLayer::new(HeadSource::<_, String>::new(upstream));
/// ```
pub struct HeadSource<S, B> {
    service: S,
    body: PhantomData<fn() -> B>,
}

impl<S, B> HeadSource<S, B> {
    /// Creates a source that asks `service`.
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
        if is_query(&head.method) {
            // A HEAD asks about the resource at this URI, and not about the result of the query.
            return Lookup::Ready(Ok(Selected::Unknown));
        }
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
