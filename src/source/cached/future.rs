use std::{
    fmt,
    future::Future,
    hash::Hash,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project::pin_project;

use super::source::Place;
use crate::source::{IntoAnswer, Selected, SourceError};

/// The future of [`CachedSource`](crate::CachedSource).
#[pin_project]
pub struct CachedFuture<F, K> {
    #[pin]
    answer: F,
    /// `None` if the answer is not to be kept.
    place: Option<Place<K>>,
}

impl<F, K> CachedFuture<F, K> {
    pub(super) const fn new(answer: F, place: Option<Place<K>>) -> Self {
        Self { answer, place }
    }
}

impl<F, K> Future for CachedFuture<F, K>
where
    F: Future,
    F::Output: IntoAnswer,
    K: Clone + Eq + Hash + Send + Sync + 'static,
{
    type Output = Result<Selected, SourceError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answer = std::task::ready!(this.answer.poll(cx)).into_answer();
        if let Some(place) = this.place.take() {
            place.keep(&answer);
        }
        Poll::Ready(answer)
    }
}

impl<F, K> fmt::Debug for CachedFuture<F, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedFuture")
            .field("kept", &self.place.is_some())
            .finish()
    }
}
