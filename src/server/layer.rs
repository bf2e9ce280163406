use std::{any::type_name, fmt, sync::Arc};

use http::{Response, request::Parts};
use tower::Layer;

use super::{
    Conditional, Ruling,
    settings::{Policy, Respond, Settings},
};
use crate::{
    precondition::{CurrentState, Requirement, Rules, Validators},
    refusal::{Refusal, RefusalBody},
    source::BindSource,
};

/// Evaluates preconditions before the wrapped service runs.
///
/// See the [module docs](super) for what it does, and the [crate docs](crate) for an example.
#[must_use = "a layer does nothing until a service is wrapped in it"]
#[derive(Clone)]
pub struct ConditionalLayer<V> {
    source: V,
    settings: Arc<Settings>,
}

impl<V> ConditionalLayer<V> {
    /// Creates a layer that asks `source` for validators, applies RFC 9110 section 13, and requires
    /// nothing.
    ///
    /// `source` is a [`ValidatorSource`](crate::ValidatorSource) that is `Clone`, or one of
    /// [`ByHead`](crate::ByHead), [`FirstKnown`](crate::source::FirstKnown) and `Cached`, which
    /// become sources when the layer wraps a service.
    pub fn new(source: V) -> Self {
        Self {
            source,
            settings: Arc::default(),
        }
    }

    fn settings(&mut self) -> &mut Settings {
        Arc::make_mut(&mut self.settings)
    }

    /// Requires requests with these methods to be conditional. Others are answered 428
    /// (RFC 6585 section 3).
    ///
    /// The most specific requirement wins: that of [`policy`](Self::policy) for the request, then
    /// that of the source's answer for the resource, then this one. By default nothing is required.
    pub fn require(mut self, requirement: Requirement) -> Self {
        self.settings().requirement = requirement;
        self
    }

    /// Asks the source about unconditional writes too, so that
    /// [`Representation::with_requirement`](crate::Representation::with_requirement) can require a
    /// precondition for them.
    ///
    /// By default the source is asked only if something else depends on its answer.
    pub fn require_per_resource(mut self) -> Self {
        self.settings().per_resource = true;
        self
    }

    /// Calls `policy` for each request that depends on its preconditions or may have to be
    /// conditional, and applies the [`Ruling`] that it returns.
    ///
    /// `policy` gets the head of the request and the state of the representation. Its ruling wins
    /// over the requirement of the source and that of the layer. An `Option<Requirement>` and a
    /// [`Requirement`] convert to a ruling.
    ///
    /// ```
    /// use tower_conditional::{ready_fn, ConditionalLayer, EntityTag, Requirement};
    ///
    /// # let source = ready_fn(|_| EntityTag::from_version(1));
    /// let layer = ConditionalLayer::new(source).policy(|head, _| {
    ///     let forced = head.uri.query().is_some_and(|query| query.contains("checkEtag"));
    ///     forced.then_some(Requirement::WRITES)
    /// });
    /// ```
    pub fn policy<F, R>(mut self, policy: F) -> Self
    where
        F: Fn(&Parts, CurrentState<&Validators>) -> R + Send + Sync + 'static,
        R: Into<Ruling>,
    {
        let policy = move |head: &Parts, current: CurrentState<&Validators>| -> Ruling {
            policy(head, current).into()
        };
        self.settings().policy = Some(Policy(Arc::new(policy)));
        self
    }

    /// Calls `respond` for the response to each refused request, in place of
    /// [`Refusal::into_response`].
    ///
    /// `respond` may start from `into_response`. The body of a 304 is always dropped.
    /// [`Outcome::lost`](crate::Outcome::lost) and [`Outcome::recheck`](crate::Outcome::recheck)
    /// call `respond` too, so that a service has one form of 412.
    ///
    /// ```
    /// use http::{Response, StatusCode};
    /// use tower_conditional::{ready_fn, ConditionalLayer, Decision, EntityTag};
    ///
    /// # let source = ready_fn(|_| EntityTag::from_version(1));
    /// let layer = ConditionalLayer::new(source).respond_with(|refusal| match refusal.decision() {
    ///     Decision::PreconditionRequired => Response::builder()
    ///         .status(StatusCode::CONFLICT)
    ///         .body("send the ETag in If-Match".into())
    ///         .unwrap(),
    ///     _ => refusal.into_response(),
    /// });
    /// ```
    pub fn respond_with<F, B>(mut self, respond: F) -> Self
    where
        F: Fn(Refusal<'_>) -> Response<B> + Send + Sync + 'static,
        B: Into<RefusalBody>,
    {
        let respond = move |refusal: Refusal<'_>| -> Response<RefusalBody> {
            respond(refusal).map(Into::into)
        };
        self.settings().respond = Some(Respond(Arc::new(respond)));
        self
    }

    /// Sets the rules of comparison. By default they are [`Rules::RFC9110`].
    pub fn rules(mut self, rules: Rules) -> Self {
        self.settings().rules = rules;
        self
    }

