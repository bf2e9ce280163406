use std::{
    fmt,
    future::Future,
    hash::Hash,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use super::source::Place;
use crate::source::Answer;

pin_project! {
    /// The future of [`CachedSource`](super::CachedSource).
    pub struct CachedFuture<F, K> {
        #[pin]
        answer: F,
        // The place in the cache, or `None` if the answer is not kept.
        place: Option<Place<K>>,
    }
}

impl<F, K> CachedFuture<F, K> {
    pub(super) const fn new(answer: F, place: Option<Place<K>>) -> Self {
        Self { answer, place }
    }
}

impl<F, K> Future for CachedFuture<F, K>
where
    F: Future<Output = Answer>,
    K: Clone + Eq + Hash + Send + Sync + 'static,
{
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answer = ready!(this.answer.poll(cx));
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
