use std::{any::type_name, error::Error, fmt};

use http::{Request, request::Parts};
use tower::{Service, util::Oneshot};

use super::{Lookup, Selected, ValidatorSource, lookup::AnswerFuture};

/// Asks a Tower service for validators, so that any of Tower's layers can wrap the look-up: a
/// timeout, a concurrency limit, load shedding, a buffer, retries.
///
/// The request to the service is a copy of the head, extensions included, as a `Request<()>`. The
/// response is a [`Selected`], or a type that converts to one. An error of the service is an error
/// of the source: a safe request is still performed, and an unsafe one that depends on the answer
/// is answered 503.
///
/// Each look-up clones the service, waits until the clone is ready, and calls it. The service must
/// be `Sync` if the wrapped service has to be `Send`: use [`tower::util::BoxCloneSyncService`] in
/// place of `BoxCloneService`.
///
/// ```
/// use std::{convert::Infallible, time::Duration};
/// use http::Request;
/// use tower::{service_fn, ServiceBuilder};
/// use tower_conditional::{source::ServiceSource, ConditionalLayer, EntityTag};
///
/// #[derive(Clone, Copy)]
/// struct DocumentId(u64); // the router has put it into the extensions
///
/// let versions = ServiceBuilder::new()
///     .load_shed()
///     .concurrency_limit(64)
///     .timeout(Duration::from_millis(200))
///     .service(service_fn(|head: Request<()>| async move {
///         Ok::<_, Infallible>(match head.extensions().get() {
///             Some(DocumentId(7)) => Some(EntityTag::from_version(1)),
///             _ => None,
///         })
///     }));
/// let layer = ConditionalLayer::new(ServiceSource::new(versions));
/// ```
#[derive(Clone, Copy)]
pub struct ServiceSource<S> {
    service: S,
}

impl<S> ServiceSource<S> {
    /// Creates a source that asks `service`.
    pub const fn new(service: S) -> Self {
        Self { service }
    }
}

impl<S> ValidatorSource for ServiceSource<S>
where
    S: Service<Request<()>> + Clone,
    S::Response: Into<Selected>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Future = AnswerFuture<Oneshot<S, Request<()>>>;

    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        let request = Request::from_parts(head.clone(), ());
        let future = Oneshot::new(self.service.clone(), request);
        Lookup::Pending(AnswerFuture { future })
    }
}

impl<S> fmt::Debug for ServiceSource<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServiceSource")
            .field(&type_name::<S>())
            .finish()
    }
}
