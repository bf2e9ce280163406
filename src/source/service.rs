use std::{any::type_name, error::Error, fmt};

use http::{Request, request::Parts};
use tower::Service;

use super::{Ask, Oneshot, Selected, ValidatorSource};

/// Asks a Tower service for validators, so that any stack of Tower's layers can stand around the
/// answer: a timeout, a concurrency limit, load shedding, a buffer, retries.
///
/// Its request is a copy of the head, extensions included, as a `Request<()>`: the type that every
/// layer made for HTTP takes, and that retries can clone. Its response is a [`Selected`] or
/// anything that becomes one. Its errors are those of a source that failed: a safe request is
/// performed all the same, an unsafe one that depends on the answer is answered 503.
///
/// Each question goes to a clone that is polled until it is ready and then called. The service has
/// to be `Sync` where the whole has to be `Send`: [`tower::util::BoxCloneSyncService`] is,
/// `BoxCloneService` is not.
///
/// [`tower::util::BoxCloneSyncService`]: https://docs.rs/tower/0.5/tower/util/struct.BoxCloneSyncService.html
///
/// ```
/// use std::{convert::Infallible, time::Duration};
/// use http::Request;
/// use tower::{service_fn, ServiceBuilder};
/// use tower_conditional::{ConditionalLayer, EntityTag, ServiceSource};
///
/// let versions = ServiceBuilder::new()
///     .load_shed()
///     .concurrency_limit(64)
///     .timeout(Duration::from_millis(200))
///     .service(service_fn(|head: Request<()>| async move {
///         Ok::<_, Infallible>(match head.uri().path() {
///             "/about" => Some(EntityTag::from_version(7)),
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
    /// Asks this service.
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
    type Answer = Result<S::Response, S::Error>;
    type Future = Oneshot<S, Request<()>>;

    fn ask(&self, head: &Parts) -> Ask<Self::Future, Self::Answer> {
        let request = Request::from_parts(head.clone(), ());
        Ask::Pending(Oneshot::new(self.service.clone(), request))
    }
}

impl<S> fmt::Debug for ServiceSource<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServiceSource")
            .field(&type_name::<S>())
            .finish()
    }
}
