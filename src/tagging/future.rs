use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use digest::Digest;
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, TRANSFER_ENCODING},
    response::Parts,
};
use http_body::Body;
use pin_project_lite::pin_project;

use super::{
    EtagBody,
    collect::Collect,
    trailers::{Trailers, WithTrailer},
};
use crate::fields::media_type_essence;

const TWICE: &str = "`EtagFuture` polled after completion";

pin_project! {
    /// Resolves to the response of [`EtagService`](super::EtagService).
    ///
    /// See the [module docs](crate::tagging).
    ///
    /// # Panics
    ///
    /// Polling panics after the future has returned a response whose body was held back.
    pub struct EtagFuture<F, B: Body, D> {
        #[pin]
        state: State<F, B, D>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B: Body, D> {
        Calling {
            #[pin]
            response: F,
            // `None` if the response stays unchanged.
            tagging: Option<Tagging>,
        },
        Collecting {
            held: Option<(Parts, Collect<B, D>)>,
            tagging: Tagging,
        },
        // A body was collected at the first poll.
        Done,
    }
}

/// How the response to a GET or a HEAD gets its entity tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tagging {
    /// Whether the client sent HEAD.
    pub(super) head: bool,
    pub(super) trailers: Trailers,
    pub(super) weak: bool,
    pub(super) max_size: u64,
}

impl<F, B: Body, D> EtagFuture<F, B, D> {
    pub(super) const fn new(response: F, tagging: Option<Tagging>) -> Self {
        Self {
            state: State::Calling { response, tagging },
        }
    }
}

impl<F, B, D, E> Future for EtagFuture<F, B, D>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body + Unpin,
    B::Data: From<Bytes>,
    D: Digest,
{
    type Output = Result<Response<EtagBody<B, D>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        match state.as_mut().project() {
            StateProjection::Calling { response, tagging } => {
                let response = ready!(response.poll(cx))?;
                let Some(tagging) = *tagging else {
                    return Poll::Ready(Ok(response.map(EtagBody::unchanged)));
                };
                let (head, body) = response.into_parts();
                if head.status != StatusCode::OK || head.headers.contains_key(ETAG) {
                    let response = tagging.pass_on(head, body, Trailers::No);
                    return Poll::Ready(Ok(response));
                }
                if !may_hold_back(&head.headers, &body, tagging.max_size) {
                    let response = tagging.pass_on(head, body, tagging.trailers);
                    return Poll::Ready(Ok(response));
                }
                // Most bodies are there at once, and then they are not moved into the state.
                let mut collect = Collect::new(body, tagging.weak, tagging.max_size);
                match collect.poll(cx) {
                    Poll::Ready(result) => {
                        state.set(State::Done);
                        Poll::Ready(Ok(tagging.complete(head, collect, result)))
                    }
                    Poll::Pending => {
                        let held = Some((head, collect));
                        state.set(State::Collecting { held, tagging });
                        Poll::Pending
                    }
                }
            }
            StateProjection::Collecting { held, tagging } => {
                let result = ready!(held.as_mut().expect(TWICE).1.poll(cx));
                let (head, collect) = held.take().expect(TWICE);
                Poll::Ready(Ok(tagging.complete(head, collect, result)))
            }
            StateProjection::Done => panic!("{TWICE}"),
        }
    }
}

impl Tagging {
    /// Returns the response whose body is not held back.
    fn pass_on<B, D>(self, mut head: Parts, body: B, trailers: Trailers) -> Response<EtagBody<B, D>>
    where
        B: Body,
        D: Digest,
    {
        let body = if self.head {
            set_content_length(&mut head, body.size_hint().exact());
            EtagBody::dropped()
        } else if trailers == Trailers::No {
            EtagBody::unchanged(body)
        } else {
            trailers.announce(&mut head.headers);
            EtagBody::with_trailer(WithTrailer::new(body, self.weak))
        };
        Response::from_parts(head, body)
    }

    /// Returns the response whose body was held back.
    fn complete<B, D>(
        self,
        mut head: Parts,
        collect: Collect<B, D>,
        result: Result<(), B::Error>,
    ) -> Response<EtagBody<B, D>>
    where
        B: Body + Unpin,
        B::Data: From<Bytes>,
        D: Digest,
    {
        let (body, etag) = collect.finish(result);
        if self.head && body.size() == 0 {
            // The handler may have answered HEAD without content. The digest of nothing would be the
            // tag of every version.
            return Response::from_parts(head, EtagBody::dropped());
        }
        let body = if self.head {
            set_content_length(&mut head, etag.is_some().then_some(body.size()));
            EtagBody::dropped()
        } else {
            EtagBody::held_back(body)
        };
        if let Some(etag) = etag {
            head.headers.insert(ETAG, etag.into());
        }
        Response::from_parts(head, body)
    }
}

/// Reports whether the layer may wait for the end of a body.
///
/// A size hint that is not exact is that of a stream, even if it has an upper bound. Its next frame
/// may take long, and so may the next server-sent event.
fn may_hold_back(headers: &HeaderMap, body: &impl Body, max_size: u64) -> bool {
    let small = (body.size_hint().exact()).is_some_and(|size| size <= max_size);
    let events = (headers.get(CONTENT_TYPE).map(media_type_essence))
        .is_some_and(|media_type| media_type.eq_ignore_ascii_case(b"text/event-stream"));
    small && !events
}

/// Sets the `Content-Length` of a response to HEAD, unless the handler has set the framing.
///
/// An HTTP server does the same for content that it sends. A 1xx and a 204 response do not have the
/// field, and in a 304 it would be the size of the 200 (RFC 9110 section 8.6).
fn set_content_length(head: &mut Parts, size: Option<u64>) {
    let contentless = head.status.is_informational()
        || matches!(
            head.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        );
    // An empty answer to HEAD does not say how large the content is.
    if let (Some(size @ 1..), false) = (size, contentless) {
        if !head.headers.contains_key(TRANSFER_ENCODING) {
            head.headers
                .entry(CONTENT_LENGTH)
                .or_insert_with(|| HeaderValue::from(size));
        }
    }
}

impl<F, B: Body, D> fmt::Debug for EtagFuture<F, B, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_state!(f, "EtagFuture", self.state,
            State::Calling { tagging: None, .. } => "Passing",
            State::Calling { .. } => "Calling",
            State::Collecting { .. } => "Collecting",
            State::Done => "Done",
        )
    }
}
