use std::{
    fmt,
    future::Future,
    task::{Context, Poll},
};

use http::{Method, Request, Response, Version, header::EXPECT};
use http_body::Body;
use tower::Service;

use super::{
    DrainBody, DrainFuture,
    body::Slot,
    future::{OnEarlyResponse, Watch},
    layer::Limits,
};
use crate::fields::members;

/// Reads the rest of a request before it returns an early response of the inner service.
///
/// [`DrainLayer`](super::DrainLayer) creates this service. See the [module docs](crate::drain).
#[derive(Clone, Copy)]
pub struct DrainService<S, T> {
    inner: S,
    limits: Limits<T>,
}

impl<S, T> DrainService<S, T> {
    pub(super) const fn new(inner: S, limits: Limits<T>) -> Self {
        Self { inner, limits }
    }

    inner_service_accessors!();
}

impl<S, T, D, ReqBody, ResBody> Service<Request<ReqBody>> for DrainService<S, T>
where
    S: Service<Request<DrainBody<ReqBody>>, Response = Response<ResBody>>,
    T: Fn() -> D + Clone,
    D: Future,
    ReqBody: Body + Unpin,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = DrainFuture<S::Future, ReqBody, ResBody, T, D>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        // What follows the head of a CONNECT is not content.
        if request.body().is_end_stream() || request.method() == Method::CONNECT {
            let request = request.map(DrainBody::untracked);
            return DrainFuture::new(self.inner.call(request), None);
        }

        let watch = Watch {
            slot: Slot::new(),
            early: OnEarlyResponse::of(&request),
            limits: self.limits.clone(),
        };
        let request = request.map(|body| DrainBody::tracked(body, watch.slot.clone()));
        DrainFuture::new(self.inner.call(request), Some(watch))
    }
}

impl OnEarlyResponse {
    fn of<B>(request: &Request<B>) -> Self {
        let mut expectations = members(request.headers(), EXPECT);
        Self {
            // HTTP/2 has no such option, and ends a stream without the connection.
            closes: request.version() <= Version::HTTP_11,
            // Has no meaning in HTTP/1.0 (RFC 9110 section 10.1.1).
            client_waits: request.version() >= Version::HTTP_11
                && expectations.any(|it| it.eq_ignore_ascii_case(b"100-continue")),
        }
    }
}

impl<S: fmt::Debug, T> fmt::Debug for DrainService<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DrainService")
            .field("inner", &self.inner)
            .field("limit", &self.limits.size)
            .finish_non_exhaustive()
    }
}