    /// Sets whether the layer adds the source's validators and fields to 2xx responses to GET and
    /// HEAD, where the handler set none. By default it does. A 206 gets the fields, but no
    /// validators. [`Representation::of_queries`](crate::Representation::of_queries) is about QUERY.
    ///
    /// If it does not, an unconditional GET is passed on and the source is not asked.
    pub fn set_validators(mut self, yes: bool) -> Self {
        self.settings().set_validators = yes;
        self
    }

    /// Sets whether the layer puts the [`Decision`](crate::Decision) into the extensions of the
    /// response to a conditional request, for outer layers and tests. By default it does not.
    ///
    /// Most responses have no other extensions, so this costs the three allocations of a map with
    /// one value. Without it, a 304 allocates nothing. Most outer layers need only the status, and
    /// events (feature `tracing`) carry the decision too. The error of a source that failed is in
    /// the extensions in either case, because it is rare.
    pub fn record_decision(mut self, yes: bool) -> Self {
        self.settings().record_decision = yes;
        self
    }

    /// Sets whether the handler of a conditional read finds the [`Outcome`](crate::Outcome) in the
    /// extensions of the request too. By default only that of a write does.
    ///
    /// The atomic check of a write depends on it. A read has nothing to check again: it sends what
    /// is current, and that is what the client lacks. A read whose `If-None-Match` no longer matches
    /// is the commonest conditional request, so the three allocations of an extension map are saved
    /// there. Enable this for a handler that [rechecks](crate::Outcome::recheck) reads, for example
    /// to save the content if the client turns out to have it.
    ///
    /// ```
    /// use http::{Request, Response};
    /// use tower::{service_fn, Layer, ServiceExt};
    /// use tower_conditional::{ready_fn, ConditionalLayer, EntityTag, Outcome};
    /// # use std::convert::Infallible;
    ///
    /// let handler = service_fn(|request: Request<()>| async move {
    ///     let knows = request.extensions().get::<Outcome>().is_some();
    ///     let response = Response::builder().header("knows", knows.to_string());
    ///     Ok::<_, Infallible>(response.body(String::new()).unwrap())
    /// });
    /// let layer = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(7)));
    /// let get = || Request::get("/").header("if-none-match", "\"6\"").body(()).unwrap();
    ///
    /// # tokio_test::block_on(async {
    /// let response = layer.clone().layer(handler).oneshot(get()).await.unwrap();
    /// assert_eq!(response.headers()["knows"], "false");
    ///
    /// let service = layer.outcome_of_reads(true).layer(handler);
    /// assert_eq!(service.oneshot(get()).await.unwrap().headers()["knows"], "true");
    /// # });
    /// ```
    pub fn outcome_of_reads(mut self, yes: bool) -> Self {
        self.settings().outcome_of_reads = yes;
        self
    }

    /// Sets whether a 304 carries the entity tag that matched in the form that the client sent. By
    /// default it carries the current one. The two differ if a comparison rule applied, or by the
    /// weakness indicator.
    ///
    /// Behind Apache's mod_deflate or lighttpd some caches (got, hishel) reject a 304 with a strong
    /// tag other than the one they hold, and need this. Behind mod_brotli, which appends its suffix
    /// to the tag of a 304 too, the tag then grows with every revalidation in caches that adopt it.
    /// [`Rules::coding_suffixes`] strips suffixes repeatedly, so it still matches.
    pub fn echo_tag(mut self, yes: bool) -> Self {
        self.settings().echo_tag = yes;
        self
    }

    /// Lets one write after another reach the handler: locks a key for each unsafe request, from
    /// before the source is asked until the response of the handler is there. A handler that just
    /// writes then loses no update. By default nothing is locked.
    ///
    /// See [`lock`](crate::lock) for the rules, and for what it does not protect.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_conditional::{lock::WriteLock, ready_fn, ConditionalLayer, EntityTag, Requirement};
    ///
    /// # let source = ready_fn(|_| EntityTag::from_version(1));
    /// let layer = ConditionalLayer::new(source)
    ///     .require(Requirement::WRITES)
    ///     .lock(WriteLock::new().timeout(|| tokio::time::sleep(Duration::from_secs(5))));
    /// ```
    #[cfg(feature = "lock")]
    #[cfg_attr(docsrs, doc(cfg(feature = "lock")))]
    pub fn lock(mut self, lock: crate::lock::WriteLock) -> Self {
        self.settings().lock = Some(lock);
        self
    }
}

impl<S, V: BindSource<S>> Layer<S> for ConditionalLayer<V> {
    type Service = Conditional<V::Service, V::Source>;

    fn layer(&self, inner: S) -> Self::Service {
        let (inner, source) = self.source.bind(inner);
        Conditional::with_settings(inner, source, Arc::clone(&self.settings))
    }
}

impl<V> fmt::Debug for ConditionalLayer<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionalLayer")
            .field("source", &type_name::<V>())
            .field("settings", &self.settings)
            .finish()
    }
}
