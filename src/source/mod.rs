//! Who is asked for validator metadata, and the answers.

mod answer;
mod closure;
mod representation;

use std::future::Future;

use http::request::Parts;

pub use self::{
    answer::{IntoAnswer, Selected, SourceError},
    closure::{ReadyFn, ready_fn},
    representation::Representation,
};

/// Tells the validators of the representation that a request selects.
///
/// There are two ways in without implementing it:
///
/// - An asynchronous closure, `Fn(&Parts) -> impl Future`. It may borrow the request's head while
///   it makes its future, but not longer, for the head moves on to the handler.
/// - A closure that answers at once, wrapped in [`ready_fn`]. No future is made or polled.
///
/// The source reads validators *before* the handler reads the representation. A change in between
/// then costs one transfer too many, but never a lost update.
///
/// ```
/// use http::request::Parts;
/// use tower_conditional::{ConditionalLayer, EntityTag, Selected};
/// # #[derive(Clone)] struct Database;
/// # impl Database {
/// #     async fn version(&self, path: &str) -> Result<Option<u64>, std::io::Error> { Ok(Some(1)) }
/// # }
/// # let database = Database;
///
/// let layer = ConditionalLayer::new(move |head: &Parts| {
///     let (database, path) = (database.clone(), head.uri.path().to_owned());
///     async move {
///         let version = database.version(&path).await?;
///         Ok::<_, std::io::Error>(Selected::from(version.map(EntityTag::from_version)))
///     }
/// });
/// ```
pub trait ValidatorSource {
    /// What comes back: a [`Selected`], anything that becomes one, or a `Result` of it.
    type Answer: IntoAnswer;

    /// The future of an answer that has to be waited for.
    type Future: Future<Output = Self::Answer>;

    /// Asks for the representation that this request selects.
    ///
    /// A source that can answer at once does so by [`Ask::Ready`].
    fn ask(&self, head: &Parts) -> Ask<Self::Future, Self::Answer>;
}

/// An answer, or the future of one.
#[derive(Debug)]
pub enum Ask<F, A> {
    /// The answer.
    Ready(A),
    /// It has to be waited for.
    Pending(F),
}
