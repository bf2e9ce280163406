use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project::pin_project;

/// The body of a [`Conditional`](crate::Conditional) service's response: the handler's, or the
/// layer's own.
///
/// The body of a 304 is at its end from the start and has size 0, so that no outer layer finds
/// anything to compress or to frame (RFC 9110 section 15.4.5).
#[pin_project]
#[derive(Debug)]
pub struct ResponseBody<B> {
    #[pin]
    kind: Kind<B>,
}

#[pin_project(project = KindProjection)]
#[derive(Debug)]
enum Kind<B> {
    Handler(#[pin] B),
    /// Never `Some` of no bytes.
    Layer(Option<Bytes>),
}

impl<B> ResponseBody<B> {
    pub(crate) const fn handler(body: B) -> Self {
        Self {
            kind: Kind::Handler(body),
        }
    }

    pub(crate) const fn empty() -> Self {
        Self {
            kind: Kind::Layer(None),
        }
    }

    pub(crate) fn layer(bytes: Bytes) -> Self {
        Self {
            kind: Kind::Layer(Some(bytes).filter(|bytes| !bytes.is_empty())),
        }
    }
}

impl<B> Body for ResponseBody<B>
where
    B: Body,
    B::Data: From<Bytes>,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match self.project().kind.project() {
            KindProjection::Handler(body) => body.poll_frame(cx),
            KindProjection::Layer(bytes) => {
                Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes.into()))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Handler(body) => body.is_end_stream(),
            Kind::Layer(bytes) => bytes.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Handler(body) => body.size_hint(),
            Kind::Layer(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
        }
    }
}
