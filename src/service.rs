use std::{
    fmt, mem,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower::Service;

use crate::{
    ConditionalLayer, RequestPolicy, Respond, ResponseBody, ValidatorSource,
    config::Config,
    evaluation::{Verdict, evaluate},
    future::{ResponseFuture, Waiting},
    precondition::Fields,
    requirement::NoPolicy,
    response::DefaultRespond,
    source::Ask,
};

/// The service that [`ConditionalLayer`] makes. See the [crate's docs](crate).
pub struct Conditional<S, V, P = NoPolicy, R = DefaultRespond> {
    inner: S,
    config: Arc<Config<V, P, R>>,
}

impl<S, V: ValidatorSource + Clone> Conditional<S, V> {
    /// Wraps `inner`, asks `source` for validators, and does what RFC 9110 says; requires nothing.
    ///
    /// [`ConditionalLayer`] has the settings.
    ///
    /// ```
    /// use std::convert::Infallible;
    /// use bytes::Bytes;
    /// use http::{request::Parts, Request, Response};
    /// use http_body_util::Full;
    /// use tower::{service_fn, ServiceExt};
    /// use tower_conditional::{ready_fn, Conditional, EntityTag};
    ///
    /// # tokio_test::block_on(async {
    /// let handler = service_fn(|_: Request<()>| async {
    ///     Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"content"))))
    /// });
    /// let service = Conditional::new(handler, ready_fn(|_: &Parts| EntityTag::from_version(7)));
    ///
    /// let request = Request::get("/").header("if-none-match", "\"7\"").body(()).unwrap();
    /// assert_eq!(service.oneshot(request).await.unwrap().status(), 304);
    /// # });
    /// ```
    pub fn new(inner: S, source: V) -> Self {
        tower::Layer::layer(&ConditionalLayer::new(source), inner)
    }
}

impl<S, V, P, R> Conditional<S, V, P, R> {
    pub(crate) fn with_config(inner: S, config: Arc<Config<V, P, R>>) -> Self {
        Self { inner, config }
    }

    /// The wrapped service.
    pub const fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The wrapped service, mutably.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The wrapped service, by value.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, V, P, R, ReqBody, ResBody> Service<Request<ReqBody>> for Conditional<S, V, P, R>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
    V: ValidatorSource,
    P: RequestPolicy,
    R: Respond,
{
    type Response = Response<ResponseBody<ResBody>>;
    type Error = S::Error;
    type Future = ResponseFuture<S, V, P, R, ReqBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let method = request.method();
        let fields = Fields::scan(method, request.headers());
        if fields.is_empty() && !self.config.stamps(method) && !self.config.may_require(method) {
            return ResponseFuture::pass(self.inner.call(request));
        }

        self.ask(request, fields)
    }
}

impl<S, V, P, R> Conditional<S, V, P, R> {
    /// The way of a request that depends on the source's answer; on its own, so that passing one on
    /// stays small enough to be inlined.
    fn ask<ReqBody, ResBody>(
        &mut self,
        request: Request<ReqBody>,
        fields: Fields,
    ) -> ResponseFuture<S, V, P, R, ReqBody>
    where
        S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
        V: ValidatorSource,
        P: RequestPolicy,
        R: Respond,
    {
        let (mut head, body) = request.into_parts();
        match self.config.source.ask(&head) {
            Ask::Ready(answer) => match evaluate(&self.config, &mut head, fields, answer) {
                Verdict::Perform(after) => {
                    let request = Request::from_parts(head, body);
                    ResponseFuture::perform(self.inner.call(request), after)
                }
                Verdict::Refuse(response) => ResponseFuture::refuse(response),
            },
            Ask::Pending(answer) => {
                // The clone has not been polled ready: it stays here, and the ready one is called.
                let clone = self.inner.clone();
                let waiting = Waiting {
                    head,
                    fields,
                    body,
                    inner: mem::replace(&mut self.inner, clone),
                    config: Arc::clone(&self.config),
                };
                ResponseFuture::ask(answer, waiting)
            }
        }
    }
}

impl<S: Clone, V, P, R> Clone for Conditional<S, V, P, R> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            config: Arc::clone(&self.config),
        }
    }
}

impl<S: fmt::Debug, V, P, R> fmt::Debug for Conditional<S, V, P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conditional")
            .field("inner", &self.inner)
            .field("config", &self.config)
            .finish()
    }
}
