use std::{
    collections::VecDeque,
    fmt, mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use digest::Digest;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project::pin_project;

use super::{
    collect::{Collected, End, hash},
    trailers::complete,
};

/// The body of an [`Etag`](crate::Etag) service's response: the handler's, frame by frame.
#[pin_project]
pub struct EtagBody<B: Body, D> {
    kind: Kind<B, D>,
}

enum Kind<B: Body, D> {
    /// As the handler made it.
    Passed(B),
    /// Held back, with what comes after.
    Collected {
        frames: VecDeque<Frame<B::Data>>,
        size: u64,
        rest: Rest<B>,
    },
    /// Hashed while it is sent.
    Hashed {
        body: B,
        digest: Option<D>,
        weak: bool,
    },
    /// That of a HEAD, and the size that a GET would have.
    Dropped,
}

enum Rest<B: Body> {
    None,
    Failed(B::Error),
    Body(B),
}

impl<B: Body, D> EtagBody<B, D> {
    pub(super) const fn passed(body: B) -> Self {
        Self {
            kind: Kind::Passed(body),
        }
    }

    pub(super) const fn dropped() -> Self {
        Self {
            kind: Kind::Dropped,
        }
    }

    pub(super) fn hashed(body: B, weak: bool) -> Self
    where
        D: Digest,
    {
        Self {
            kind: Kind::Hashed {
                body,
                digest: Some(D::new()),
                weak,
            },
        }
    }

    /// The digest, if the body came to its end.
    pub(super) fn collected(collected: Collected<B, D>) -> (Self, Option<D>) {
        let (rest, digest) = match collected.end {
            End::Complete(digest) => (Rest::None, Some(digest)),
            End::Failed(error) => (Rest::Failed(error), None),
            End::TooLarge(body) => (Rest::Body(body), None),
        };
        let kind = Kind::Collected {
            frames: collected.frames,
            size: collected.size,
            rest,
        };
        (Self { kind }, digest)
    }
}

impl<B, D> Body for EtagBody<B, D>
where
    B: Body + Unpin,
    B::Data: From<Bytes>,
    D: Digest,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match self.project().kind {
            Kind::Passed(body) => Pin::new(body).poll_frame(cx),
            Kind::Dropped => Poll::Ready(None),
            Kind::Collected { frames, size, rest } => {
                if let Some(frame) = frames.pop_front() {
                    let data = frame.data_ref().map_or(0, Buf::remaining);
                    *size -= data as u64;
                    return Poll::Ready(Some(Ok(frame)));
                }
                if let Rest::Body(body) = rest {
                    return Pin::new(body).poll_frame(cx);
                }
                match mem::replace(rest, Rest::None) {
                    Rest::Failed(error) => Poll::Ready(Some(Err(error))),
                    Rest::None | Rest::Body(_) => Poll::Ready(None),
                }
            }
            Kind::Hashed { body, digest, weak } => {
                let frame = match ready!(Pin::new(body).poll_frame(cx)) {
                    Some(Ok(frame)) => frame,
                    Some(Err(error)) => {
                        // What was hashed is not the representation.
                        *digest = None;
                        return Poll::Ready(Some(Err(error)));
                    }
                    None => {
                        let digest = digest.take();
                        return Poll::Ready(digest.map(|digest| {
                            Ok(Frame::trailers(complete(HeaderMap::new(), digest, *weak)))
                        }));
                    }
                };
                Poll::Ready(Some(Ok(match frame.into_trailers() {
                    Ok(trailers) => Frame::trailers(match digest.take() {
                        Some(digest) => complete(trailers, digest, *weak),
                        None => trailers,
                    }),
                    Err(frame) => match digest {
                        Some(digest) => hash(frame, digest, &mut 0),
                        None => frame,
                    },
                })))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Passed(body) => body.is_end_stream(),
            Kind::Collected { frames, rest, .. } => {
                frames.is_empty()
                    && match rest {
                        Rest::None => true,
                        Rest::Failed(_) => false,
                        Rest::Body(body) => body.is_end_stream(),
                    }
            }
            Kind::Hashed { body, digest, .. } => digest.is_none() && body.is_end_stream(),
            Kind::Dropped => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Passed(body) => body.size_hint(),
            Kind::Collected { size, rest, .. } => match rest {
                Rest::None => SizeHint::with_exact(*size),
                Rest::Failed(_) | Rest::Body(_) => at_least(*size),
            },
            // Not exact: in HTTP/1.1 that would make a Content-Length, and no trailers.
            Kind::Hashed { body, .. } => at_least(body.size_hint().lower()),
            // Not exact: it is not the size that a GET would have.
            Kind::Dropped => SizeHint::new(),
        }
    }
}

fn at_least(lower: u64) -> SizeHint {
    let mut hint = SizeHint::new();
    hint.set_lower(lower);
    hint
}

impl<B: Body, D> fmt::Debug for EtagBody<B, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            Kind::Passed(_) => "Passed",
            Kind::Collected { .. } => "Collected",
            Kind::Hashed { .. } => "Hashed",
            Kind::Dropped => "Dropped",
        };
        f.debug_struct("EtagBody").field("kind", &kind).finish()
    }
}
