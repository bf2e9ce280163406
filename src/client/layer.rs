use std::sync::Arc;

use http::{HeaderName, Method};
use tower::Layer;

use super::{BodyTag, ConditionalClient, Guard, ValidatorStore, config::Config};

/// Remembers validators and guards writes with them. See the [module's docs](super).
#[must_use = "a layer does nothing until a service is wrapped in it"]
#[derive(Clone, Debug, Default)]
pub struct ConditionalClientLayer {
    config: Arc<Config>,
}

impl ConditionalClientLayer {
    /// Remembers 1024 resources in memory, and guards PUT, PATCH and DELETE
    /// [when a tag is known](Guard::WhenKnown).
    ///
    /// Clones, and all services that they wrap, share what they remember.
    pub fn new() -> Self {
        Self::default()
    }

    fn with(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(Arc::make_mut(&mut self.config));
        self
    }

    /// Remembers in `store`.
    pub fn store(self, store: impl ValidatorStore) -> Self {
        self.with(|config| config.store = Arc::new(store))
    }

    /// Guards PUT, PATCH and DELETE in this way.
    pub fn guard(self, guard: Guard) -> Self {
        self.with(|config| config.guards.set_writes(guard))
    }

    /// Guards this method in this way, whatever [`guard`](Self::guard) says. A method other than PUT,
    /// PATCH and DELETE then counts as a write of the resource that its URI names.
    ///
    /// ```
    /// use http::Method;
    /// use tower_conditional::client::{ConditionalClientLayer, Guard};
    ///
    /// let layer = ConditionalClientLayer::new()
    ///     .guard(Guard::ReadFirst)
    ///     .guard_method(Method::DELETE, Guard::Off);
    /// ```
    pub fn guard_method(self, method: Method, guard: Guard) -> Self {
        self.with(|config| config.guards.set(method, guard))
    }

    /// Looks for entity tags in JSON bodies, too. Such a tag guards a write in preference to that of
    /// the `ETag` field, which proxies rewrite.
    pub fn body_tag(self, place: BodyTag) -> Self {
        self.with(|config| config.body_tag = Some(place))
    }

    /// Tells requests apart by these fields, in place of `Authorization`: what was learned with one
    /// user's credentials is not used with another's.
    ///
    /// A field whose value changes from request to request (a signature, a cookie) makes the layer
    /// forget, and so leaves writes without a guard.
    pub fn credentials(self, fields: impl IntoIterator<Item = HeaderName>) -> Self {
        self.with(|config| config.credentials = fields.into_iter().collect())
    }

    /// Whether every GET and HEAD asks for changes only, as with
    /// [`Revalidate`](super::Revalidate). For use under a cache that keeps representations; by
    /// default it does not.
    pub fn revalidate(self, yes: bool) -> Self {
        self.with(|config| config.revalidate = yes)
    }
}

impl<S> Layer<S> for ConditionalClientLayer {
    type Service = ConditionalClient<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ConditionalClient::with_config(inner, Arc::clone(&self.config))
    }
}
