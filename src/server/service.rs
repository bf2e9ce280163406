use std::{
    any::type_name,
    fmt, mem,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower::{Layer, Service};

use super::{
    ConditionalLayer, ResponseBody, ResponseFuture, decide::evaluate, refuse::refuse,
    settings::Settings,
};
#[cfg(feature = "lock")]
use super::{future::Waiting, locked::Locked};
use crate::{
    precondition::{Fields, is_read},
    refusal::RefusalBody,
    source::{Lookup, ValidatorSource},
};

/// Evaluates preconditions before it calls the wrapped service.
///
/// [`ConditionalLayer`] makes it. See the [module docs](super).
pub struct Conditional<S, V> {
    inner: S,
    source: Arc<V>,
    settings: Arc<Settings>,
}

impl<S, V: ValidatorSource + Clone> Conditional<S, V> {
    /// Wraps `inner` with the default settings: asks `source` for validators, applies RFC 9110
    /// section 13, and requires nothing.
    ///
    /// ```
    /// use std::convert::Infallible;
    /// use bytes::Bytes;
    /// use http::{Request, Response};
    /// use http_body_util::Full;
    /// use tower::{service_fn, ServiceExt};
    /// use tower_conditional::{ready_fn, Conditional, EntityTag};
    ///
    /// # tokio_test::block_on(async {
    /// let handler = service_fn(|_: Request<()>| async {
    ///     Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"content"))))
    /// });
    /// let service = Conditional::new(handler, ready_fn(|_| EntityTag::from_version(7)));
    ///
    /// let request = Request::get("/").header("if-none-match", "\"7\"").body(()).unwrap();
    /// assert_eq!(service.oneshot(request).await.unwrap().status(), 304);
    /// # });
    /// ```
    pub fn new(inner: S, source: V) -> Self {
        ConditionalLayer::new(source).layer(inner)
    }
}

impl<S, V> Conditional<S, V> {
    pub(super) fn with_settings(inner: S, source: V, settings: Arc<Settings>) -> Self {
        Self {
            inner,
            source: Arc::new(source),
            settings,
        }
    }

    inner_service_accessors!();
}

impl<S, V, ReqBody, ResBody> Service<Request<ReqBody>> for Conditional<S, V>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
    V: ValidatorSource,
{
    type Response = Response<ResponseBody<ResBody>>;
    type Error = S::Error;
    type Future = ResponseFuture<S, V, ReqBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let method = request.method();
        let fields = Fields::scan(method, request.headers());
        #[cfg(feature = "lock")]
        if self.settings.locks(method) {
            return self.lock(request, fields);
        }
        let adds_validators = self.settings.set_validators && self.source.adds_validators();
        if fields.is_empty()
            && !(adds_validators && is_read(method))
            && !self.settings.may_require(method)
        {
            return ResponseFuture::pass(self.inner.call(request));
        }

        self.look_up(request, fields, adds_validators)
    }
}

impl<S, V> Conditional<S, V> {
    /// Handles a write under a lock.
    #[cfg(feature = "lock")]
    fn lock<ReqBody, ResBody>(
        &mut self,
        request: Request<ReqBody>,
        fields: Fields,
    ) -> ResponseFuture<S, V, ReqBody>
    where
        S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
        V: ValidatorSource,
    {
        let (mut head, body) = request.into_parts();
        let lock = self.settings.lock.as_ref();
        let Some(lock) = lock.and_then(|lock| lock.begin(&mut head)) else {
            let request = Request::from_parts(head, body);
            if fields.is_empty() && !self.settings.may_require(request.method()) {
                return ResponseFuture::pass(self.inner.call(request));
            }
            let adds_validators = self.source.adds_validators();
            return self.look_up(request, fields, adds_validators);
        };
        let clone = self.inner.clone();
        let waiting = Box::new(Waiting {
            head,
            fields,
            body,
            inner: mem::replace(&mut self.inner, clone),
            settings: Arc::clone(&self.settings),
            adds_validators: self.source.adds_validators(),
        });
        ResponseFuture::locked(Locked::new(lock, waiting, Arc::clone(&self.source)))
    }

    /// Handles a request that depends on the source's answer. It is always inlined, because to pass
    /// a request on is to copy it.
    #[inline(always)]
    fn look_up<ReqBody, ResBody>(
        &mut self,
        request: Request<ReqBody>,
        fields: Fields,
        adds_validators: bool,
    ) -> ResponseFuture<S, V, ReqBody>
    where
        S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
        V: ValidatorSource,
    {
        let (mut head, body) = request.into_parts();
        match self.source.look_up(&head) {
            Lookup::Ready(mut answer) => {
                let settings = &self.settings;
                match evaluate(settings, adds_validators, &mut head, fields, &mut answer) {
                    Ok(plan) => {
                        let response = self.inner.call(Request::from_parts(head, body));
                        if plan.is_empty() {
                            ResponseFuture::pass(response)
                        } else {
                            ResponseFuture::perform(response, plan, answer)
                        }
                    }
                    Err(decision) => {
                        let head = &mut head;
                        let mut response = Response::new(RefusalBody::empty());
                        refuse(settings, head, decision, fields, &mut answer, &mut response);
                        ResponseFuture::refuse(response)
                    }
                }
            }
            Lookup::Pending(answer) => {
                // The clone has not been polled ready: it stays here, and the ready one is called.
                let clone = self.inner.clone();
                let inner = mem::replace(&mut self.inner, clone);
                let settings = Arc::clone(&self.settings);
                let known = (fields, adds_validators);
                ResponseFuture::look_up(answer, head, body, inner, settings, known)
            }
        }
    }
}

impl<S: Clone, V> Clone for Conditional<S, V> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            source: Arc::clone(&self.source),
            settings: Arc::clone(&self.settings),
        }
    }
}

impl<S: fmt::Debug, V> fmt::Debug for Conditional<S, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conditional")
            .field("inner", &self.inner)
            .field("source", &type_name::<V>())
            .field("settings", &self.settings)
            .finish()
    }
}
