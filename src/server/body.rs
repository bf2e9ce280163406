use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::refusal::RefusalBody;

pin_project! {
    /// The body of a response of [`Conditional`](super::Conditional): the handler's, or that of a
    /// refusal.
    ///
    /// The body of a 304 is at its end from the start, so that no outer layer compresses it
    /// (RFC 9110 section 15.4.5). Its size hint is not exact, so that no server or router adds
    /// `Content-Length: 0` (section 8.6), see [`RefusalBody`](crate::RefusalBody).
    #[derive(Debug)]
    pub struct ResponseBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    #[project = KindProjection]
    #[derive(Debug)]
    enum Kind<B> {
        Handler {
            #[pin]
            body: B,
        },
        Refusal {
            body: RefusalBody,
        },
    }
}

impl<B> ResponseBody<B> {
    pub(super) const fn handler(body: B) -> Self {
        Self {
            kind: Kind::Handler { body },
        }
    }

    pub(super) const fn refusal(body: RefusalBody) -> Self {
        Self {
            kind: Kind::Refusal { body },
        }
    }
}

/// Creates an empty body, for a layer outside that makes a response of its own, such as a timeout.
impl<B> Default for ResponseBody<B> {
    fn default() -> Self {
        Self::refusal(RefusalBody::empty())
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
            KindProjection::Handler { body } => body.poll_frame(cx),
            KindProjection::Refusal { body } => Pin::new(body).poll_frame(cx).map(|frame| {
                frame.map(|result| match result {
                    Ok(frame) => Ok(frame.map_data(Into::into)),
                    Err(never) => match never {},
                })
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Handler { body } => body.is_end_stream(),
            Kind::Refusal { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Handler { body } => body.size_hint(),
            Kind::Refusal { body } => body.size_hint(),
        }
    }
}
