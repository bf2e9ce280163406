use std::{fmt, sync::Arc};

use http::{HeaderName, Method, header::AUTHORIZATION};
use tower::Layer;

use super::{
    BodyTag, ConditionalClient, Guard,
    guard::Guards,
    store::{MemoryStore, ValidatorStore},
};

/// Remembers validators and guards writes with them.
///
/// See the [module docs](super).
#[must_use = "a layer does nothing until it wraps a service"]
#[derive(Clone, Debug, Default)]
pub struct ConditionalClientLayer {
    settings: Arc<Settings>,
}

impl ConditionalClientLayer {
    /// Creates a layer that remembers 1024 resources in memory, and guards PUT, PATCH and DELETE
    /// [when a tag is known](Guard::WhenKnown).
    ///
    /// Clones of the layer share their memory, and so do all services that they wrap.
    pub fn new() -> Self {
        Self::default()
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        self
    }

    /// Sets the store for validators.
    ///
    /// Default: a [`MemoryStore`] for 1024 resources.
    pub fn store(self, store: impl ValidatorStore) -> Self {
        self.with(|settings| settings.store = Arc::new(store))
    }

    /// Sets how PUT, PATCH and DELETE are guarded.
    ///
    /// A [`Guard`] in the extensions of a request takes precedence. Default: [`Guard::WhenKnown`].
    pub fn guard(self, guard: Guard) -> Self {
        self.with(|settings| settings.guards.set_writes(guard))
    }

    /// Sets how one method is guarded, whatever [`guard`](Self::guard) says.
    ///
    /// It has no effect on safe methods, QUERY included. Any other method is then treated as a write
    /// to the resource that its URI names: after a success the layer forgets the validators of the resource, or learns
    /// those in the response.
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
        self.with(|settings| settings.guards.set(method, guard))
    }

    /// Looks for tags in JSON bodies, too.
    ///
    /// Such a tag takes precedence over the one in the `ETag` field, which proxies rewrite.
    /// Default: bodies are not searched.
    pub fn body_tag(self, place: BodyTag) -> Self {
        self.with(|settings| settings.body_tag = Some(place))
    }

    /// Sets the request fields that identify the user.
    ///
    /// The tags that the layer learns with the credentials of one user, it never uses for another.
    /// That a resource has had a tag, or that a write of it was rejected, counts for all. Do not
    /// name a field whose value changes with each request, such as a signature: the layer would
    /// find no tag for the write that follows a read. Default: `Authorization`.
    pub fn credentials(self, fields: impl IntoIterator<Item = HeaderName>) -> Self {
        self.with(|settings| settings.credentials = fields.into_iter().collect())
    }

    /// Sets whether each GET and HEAD is sent with `If-None-Match` and `If-Modified-Since`, as with
    /// [`Revalidate`](super::Revalidate).
    ///
    /// Use it beneath a cache that keeps representations, and can use a 304. Default: `false`.
    pub fn revalidate(self, revalidate: bool) -> Self {
        self.with(|settings| settings.revalidate = revalidate)
    }
}

impl<S> Layer<S> for ConditionalClientLayer {
    type Service = ConditionalClient<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ConditionalClient::with_settings(inner, Arc::clone(&self.settings))
    }
}

/// The settings of a layer. Its services, their futures and bodies share them.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) store: Arc<dyn ValidatorStore>,
    pub(super) guards: Guards,
    pub(super) body_tag: Option<BodyTag>,
    pub(super) credentials: Vec<HeaderName>,
    pub(super) revalidate: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            store: Arc::new(MemoryStore::default()),
            guards: Guards::default(),
            body_tag: None,
            credentials: vec![AUTHORIZATION],
            revalidate: false,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("guards", &self.guards)
            .field("body_tag", &self.body_tag)
            .field("credentials", &self.credentials)
            .field("revalidate", &self.revalidate)
            .finish_non_exhaustive()
    }
}
