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
use pin_project::pin_project;

use super::{
    EtagBody,
    collect::{Collect, Collected},
    layer::Settings,
    service::{Asked, Trailers},
    trailers::{announce, entity_tag},
};
use crate::fields::media_type_essence;

/// The future of [`Etag`](crate::Etag).
#[pin_project]
pub struct EtagFuture<F, B: Body, D> {
    #[pin]
    state: State<F, B, D>,
}

#[pin_project(project = StateProjection)]
enum State<F, B: Body, D> {
    Passing {
        #[pin]
        response: F,
    },
    Calling {
        #[pin]
        response: F,
        settings: Settings,
        asked: Asked,
    },
    Collecting {
        held: Option<(Parts, Collect<B, D>)>,
        settings: Settings,
        asked: Asked,
    },
}

impl<F, B: Body, D> EtagFuture<F, B, D> {
    pub(super) const fn pass(response: F) -> Self {
        Self {
            state: State::Passing { response },
        }
    }

    pub(super) const fn tag(response: F, settings: Settings, asked: Asked) -> Self {
        Self {
            state: State::Calling {
                response,
                settings,
                asked,
            },
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
        loop {
            let next = match state.as_mut().project() {
                StateProjection::Passing { response } => {
                    let response = ready!(response.poll(cx))?;
                    return Poll::Ready(Ok(response.map(EtagBody::passed)));
                }
                StateProjection::Calling {
                    response,
                    settings,
                    asked,
                } => {
                    let (parts, body) = ready!(response.poll(cx))?.into_parts();
                    let untagged =
                        parts.status == StatusCode::OK && !parts.headers.contains_key(ETAG);
                    if !(untagged && may_wait(&parts.headers, &body, settings.max_size)) {
                        let trailers = untagged && asked.trailers != Trailers::No;
                        let response = pass(parts, body, *asked, trailers, settings.weak);
                        return Poll::Ready(Ok(response));
                    }
                    State::Collecting {
                        held: Some((parts, Collect::new(body, settings.max_size))),
                        settings: *settings,
                        asked: *asked,
                    }
                }
                StateProjection::Collecting {
                    held,
                    settings,
                    asked,
                } => {
                    const TWICE: &str = "`EtagFuture` polled after completion";
                    let error = ready!(held.as_mut().expect(TWICE).1.poll(cx));
                    let (parts, collect) = held.take().expect(TWICE);
                    let collected = collect.finish(error);
                    return Poll::Ready(Ok(tag(parts, collected, *asked, settings.weak)));
                }
            };
            state.set(next);
        }
    }
}

/// A response whose body is not held back.
fn pass<B, D>(
    mut parts: Parts,
    body: B,
    asked: Asked,
    trailers: bool,
    weak: bool,
) -> Response<EtagBody<B, D>>
where
    B: Body,
    D: Digest,
{
    if asked.head {
        set_content_length(&mut parts, body.size_hint().exact());
        return Response::from_parts(parts, EtagBody::dropped());
    }
    if trailers {
        announce(&mut parts.headers, asked.trailers);
        return Response::from_parts(parts, EtagBody::hashed(body, weak));
    }
    Response::from_parts(parts, EtagBody::passed(body))
}

fn tag<B, D>(
    mut parts: Parts,
    collected: Collected<B, D>,
    asked: Asked,
    weak: bool,
) -> Response<EtagBody<B, D>>
where
    B: Body,
    D: Digest,
{
    let size = collected.size;
    let (mut body, digest) = EtagBody::collected(collected);
    if asked.head {
        set_content_length(&mut parts, digest.is_some().then_some(size));
        body = EtagBody::dropped();
    }
    if let Some(digest) = digest {
        parts.headers.insert(ETAG, entity_tag(digest, weak).into());
    }
    Response::from_parts(parts, body)
}

/// Whether a body can be held back: it is small, and all there. One that only says how large it may
/// become is a stream, whose next frame may be long in coming, and so are server-sent events.
fn may_wait(headers: &HeaderMap, body: &impl Body, max_size: u64) -> bool {
    let small = (body.size_hint().exact()).is_some_and(|size| size <= max_size);
    let events = (headers.get(CONTENT_TYPE).map(media_type_essence))
        .is_some_and(|media_type| media_type.eq_ignore_ascii_case(b"text/event-stream"));
    small && !events
}

/// What HTTP makes of the size of a body, for one that is not sent (RFC 9110 section 8.6). A 1xx
/// or 204 has no such field, and in a 304 it would be the size that the 200 has.
fn set_content_length(parts: &mut Parts, size: Option<u64>) {
    let contentless = parts.status.is_informational()
        || matches!(
            parts.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        );
    if let (Some(size), false) = (size, contentless) {
        if !parts.headers.contains_key(TRANSFER_ENCODING) {
            parts
                .headers
                .entry(CONTENT_LENGTH)
                .or_insert_with(|| HeaderValue::from(size));
        }
    }
}

impl<F, B: Body, D> fmt::Debug for EtagFuture<F, B, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Passing { .. } => "Passing",
            State::Calling { .. } => "Calling",
            State::Collecting { .. } => "Collecting",
        };
        f.debug_struct("EtagFuture").field("state", &state).finish()
    }
}
