use std::task::{Context, Poll};

use http::{
    Request, Response,
    header::{IF_MATCH, IF_NONE_MATCH, RANGE},
};
use tower::Service;

use super::{
    CodingSuffixFuture,
    suffix::{EVERY_CODING, HeldTags, add_tags_without_suffix},
};
use crate::precondition::is_safe;

/// Gives compressed responses of the inner service entity tags of their own.
///
/// [`CodingSuffixLayer`](super::CodingSuffixLayer) creates this service. See the
/// [module docs](crate::coding).
#[derive(Clone, Copy, Debug)]
pub struct CodingSuffixService<S> {
    inner: S,
}

impl<S> CodingSuffixService<S> {
    pub(super) const fn new(inner: S) -> Self {
        Self { inner }
    }

    inner_service_accessors!();
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for CodingSuffixService<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = CodingSuffixFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        let safe = is_safe(request.method());
        let headers = request.headers_mut();
        if safe && headers.contains_key(RANGE) {
            // The client joins the part with coded bytes, and the tag without suffix names others.
            return CodingSuffixFuture::new(self.inner.call(request), None);
        }
        // A write is for the resource, whichever representation the client has read.
        add_tags_without_suffix(headers, &IF_MATCH, &EVERY_CODING);
        if !safe {
            add_tags_without_suffix(headers, &IF_NONE_MATCH, &EVERY_CODING);
            return CodingSuffixFuture::new(self.inner.call(request), None);
        }
        let held = HeldTags::from_request(headers);
        if let Some(held) = &held {
            add_tags_without_suffix(headers, &IF_NONE_MATCH, held.accepted());
        }
        CodingSuffixFuture::new(self.inner.call(request), held)
    }
}
