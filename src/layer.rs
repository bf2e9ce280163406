use std::{any::type_name, fmt, sync::Arc};

use tower::Layer;

use crate::{
    Conditional, Requirement, RequirementPolicy, Respond, Rules, ValidatorSource, config::Config,
    requirement::NoPolicy, response::DefaultRespond,
};

/// Evaluates preconditions before the wrapped service runs. See the [crate's docs](crate).
#[must_use = "a layer does nothing until a service is wrapped in it"]
#[derive(Clone)]
pub struct ConditionalLayer<V, P = NoPolicy, R = DefaultRespond> {
    config: Config<V, P, R>,
}

impl<V: ValidatorSource> ConditionalLayer<V> {
    /// Asks `source` for validators, and does what RFC 9110 says; requires nothing.
    pub fn new(source: V) -> Self {
        Self {
            config: Config {
                source,
                requirement: Requirement::NONE,
                per_resource: false,
                policy: NoPolicy,
                respond: DefaultRespond,
                rules: Rules::RFC9110,
                stamp: true,
                record: true,
            },
        }
    }
}

impl<V, P, R> ConditionalLayer<V, P, R> {
    /// Requires requests of these methods to be conditional; others are answered 428
    /// (RFC 6585 section 3).
    ///
    /// The most specific requirement that speaks wins: that of
    /// [`require_with`](Self::require_with) for the request, else that of the source's answer
    /// for the resource, else this one.
    pub fn require(mut self, requirement: Requirement) -> Self {
        self.config.requirement = requirement;
        self
    }

    /// Asks the source about unconditional writes too, so that
    /// [`Representation::with_requirement`](crate::Representation::with_requirement) can require
    /// a precondition of them. Without this the source is asked only if something else depends on
    /// its answer.
    pub fn require_per_resource(mut self) -> Self {
        self.config.per_resource = true;
        self
    }

    /// Lets `policy` say for each request whether it must be conditional, from the request's head
    /// and what is known of the representation.
    ///
    /// ```
    /// use http::request::Parts;
    /// use tower_conditional::{ready_fn, ConditionalLayer, Current, EntityTag, Requirement};
    ///
    /// # let source = ready_fn(|_: &Parts| EntityTag::from_version(1));
    /// let layer = ConditionalLayer::new(source).require_with(|head: &Parts, _: Current<'_>| {
    ///     head.uri.path().starts_with("/admin/").then_some(Requirement::WRITES)
    /// });
    /// ```
    pub fn require_with<Q: RequirementPolicy>(self, policy: Q) -> ConditionalLayer<V, Q, R> {
        ConditionalLayer {
            config: self.config.with_policy(policy),
        }
    }

    /// Answers refused requests by `respond` in place of the layer's own responses.
    pub fn respond_with<S: Respond>(self, respond: S) -> ConditionalLayer<V, P, S> {
        ConditionalLayer {
            config: self.config.with_respond(respond),
        }
    }

    /// Evaluates by these rules in place of [`Rules::RFC9110`].
    pub fn rules(mut self, rules: Rules) -> Self {
        self.config.rules = rules;
        self
    }

    /// Whether 2xx responses to GET and HEAD get the source's validators and fields where the
    /// handler set none; by default they do.
    ///
    /// Without it an unconditional GET is passed on without asking the source.
    pub fn stamp(mut self, yes: bool) -> Self {
        self.config.stamp = yes;
        self
    }

    /// Whether the [`Decision`](crate::Decision) is put into the extensions of the response to a
    /// conditional request; by default it is.
    ///
    /// It costs the three allocations of an extension map. Without it, a 304 allocates nothing.
    pub fn record(mut self, yes: bool) -> Self {
        self.config.record = yes;
        self
    }
}

impl<S, V, P, R> Layer<S> for ConditionalLayer<V, P, R>
where
    V: Clone,
    P: Clone,
    R: Clone,
{
    type Service = Conditional<S, V, P, R>;

    fn layer(&self, inner: S) -> Self::Service {
        Conditional::with_config(inner, Arc::new(self.config.clone()))
    }
}

impl<V, P, R> fmt::Debug for ConditionalLayer<V, P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionalLayer")
            .field("source", &type_name::<V>())
            .field("config", &self.config)
            .finish()
    }
}
