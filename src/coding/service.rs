use std::task::{Context, Poll};

use http::{
    Request, Response,
    header::{IF_MATCH, IF_NONE_MATCH},
};
use tower::Service;

use super::{
    CodingSuffixFuture,
    restore::{ANY_CODING, Restore, add_without_suffix},
};

/// The service that [`CodingSuffixLayer`](crate::CodingSuffixLayer) makes.
#[derive(Clone, Copy, Debug)]
pub struct CodingSuffix<S> {
    inner: S,
}

impl<S> CodingSuffix<S> {
    pub(super) const fn new(inner: S) -> Self {
        Self { inner }
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

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for CodingSuffix<S>
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
        let safe = request.method().is_safe();
        let headers = request.headers_mut();
        // A write is for the resource, whichever coding its tag was read with.
        add_without_suffix(headers, &IF_MATCH, &ANY_CODING);
        if !safe {
            add_without_suffix(headers, &IF_NONE_MATCH, &ANY_CODING);
            return CodingSuffixFuture::new(self.inner.call(request), None);
        }
        let restore = Restore::new(headers);
        if let Some(restore) = &restore {
            add_without_suffix(headers, &IF_NONE_MATCH, &restore.admitted);
        }
        CodingSuffixFuture::new(self.inner.call(request), restore)
    }
}
