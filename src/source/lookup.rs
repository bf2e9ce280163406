use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use super::{Answer, IntoAnswer};

/// The result of [`ValidatorSource::look_up`](super::ValidatorSource::look_up): an answer, or the
/// future of one.
#[derive(Debug)]
pub enum Lookup<F> {
    /// The answer is known. No future is polled.
    Ready(Answer),
    /// The answer has to be awaited.
    Pending(F),
}

impl<F> Lookup<F> {
    /// Returns an answer that is known already.
    pub fn ready(answer: impl IntoAnswer) -> Self {
        Self::Ready(answer.into_answer())
    }
}

impl Lookup<BoxLookup> {
    /// Boxes the future of an answer, so that an `async` block can be returned from
    /// [`ValidatorSource::look_up`](super::ValidatorSource::look_up).
    pub fn boxed<F>(future: F) -> Self
    where
        F: Future + Send + 'static,
        F::Output: IntoAnswer,
    {
        Self::Pending(BoxLookup(Box::pin(AnswerFuture { future })))
    }
}

/// The boxed future that [`Lookup::boxed`] makes.
pub struct BoxLookup(Pin<Box<dyn Future<Output = Answer> + Send>>);

impl Future for BoxLookup {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for BoxLookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BoxLookup")
    }
}

pin_project! {
    /// The future of an answer: converts the output of another future by [`IntoAnswer`].
    pub struct AnswerFuture<F> {
        #[pin]
        pub(super) future: F,
    }
}

impl<F> Future for AnswerFuture<F>
where
    F: Future,
    F::Output: IntoAnswer,
{
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(ready!(self.project().future.poll(cx)).into_answer())
    }
}

impl<F> fmt::Debug for AnswerFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnswerFuture")
    }
}
