use super::ValidatorSource;

/// What [`ConditionalLayer`](crate::ConditionalLayer) takes: a source, or something that becomes one
/// when it meets the service that the layer wraps. Not to be implemented outside of this crate.
///
/// Every [`ValidatorSource`] that is `Clone` is one, and leaves the service as it is. Others need the
/// service: [`ByHead`](crate::ByHead) asks it, and a cache watches its writes.
pub trait BindSource<S> {
    /// Whether the answers come from the wrapped service, so that they are not those of another.
    const ASKS_SERVICE: bool = true;

    /// The source.
    type Source: ValidatorSource;

    /// The service that performs the requests.
    type Service;

    /// Makes both for this service.
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
