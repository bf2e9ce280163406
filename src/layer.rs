use std::{any::type_name, fmt, sync::Arc};

use http::StatusCode;
use tower::Layer;

use crate::{
    BindSource, Conditional, ConfigError, RequestPolicy, Requirement, Respond, Rules,
    config::Config, requirement::NoPolicy, response::DefaultRespond,
};

/// Evaluates preconditions before the wrapped service runs. See the [crate's docs](crate).
#[must_use = "a layer does nothing until a service is wrapped in it"]
#[derive(Clone)]
pub struct ConditionalLayer<V, P = NoPolicy, R = DefaultRespond> {
    config: Config<V, P, R>,
}

impl<V> ConditionalLayer<V> {
    /// Asks `source` for validators, and does what RFC 9110 says; requires nothing.
    ///
    /// It is a [`ValidatorSource`](crate::ValidatorSource), or another [`BindSource`].
    pub fn new(source: V) -> Self {
        Self {
            config: Config {
                source,
                requirement: Requirement::NONE,
                per_resource: false,
                policy: NoPolicy,
                respond: DefaultRespond,
                required_status: StatusCode::PRECONDITION_REQUIRED,
                rules: Rules::RFC9110,
                stamp: true,
                record: true,
                echo: false,
            },
        }
    }
}

impl<V, P, R> ConditionalLayer<V, P, R> {
    /// Requires requests of these methods to be conditional; others are answered 428
    /// (RFC 6585 section 3).
    ///
    /// The most specific requirement that speaks wins: that of
    /// [`policy`](Self::policy) for the request, else that of the source's answer
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

    /// Lets `policy` say for each request what holds for it, from the request's head and what is
    /// known of the representation. It comes before all else that is required, see the
    /// [crate's docs](crate#policies).
    ///
    /// ```
    /// use http::request::Parts;
    /// use tower_conditional::{ready_fn, ConditionalLayer, Current, EntityTag, Requirement};
    ///
    /// # let source = ready_fn(|_: &Parts| EntityTag::from_version(1));
    /// let layer = ConditionalLayer::new(source).policy(|head: &Parts, _: Current<'_>| {
    ///     let forced = head.uri.query().is_some_and(|query| query.contains("checkEtag"));
    ///     forced.then_some(Requirement::WRITES)
    /// });
    /// ```
    pub fn policy<Q: RequestPolicy>(self, policy: Q) -> ConditionalLayer<V, Q, R> {
        ConditionalLayer {
            config: self.config.with_policy(policy),
        }
    }

    /// Answers by this status where a precondition is required and missing, in place of 428:
    /// 409, for RESTHeart.
    ///
    /// # Errors
    ///
    /// When it is not a status of a client's error, 400 to 499.
    pub fn required_status(mut self, status: StatusCode) -> Result<Self, ConfigError> {
        if !status.is_client_error() {
            return Err(ConfigError::status(status));
        }
        self.config.required_status = status;
        Ok(self)
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

    /// Whether a 304 carries the tag that matched as the client sent it, in place of our own; by
    /// default it does not. They differ by comparison [`Rules`], or by a weakness indicator.
    ///
    /// Behind Apache's mod_deflate or lighttpd some caches (got, hishel) reject a 304 whose strong
    /// tag is not the one they hold; this satisfies them. Behind mod_brotli, which puts its suffix
    /// on a 304's tag too, it makes the tag grow with every revalidation in caches that adopt it.
    /// [`Rules::coding_suffixes`] strips repeatedly, so that it still matches.
    pub fn echo_tag(mut self, yes: bool) -> Self {
        self.config.echo = yes;
        self
    }
}

impl<S, V, P, R> Layer<S> for ConditionalLayer<V, P, R>
where
    V: BindSource<S>,
    P: Clone,
    R: Clone,
{
    type Service = Conditional<V::Service, V::Source, P, R>;

    fn layer(&self, inner: S) -> Self::Service {
        let (inner, config) = self.config.bind(inner);
        Conditional::with_config(inner, Arc::new(config))
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
