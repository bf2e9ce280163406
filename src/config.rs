use std::{any::type_name, fmt};

use http::{Method, StatusCode};

use crate::{
    BindSource, RequestPolicy, Requirement, Rules, Ruling, Selected, ValidatorSource,
    requirement::can_be_required,
};

/// What a layer was told; shared by its services and their futures.
#[derive(Clone)]
pub(crate) struct Config<V, P, R> {
    pub(crate) source: V,
    pub(crate) requirement: Requirement,
    pub(crate) per_resource: bool,
    pub(crate) policy: P,
    pub(crate) respond: R,
    pub(crate) required_status: StatusCode,
    pub(crate) rules: Rules,
    pub(crate) stamp: bool,
    pub(crate) record: bool,
    pub(crate) echo: bool,
}

impl<V, P: Clone, R: Clone> Config<V, P, R> {
    /// The same around this service.
    pub(crate) fn bind<S>(&self, inner: S) -> (V::Service, Config<V::Source, P, R>)
    where
        V: BindSource<S>,
    {
        let (inner, source) = self.source.bind(inner);
        let config = Config {
            source,
            requirement: self.requirement.clone(),
            per_resource: self.per_resource,
            policy: self.policy.clone(),
            respond: self.respond.clone(),
            required_status: self.required_status,
            rules: self.rules,
            stamp: self.stamp && V::Source::STAMPS,
            record: self.record,
            echo: self.echo,
        };
        (inner, config)
    }
}

impl<V, P, R> Config<V, P, R> {
    pub(crate) fn with_policy<Q>(self, policy: Q) -> Config<V, Q, R> {
        Config {
            source: self.source,
            requirement: self.requirement,
            per_resource: self.per_resource,
            policy,
            respond: self.respond,
            required_status: self.required_status,
            rules: self.rules,
            stamp: self.stamp,
            record: self.record,
            echo: self.echo,
        }
    }

    pub(crate) fn with_respond<S>(self, respond: S) -> Config<V, P, S> {
        Config {
            source: self.source,
            requirement: self.requirement,
            per_resource: self.per_resource,
            policy: self.policy,
            respond,
            required_status: self.required_status,
            rules: self.rules,
            stamp: self.stamp,
            record: self.record,
            echo: self.echo,
        }
    }

    /// Whether a response to this method may get validators.
    pub(crate) fn stamps(&self, method: &Method) -> bool {
        self.stamp && matches!(*method, Method::GET | Method::HEAD)
    }
}

impl<V, P: RequestPolicy, R> Config<V, P, R> {
    /// Whether an unconditional request of this method can be refused, for all that is known
    /// before the source was asked.
    #[inline]
    pub(crate) fn may_require(&self, method: &Method) -> bool {
        if P::SPEAKS || self.per_resource {
            can_be_required(method)
        } else {
            !self.requirement.is_none() && self.requirement.covers(method)
        }
    }

    /// Whether this request must be conditional. The most specific that speaks decides: the
    /// ruling on the request, the source's answer for the resource, the layer's requirement.
    pub(crate) fn requires(&self, ruling: &Ruling, method: &Method, selected: &Selected) -> bool {
        match (ruling, selected) {
            (Ruling::Ignore | Ruling::Refuse, _) => false,
            (Ruling::Require(requirement), _) => requirement.covers(method),
            (Ruling::Silent, Selected::Present(representation)) => representation
                .details
                .as_ref()
                .and_then(|details| details.requirement.as_ref())
                .unwrap_or(&self.requirement)
                .covers(method),
            (Ruling::Silent, Selected::Missing | Selected::Unknown | Selected::Answered(_)) => {
                self.requirement.covers(method)
            }
        }
    }
}

impl<V, P, R> fmt::Debug for Config<V, P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("source", &type_name::<V>())
            .field("requirement", &self.requirement)
            .field("per_resource", &self.per_resource)
            .field("policy", &type_name::<P>())
            .field("respond", &type_name::<R>())
            .field("required_status", &self.required_status)
            .field("rules", &self.rules)
            .field("stamp", &self.stamp)
            .field("record", &self.record)
            .field("echo", &self.echo)
            .finish()
    }
}
