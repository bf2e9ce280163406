use std::{any::type_name, fmt};

use http::request::Parts;

use super::{BindSource, Lookup, Selected, ValidatorSource};

/// Uses the handler's response for reads, and asks another source about writes.
///
/// [`FromResponse::for_reads`](super::FromResponse::for_reads) makes it.
#[derive(Clone, Copy)]
pub struct ReadsFromResponse<V> {
    writes: V,
}

impl<V> ReadsFromResponse<V> {
    pub(super) const fn new(writes: V) -> Self {
        Self { writes }
    }
}

impl<S, V: BindSource<S>> BindSource<S> for ReadsFromResponse<V> {
    const ASKS_SERVICE: bool = V::ASKS_SERVICE;

    type Source = ReadsFromResponseSource<V::Source>;
    type Service = V::Service;

    fn bind(&self, inner: S) -> (Self::Service, Self::Source) {
        let (inner, writes) = self.writes.bind(inner);
        (inner, ReadsFromResponseSource { writes })
    }
}

impl<V> fmt::Debug for ReadsFromResponse<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadsFromResponse")
            .field(&type_name::<V>())
            .finish()
    }
}

/// The source that [`ReadsFromResponse`] becomes when the layer wraps a service.
pub struct ReadsFromResponseSource<V> {
    writes: V,
}

impl<V: ValidatorSource> ValidatorSource for ReadsFromResponseSource<V> {
    type Future = V::Future;

    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        if head.method.is_safe() {
            return Lookup::Ready(Ok(Selected::Unknown));
        }
        self.writes.look_up(head)
    }

    fn adds_validators(&self) -> bool {
        false
    }
}

impl<V> fmt::Debug for ReadsFromResponseSource<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadsFromResponseSource")
            .field(&type_name::<V>())
            .finish()
    }
}
