//! Who is asked for validator metadata, and the answers.

mod answer;
mod bind;
mod by_head;
#[cfg(feature = "cache")]
mod cached;
mod closure;
mod first_known;
mod from_response;
mod on_demand;
mod oneshot;
mod representation;
mod service;

use std::future::Future;

use http::request::Parts;

#[cfg(feature = "cache")]
#[cfg_attr(docsrs, doc(cfg(feature = "cache")))]
pub use self::cached::{CacheKey, Cached, CachedFuture, CachedSource, UriKey, Watch, WatchFuture};
pub use self::{
    answer::{IntoAnswer, Selected, SourceError},
    bind::BindSource,
    by_head::{ByHead, HeadFuture, HeadSource},
    closure::{ReadyFn, ready_fn},
    first_known::{FirstKnown, FirstKnownFuture, FirstKnownSource},
    from_response::FromResponse,
    on_demand::OnDemand,
    oneshot::Oneshot,
    representation::Representation,
    service::ServiceSource,
};

/// Tells the validators of the representation that a request selects.
///
/// There are several ways in without implementing it:
///
/// - An asynchronous closure, `Fn(&Parts) -> impl Future`. It may borrow the request's head while
///   it makes its future, but not longer, for the head moves on to the handler.
/// - A closure that answers at once, wrapped in [`ready_fn`]. No future is made or polled.
/// - A Tower service, by [`ServiceSource`](crate::ServiceSource).
/// - The wrapped service itself, by [`ByHead`](crate::ByHead).
/// - The response, by [`FromResponse`](crate::FromResponse).
///
/// [`FirstKnown`](crate::FirstKnown) and `Cached` (feature `cache`) combine them. Where resources of
/// one router have different sources, give each route a layer of its own:
///
/// ```
/// use axum::{body::Body, routing::get, Router};
/// use tower::Layer;
/// use http::request::Parts;
/// use tower_conditional::{ready_fn, ByHead, ConditionalLayer, EntityTag, FromResponse};
///
/// # async fn document() {}
/// # async fn report() {}
/// # async fn mirror() {}
/// let by_head = ConditionalLayer::new(ByHead::<Body>::new());
/// let documents = ConditionalLayer::new(ready_fn(|_: &Parts| EntityTag::from_version(7)));
/// let app: Router = Router::new()
///     .route("/document", get(document).layer(documents))
///     .route("/report", get(report).layer(ConditionalLayer::new(FromResponse)))
///     .route_service("/mirror", by_head.layer(get(mirror).put(mirror)));
/// ```
///
/// The source reads validators *before* the handler reads the representation. A change in between
/// then costs one transfer too many, but never a lost update.
///
/// ```
/// use http::request::Parts;
/// use tower_conditional::{ConditionalLayer, EntityTag, Selected};
/// # #[derive(Clone)] struct Database;
/// # impl Database {
/// #     async fn version(&self, path: &str) -> Result<Option<u64>, std::io::Error> { Ok(Some(1)) }
/// # }
/// # let database = Database;
///
/// let layer = ConditionalLayer::new(move |head: &Parts| {
///     let (database, path) = (database.clone(), head.uri.path().to_owned());
///     async move {
///         let version = database.version(&path).await?;
///         Ok::<_, std::io::Error>(Selected::from(version.map(EntityTag::from_version)))
///     }
/// });
/// ```
pub trait ValidatorSource {
    /// Whether a response to GET or HEAD may lack what the source tells, so that it is worth asking
    /// it about an unconditional GET. Not so if it tells nothing but what is on responses anyway.
    const STAMPS: bool = true;

    /// What comes back: a [`Selected`], anything that becomes one, or a `Result` of it.
    type Answer: IntoAnswer;

    /// The future of an answer that has to be waited for.
    type Future: Future<Output = Self::Answer>;

    /// Asks for the representation that this request selects.
    ///
    /// A source that can answer at once does so by [`Ask::Ready`].
    fn ask(&self, head: &Parts) -> Ask<Self::Future, Self::Answer>;
}

/// An answer, or the future of one.
#[derive(Debug)]
pub enum Ask<F, A> {
    /// The answer.
    Ready(A),
    /// It has to be waited for.
    Pending(F),
}
