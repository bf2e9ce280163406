//! A source that asks a second source if the first one does not know.

use std::{
    any::type_name,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::request::Parts;
use pin_project_lite::pin_project;

use super::{
    Answer, BindSource, Lookup, Selected, SourceError, ValidatorSource, from_response::NeverDecided,
};

/// Asks a second source if the first one answers [`Selected::Unknown`] or fails.
///
/// If the first source fails and the second one answers [`Selected::Unknown`], or is
/// [`FromResponse`](crate::FromResponse) and cannot decide, the error of the first is returned. In
/// all other cases the result of the second source is returned, and an error of the first becomes a
/// `warn` event (feature `tracing`).
///
/// Nest it to combine more than two sources. With [`ByHead`](crate::ByHead) as the last one, the
/// wrapped service is asked if no other source knows:
///
/// ```
/// use axum::body::Body;
/// use tower_conditional::{
///     ready_fn, source::FirstKnown, ByHead, ConditionalLayer, EntityTag, Selected,
/// };
///
/// static RELEASE: EntityTag = EntityTag::from_static("\"2026-11-22\"");
///
/// #[derive(Clone)]
/// struct Rendered; // the router has put it into the extensions of requests for rendered pages
///
/// let pages = ready_fn(|head| match head.extensions.get::<Rendered>() {
///     Some(Rendered) => Selected::from(RELEASE.clone()),
///     None => Selected::Unknown,
/// });
/// let layer = ConditionalLayer::new(FirstKnown::new(pages, ByHead::<Body>::new()));
/// ```
#[derive(Clone, Copy)]
pub struct FirstKnown<A, B> {
    first: A,
    second: B,
}

impl<A, B> FirstKnown<A, B> {
    /// Creates a source that asks `first`, and then `second` if `first` does not know.
    pub const fn new(first: A, second: B) -> Self {
        Self { first, second }
    }
}

impl<S, A, B> BindSource<S> for FirstKnown<A, B>
where
    A: BindSource<S>,
    B: BindSource<A::Service>,
    B::Source: Clone,
{
    const ASKS_SERVICE: bool = A::ASKS_SERVICE || B::ASKS_SERVICE;

    type Source = FirstKnownSource<A::Source, B::Source>;
    type Service = B::Service;

    fn bind(&self, inner: S) -> (Self::Service, Self::Source) {
        let (inner, first) = self.first.bind(inner);
        let (inner, second) = self.second.bind(inner);
        (inner, FirstKnownSource { first, second })
    }
}

impl<A, B> fmt::Debug for FirstKnown<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirstKnown")
            .field("first", &type_name::<A>())
            .field("second", &type_name::<B>())
            .finish()
    }
}

/// The source that [`FirstKnown`] becomes when the layer wraps a service.
#[derive(Clone, Copy)]
pub struct FirstKnownSource<A, B> {
    first: A,
    second: B,
}

impl<A, B> ValidatorSource for FirstKnownSource<A, B>
where
    A: ValidatorSource,
    B: ValidatorSource + Clone,
{
    type Future = FirstKnownFuture<A, B>;

    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        let mut next = None;
        let state = match self.first.look_up(head) {
            Lookup::Pending(answer) => {
                next = Some((head.clone(), self.second.clone()));
                State::First { answer }
            }
            Lookup::Ready(answer) => match Settled::new(answer) {
                Settled::Known(selected) => return Lookup::Ready(Ok(selected)),
                Settled::Open(error) => match self.second.look_up(head) {
                    Lookup::Ready(answer) => return Lookup::Ready(choose(error, answer)),
                    Lookup::Pending(answer) => State::Second { answer, error },
                },
            },
        };
        Lookup::Pending(FirstKnownFuture { state, next })
    }

    fn adds_validators(&self) -> bool {
        self.first.adds_validators() || self.second.adds_validators()
    }
}

impl<A, B> fmt::Debug for FirstKnownSource<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirstKnownSource")
            .field("first", &type_name::<A>())
            .field("second", &type_name::<B>())
            .finish()
    }
}

enum Settled {
    Known(Selected),
    Open(Option<SourceError>),
}

impl Settled {
    fn new(first: Answer) -> Self {
        match first {
            Ok(Selected::Unknown) => Settled::Open(None),
            Ok(selected) => Settled::Known(selected),
            Err(error) => Settled::Open(Some(error)),
        }
    }
}

fn choose(first: Option<SourceError>, second: Answer) -> Answer {
    match (first, second) {
        (Some(first), Ok(Selected::Unknown)) => Err(first),
        // The first one may know again later, so the refusal must not be a permanent one.
        (Some(first), Ok(Selected::Answered(response)))
            if response.extensions().get::<NeverDecided>().is_some() =>
        {
            Err(first)
        }
        (first, second) => {
            passed_over(first.as_ref());
            second
        }
    }
}

#[cfg(feature = "tracing")]
fn passed_over(error: Option<&SourceError>) {
    if let Some(error) = error {
        let error: Option<&dyn std::error::Error> = std::error::Error::source(error);
        tracing::warn!(error, "the first source failed: the second one was asked");
    }
}

#[cfg(not(feature = "tracing"))]
fn passed_over(_: Option<&SourceError>) {}

pin_project! {
    /// The future of [`FirstKnownSource`].
    ///
    /// # Panics
    ///
    /// Panics if it is polled after it has completed.
    pub struct FirstKnownFuture<A: ValidatorSource, B: ValidatorSource> {
        #[pin]
        state: State<A, B>,
        // Kept until the second source is asked.
        next: Option<(Parts, B)>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<A: ValidatorSource, B: ValidatorSource> {
        First {
            #[pin]
            answer: A::Future,
        },
        Second {
            #[pin]
            answer: B::Future,
            error: Option<SourceError>,
        },
    }
}

impl<A: ValidatorSource, B: ValidatorSource> Future for FirstKnownFuture<A, B> {
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut state = this.state;
        loop {
            let next = match state.as_mut().project() {
                StateProjection::First { answer } => {
                    let answer = ready!(answer.poll(cx));
                    let error = match Settled::new(answer) {
                        Settled::Known(selected) => return Poll::Ready(Ok(selected)),
                        Settled::Open(error) => error,
                    };
                    let (head, second) = this.next.take().expect("polled after completion");
                    match second.look_up(&head) {
                        Lookup::Ready(answer) => {
                            return Poll::Ready(choose(error, answer));
                        }
                        Lookup::Pending(answer) => State::Second { answer, error },
                    }
                }
                StateProjection::Second { answer, error } => {
                    let answer = ready!(answer.poll(cx));
                    return Poll::Ready(choose(error.take(), answer));
                }
            };
            state.set(next);
        }
    }
}

impl<A: ValidatorSource, B: ValidatorSource> fmt::Debug for FirstKnownFuture<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_state!(f, "FirstKnownFuture", self.state,
            State::First { .. } => "First",
            State::Second { .. } => "Second",
        )
    }
}
