use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use digest::Digest;
use http_body::{Body, Frame, SizeHint};

use super::{collect::HeldBack, trailers::WithTrailer};

/// Yields the frames of the inner service's body, or none in a response to HEAD.
///
/// This is the response body of [`EtagService`](super::EtagService). See the
/// [module docs](crate::tagging).
pub struct EtagBody<B: Body, D> {
    kind: Kind<B, D>,
}

enum Kind<B: Body, D> {
    Unchanged(B),
    HeldBack(HeldBack<B>),
    WithTrailer(WithTrailer<B, D>),
    /// The content of a response to HEAD.
    Dropped,
}

impl<B: Body, D> EtagBody<B, D> {
    pub(super) const fn unchanged(body: B) -> Self {
        Self {
            kind: Kind::Unchanged(body),
        }
    }

    pub(super) const fn held_back(body: HeldBack<B>) -> Self {
        Self {
            kind: Kind::HeldBack(body),
        }
    }

    pub(super) const fn with_trailer(body: WithTrailer<B, D>) -> Self {
        Self {
            kind: Kind::WithTrailer(body),
        }
    }

    pub(super) const fn dropped() -> Self {
        Self {
            kind: Kind::Dropped,
        }
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
        match &mut self.get_mut().kind {
            Kind::Unchanged(body) => Pin::new(body).poll_frame(cx),
            Kind::HeldBack(body) => Pin::new(body).poll_frame(cx),
            Kind::WithTrailer(body) => Pin::new(body).poll_frame(cx),
            Kind::Dropped => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Unchanged(body) => body.is_end_stream(),
            Kind::HeldBack(body) => body.is_end_stream(),
            Kind::WithTrailer(body) => body.is_end_stream(),
            Kind::Dropped => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Unchanged(body) => body.size_hint(),
            Kind::HeldBack(body) => body.size_hint(),
            Kind::WithTrailer(body) => body.size_hint(),
            // Not exact: 0 is not the size of the content that a GET would have.
            Kind::Dropped => SizeHint::new(),
        }
    }
}

impl<B: Body, D> fmt::Debug for EtagBody<B, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_state!(f, "EtagBody", self.kind,
            Kind::Unchanged(_) => "Unchanged",
            Kind::HeldBack(_) => "HeldBack",
            Kind::WithTrailer(_) => "WithTrailer",
            Kind::Dropped => "Dropped",
        )
    }
}
