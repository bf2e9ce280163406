//! Sources of validators: where the layer gets the entity tag and the modification date from.
//!
//! | source | asks |
//! |---|---|
//! | [`source_fn`] | a closure that returns a future: a database, another service |
//! | [`ready_fn`] | a closure that answers at once |
//! | your own type | what its [`ValidatorSource`] implementation asks |
//! | [`ServiceSource`] | a Tower service, with layers around it |
//! | [`ByHead`] | the wrapped service itself, with a HEAD request |
//! | [`FromResponse`] | the handler's response, after the handler ran; for reads only |
//! | [`FromResponse::for_reads`] | the handler's response for reads, and another source for writes |
//! | `axum::from_fn` (feature `axum`) | an async function of axum's extractors |
//! | [`FirstKnown`] | one source, and a second one if the first does not know |
//! | `Cached` (feature `cache`) | a cache around another source |
//!
//! An `Arc` of a source is a source. [`ValidatorSource::boxed`] erases the type of one.
//!
//! # Rules
//!
//! 1. A source answers with a [`Selected`]: present with its validators, missing, unknown, answered
//!    by another response, or left to the handler. An error is a [`SourceError`] and never becomes
//!    the error of the service.
//! 2. The layer asks only if something depends on the answer: a precondition, a requirement, or
//!    validators to add to a response.
//! 3. The source reads the validators *before* the handler reads the representation. A change in
//!    between costs one transfer too many, but never an update.
//!
//! # Caveats
//!
//! - The source and the handler must mean the same resource. axum's `nest` removes a prefix from
//!   `uri.path()`, and percent-encoding gives one resource several paths. If the source then
//!   reports [`Selected::Missing`], nothing guards the write.
//! - A 304 and a 412 reveal that a resource exists. Authenticate before the layer, or let the
//!   source answer only for what the client may see.
//!
//! # Example
//!
//! Use one layer for each route whose resources have another source:
//!
//! ```
//! use axum::{body::Body, routing::get, Router};
//! use tower::Layer;
//! use tower_conditional::{ready_fn, ByHead, ConditionalLayer, EntityTag, FromResponse};
//!
//! # async fn document() {}
//! # async fn report() {}
//! # async fn mirror() {}
//! let by_head = ConditionalLayer::new(ByHead::<Body>::new());
//! let documents = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(7)));
//! let app: Router = Router::new()
//!     .route("/document", get(document).layer(documents))
//!     .route("/report", get(report).layer(ConditionalLayer::new(FromResponse)))
//!     .route_service("/mirror", by_head.layer(get(mirror).put(mirror)));
//! ```

mod answer;
mod boxed;
pub mod by_head;
#[cfg(feature = "cache")]
#[cfg_attr(docsrs, doc(cfg(feature = "cache")))]
pub mod cached;
mod closure;
pub mod first_known;
mod from_response;
mod lookup;
mod reads_from_response;
mod representation;
mod service_source;

use std::{future::Future, sync::Arc};

use http::request::Parts;

#[cfg(feature = "cache")]
#[cfg_attr(docsrs, doc(cfg(feature = "cache")))]
pub use self::cached::Cached;
pub use self::{
    answer::{Answer, IntoAnswer, Selected, SourceError},
    boxed::BoxedSource,
    by_head::ByHead,
    closure::{ReadyFn, SourceFn, ready_fn, source_fn},
    first_known::FirstKnown,
    from_response::FromResponse,
    lookup::{AnswerFuture, BoxLookup, Lookup},
    reads_from_response::{ReadsFromResponse, ReadsFromResponseSource},
    representation::Representation,
    service_source::ServiceSource,
};

/// Reports the validators of the representation that a request selects.
///
/// Most users need no implementation of their own: see the [module docs](self) for what is there.
/// Implement it for a type that holds a database pool, for example:
///
/// ```
/// use http::request::Parts;
/// use tower_conditional::{
///     source::{BoxLookup, Lookup},
///     ConditionalLayer, EntityTag, ValidatorSource,
/// };
/// # #[derive(Clone)] struct Pool;
/// # impl Pool {
/// #     async fn version(&self, id: u64) -> Result<Option<u64>, std::io::Error> { Ok(Some(1)) }
/// # }
///
/// #[derive(Clone, Copy)]
/// struct DocumentId(u64); // the router has put it into the extensions
///
/// #[derive(Clone)]
/// struct Documents {
///     pool: Pool,
/// }
///
/// impl ValidatorSource for Documents {
///     type Future = BoxLookup;
///
///     fn look_up(&self, head: &Parts) -> Lookup<BoxLookup> {
///         let (pool, id) = (self.pool.clone(), head.extensions.get().copied());
///         Lookup::boxed(async move {
///             let DocumentId(id) = id.ok_or_else(|| std::io::Error::other("no id"))?;
///             let version = pool.version(id).await?;
///             Ok::<_, std::io::Error>(version.map(EntityTag::from_version))
///         })
///     }
/// }
///
/// let layer = ConditionalLayer::new(Documents { pool: Pool });
/// ```
pub trait ValidatorSource {
    /// The future of an answer that has to be awaited.
    type Future: Future<Output = Answer>;

    /// Looks up the representation that this request selects.
    ///
    /// Return [`Lookup::Ready`] if the answer is known at once.
    fn look_up(&self, head: &Parts) -> Lookup<Self::Future>;

    /// Erases the type of the source.
    fn boxed(self) -> BoxedSource
    where
        Self: Sized + Send + Sync + 'static,
        Self::Future: Send + 'static,
    {
        BoxedSource::new(self)
    }

    /// Whether a response to GET or HEAD may lack what the source reports, so that the source is
    /// worth asking about an unconditional GET.
    #[doc(hidden)]
    fn adds_validators(&self) -> bool {
        true
    }
}

impl<V: ValidatorSource + ?Sized> ValidatorSource for Arc<V> {
    type Future = V::Future;

    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        (**self).look_up(head)
    }

    fn adds_validators(&self) -> bool {
        (**self).adds_validators()
    }
}

/// A source, or a type that becomes a source when a [`ConditionalLayer`](crate::ConditionalLayer)
/// wraps a service. Do not implement it outside of this crate.
///
/// Each [`ValidatorSource`] that is `Clone` implements it, and leaves the service unchanged. Other
/// types need the service: [`ByHead`](crate::ByHead) asks it, and `Cached` watches its writes.
#[doc(hidden)]
pub trait BindSource<S> {
    /// Whether the source asks the wrapped service, so that its answers about one service are not
    /// valid for another.
    const ASKS_SERVICE: bool = true;

    /// The source for this service.
    type Source: ValidatorSource;

    /// The service that the layer calls in place of the wrapped one.
    type Service;

    /// Returns the service that the layer calls, and the source.
    fn bind(&self, inner: S) -> (Self::Service, Self::Source);
}

impl<S, V: ValidatorSource + Clone> BindSource<S> for V {
    const ASKS_SERVICE: bool = false;

    type Source = V;
    type Service = S;

    fn bind(&self, inner: S) -> (Self::Service, Self::Source) {
        (inner, self.clone())
    }
}
