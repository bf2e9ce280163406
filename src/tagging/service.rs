use std::{
    any::type_name,
    fmt,
    marker::PhantomData,
    task::{Context, Poll},
};

use bytes::Bytes;
use digest::Digest;
use http::{
    Method, Request, Response,
    header::{IF_RANGE, RANGE},
};
use http_body::Body;
use tower::Service;

use super::{EtagBody, EtagFuture, future::Tagging, layer::Settings, trailers::Trailers};
use crate::precondition::is_read;

/// Makes entity tags from the response bodies of the inner service.
///
/// [`EtagLayer`](super::EtagLayer) creates this service. See the [module docs](crate::tagging).
pub struct EtagService<S, D> {
    inner: S,
    settings: Settings,
    digest: PhantomData<fn() -> D>,
}

impl<S, D> EtagService<S, D> {
    pub(super) const fn new(inner: S, settings: Settings) -> Self {
        Self {
            inner,
            settings,
            digest: PhantomData,
        }
    }

    inner_service_accessors!();
}

impl<S, D, ReqBody, ResBody> Service<Request<ReqBody>> for EtagService<S, D>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    D: Digest,
    ResBody: Body + Unpin,
    ResBody::Data: From<Bytes>,
{
    type Response = Response<EtagBody<ResBody, D>>;
    type Error = S::Error;
    type Future = EtagFuture<S::Future, ResBody, D>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        if !is_read(request.method()) {
            return EtagFuture::new(self.inner.call(request), None);
        }
        let head = request.method() == Method::HEAD;
        let trailers = if head || !self.settings.trailers {
            Trailers::No
        } else {
            Trailers::accepted_by(&request)
        };
        if head {
            *request.method_mut() = Method::GET;
        }
        // HEAD has no Range (RFC 9110 section 14.2), and part of a body has another digest. And the
        // inner service does not know the tags that this layer has made, so it would send a part of
        // another version.
        if head || request.headers().contains_key(IF_RANGE) {
            request.headers_mut().remove(RANGE);
            request.headers_mut().remove(IF_RANGE);
        }
        let tagging = Tagging {
            head,
            trailers,
            weak: self.settings.weak,
            max_size: self.settings.max_size,
        };
        EtagFuture::new(self.inner.call(request), Some(tagging))
    }
}

impl<S: Clone, D> Clone for EtagService<S, D> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone(), self.settings)
    }
}

impl<S: fmt::Debug, D> fmt::Debug for EtagService<S, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EtagService")
            .field("inner", &self.inner)
            .field("digest", &type_name::<D>())
            .field("settings", &self.settings)
            .finish()
    }
}
