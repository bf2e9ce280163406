use std::{
    any::type_name,
    fmt,
    marker::PhantomData,
    task::{Context, Poll},
};

use digest::Digest;
use http::{
    Method, Request, Response, Version,
    header::{IF_RANGE, RANGE},
};
use http_body::Body;
use tower::Service;

use super::{EtagFuture, layer::Settings, trailers::accepts_trailers};

/// The service that [`EtagLayer`](crate::EtagLayer) makes.
pub struct Etag<S, D> {
    inner: S,
    settings: Settings,
    digest: PhantomData<fn() -> D>,
}

impl<S, D> Etag<S, D> {
    pub(super) const fn new(inner: S, settings: Settings) -> Self {
        Self {
            inner,
            settings,
            digest: PhantomData,
        }
    }

    /// The wrapped service.
    pub const fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The wrapped service, by value.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

/// What matters of the request when the response is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) head: bool,
    pub(super) trailers: Trailers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trailers {
    No,
    /// The message has to be chunked, so it must not have a Content-Length.
    Chunked,
    Yes,
}

impl<S, D, ReqBody, ResBody> Service<Request<ReqBody>> for Etag<S, D>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    D: Digest,
    ResBody: Body + Unpin,
    ResBody::Data: From<bytes::Bytes>,
{
    type Response = Response<super::EtagBody<ResBody, D>>;
    type Error = S::Error;
    type Future = EtagFuture<S::Future, ResBody, D>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        let head = request.method() == Method::HEAD;
        if !head && request.method() != Method::GET {
            return EtagFuture::pass(self.inner.call(request));
        }
        let trailers = if head || !self.settings.trailers || !accepts_trailers(request.headers()) {
            Trailers::No
        } else {
            match request.version() {
                Version::HTTP_09 | Version::HTTP_10 => Trailers::No,
                Version::HTTP_11 => Trailers::Chunked,
                _ => Trailers::Yes,
            }
        };
        if head {
            *request.method_mut() = Method::GET;
            // HEAD has no Range (RFC 9110 section 14.2), and part of a body has another digest.
            request.headers_mut().remove(RANGE);
            request.headers_mut().remove(IF_RANGE);
        }
        let asked = Asked { head, trailers };
        EtagFuture::tag(self.inner.call(request), self.settings, asked)
    }
}

impl<S: Clone, D> Clone for Etag<S, D> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone(), self.settings)
    }
}

impl<S: fmt::Debug, D> fmt::Debug for Etag<S, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Etag")
            .field("inner", &self.inner)
            .field("digest", &type_name::<D>())
            .field("settings", &self.settings)
            .finish()
    }
}
