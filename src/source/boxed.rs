use std::{fmt, sync::Arc};

use http::request::Parts;

use super::{BoxLookup, Lookup, ValidatorSource};

/// A source of any type, for a source that is chosen at run time.
///
/// [`ValidatorSource::boxed`] makes it. Each look-up that has to be awaited allocates one future.
///
/// ```
/// use tower_conditional::{
///     ready_fn, source::BoxedSource, ConditionalLayer, EntityTag, FromResponse, ValidatorSource,
/// };
///
/// let read_only = std::env::var_os("READ_ONLY").is_some();
/// let source: BoxedSource = if read_only {
///     ready_fn(|_| EntityTag::from_version(7)).boxed()
/// } else {
///     FromResponse.boxed()
/// };
/// let layer: ConditionalLayer<BoxedSource> = ConditionalLayer::new(source);
/// ```
#[derive(Clone)]
pub struct BoxedSource(Arc<dyn DynSource + Send + Sync>);

impl BoxedSource {
    pub(super) fn new<V>(source: V) -> Self
    where
        V: ValidatorSource + Send + Sync + 'static,
        V::Future: Send + 'static,
    {
        Self(Arc::new(source))
    }
}

impl ValidatorSource for BoxedSource {
    type Future = BoxLookup;

    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        self.0.look_up(head)
    }

    fn adds_validators(&self) -> bool {
        self.0.adds_validators()
    }
}

impl fmt::Debug for BoxedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BoxedSource")
    }
}

trait DynSource {
    fn look_up(&self, head: &Parts) -> Lookup<BoxLookup>;

    fn adds_validators(&self) -> bool;
}

impl<V> DynSource for V
where
    V: ValidatorSource,
    V::Future: Send + 'static,
{
    fn look_up(&self, head: &Parts) -> Lookup<BoxLookup> {
        match ValidatorSource::look_up(self, head) {
            Lookup::Ready(answer) => Lookup::Ready(answer),
            Lookup::Pending(future) => Lookup::boxed(future),
        }
    }

    fn adds_validators(&self) -> bool {
        ValidatorSource::adds_validators(self)
    }
}
