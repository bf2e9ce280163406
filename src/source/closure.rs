use std::{
    any::type_name,
    fmt,
    future::{Future, Pending},
};

use http::request::Parts;

use super::{Answer, IntoAnswer, Lookup, ValidatorSource, lookup::AnswerFuture};

/// Creates a source from a closure that returns a future.
///
/// The closure borrows the head of the request only while it makes the future, so clone what the
/// future needs. Its output is any type that implements [`IntoAnswer`].
///
/// Take from the request what the handler takes, not `head.uri.path()`: a router may have removed a
/// prefix, and decodes `%31` to `1`. In axum use `axum::from_fn` (feature `axum`).
///
/// ```
/// use tower_conditional::{source_fn, ConditionalLayer, EntityTag};
/// # #[derive(Clone)] struct Database;
/// # impl Database {
/// #     async fn version(&self, id: u64) -> Result<Option<u64>, std::io::Error> { Ok(Some(1)) }
/// # }
/// # let database = Database;
/// #[derive(Clone, Copy)]
/// struct DocumentId(u64); // the router has put it into the extensions
///
/// let layer = ConditionalLayer::new(source_fn(move |head| {
///     let (database, id) = (database.clone(), head.extensions.get().copied());
///     async move {
///         let DocumentId(id) = id.ok_or_else(|| std::io::Error::other("no id"))?;
///         let version = database.version(id).await?; // an error never lets a guarded write through
///         Ok::<_, std::io::Error>(version.map(EntityTag::from_version))
///     }
/// }));
/// ```
pub const fn source_fn<F, Fut>(f: F) -> SourceFn<F>
where
    F: Fn(&Parts) -> Fut,
    Fut: Future,
    Fut::Output: IntoAnswer,
{
    SourceFn { f }
}

/// The [`ValidatorSource`] that [`source_fn`] returns.
#[derive(Clone, Copy)]
pub struct SourceFn<F> {
    f: F,
}

impl<F, Fut> ValidatorSource for SourceFn<F>
where
    F: Fn(&Parts) -> Fut,
    Fut: Future,
    Fut::Output: IntoAnswer,
{
    type Future = AnswerFuture<Fut>;

    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        let future = (self.f)(head);
        Lookup::Pending(AnswerFuture { future })
    }
}

impl<F> fmt::Debug for SourceFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SourceFn").field(&type_name::<F>()).finish()
    }
}

/// Creates a source from a closure that answers at once, because the validators are in memory or
/// follow from the request.
///
/// No future is made or polled. The closure returns any type that implements [`IntoAnswer`].
///
/// ```
/// use tower_conditional::{ready_fn, ConditionalLayer, EntityTag};
///
/// static RELEASE: EntityTag = EntityTag::from_static("\"2026-11-22\"");
///
/// let layer = ConditionalLayer::new(ready_fn(|_| RELEASE.clone()));
/// ```
pub const fn ready_fn<F, A>(f: F) -> ReadyFn<F>
where
    F: Fn(&Parts) -> A,
    A: IntoAnswer,
{
    ReadyFn { f }
}

/// The [`ValidatorSource`] that [`ready_fn`] returns.
#[derive(Clone, Copy)]
pub struct ReadyFn<F> {
    f: F,
}

impl<F, A> ValidatorSource for ReadyFn<F>
where
    F: Fn(&Parts) -> A,
    A: IntoAnswer,
{
    // The answer is always ready, so this future is never made. `Pending` has no size.
    type Future = Pending<Answer>;

    #[inline]
    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        Lookup::Ready((self.f)(head).into_answer())
    }
}

impl<F> fmt::Debug for ReadyFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadyFn").field(&type_name::<F>()).finish()
    }
}
