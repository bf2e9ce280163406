use std::{
    any::type_name,
    fmt,
    future::{Future, Ready},
};

use http::request::Parts;

use super::{Ask, IntoAnswer, ValidatorSource};

impl<F, Fut> ValidatorSource for F
where
    F: Fn(&Parts) -> Fut,
    Fut: Future,
    Fut::Output: IntoAnswer,
{
    type Answer = Fut::Output;
    type Future = Fut;

    fn ask(&self, head: &Parts) -> Ask<Self::Future, Self::Answer> {
        Ask::Pending(self(head))
    }
}

/// A source that answers at once: the validators are in memory, or follow from the request.
///
/// ```
/// use http::request::Parts;
/// use tower_conditional::{ready_fn, ConditionalLayer, EntityTag};
///
/// static RELEASE: EntityTag = EntityTag::from_static("\"2026-11-22\"");
///
/// let layer = ConditionalLayer::new(ready_fn(|head: &Parts| match head.uri.path() {
///     "/about" => Some(RELEASE.clone()),
///     _ => None,
/// }));
/// ```
pub fn ready_fn<F, A>(f: F) -> ReadyFn<F>
where
    F: Fn(&Parts) -> A,
    A: IntoAnswer,
{
    ReadyFn { f }
}

/// The [`ValidatorSource`] that [`ready_fn`] makes.
#[derive(Clone, Copy)]
pub struct ReadyFn<F> {
    f: F,
}

impl<F, A> ValidatorSource for ReadyFn<F>
where
    F: Fn(&Parts) -> A,
    A: IntoAnswer,
{
    type Answer = A;
    type Future = Ready<A>;

    fn ask(&self, head: &Parts) -> Ask<Self::Future, Self::Answer> {
        Ask::Ready((self.f)(head))
    }
}

impl<F> fmt::Debug for ReadyFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadyFn").field(&type_name::<F>()).finish()
    }
}
