use super::ValidatorSource;

/// A source, or a type that becomes a source when a [`ConditionalLayer`](crate::ConditionalLayer)
/// wraps a service. Do not implement it outside of this crate.
///
/// Each [`ValidatorSource`] that is `Clone` implements it, and leaves the service unchanged. Other
/// types need the service: [`ByHead`](crate::ByHead) asks it, and `Cached` watches its writes.
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
