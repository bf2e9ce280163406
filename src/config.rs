use std::{any::type_name, fmt};

use http::{Method, request::Parts};

use crate::{
    Current, Requirement, RequirementPolicy, Rules, Selected, requirement::can_be_required,
};

/// What a layer was told; shared by its services and their futures.
#[derive(Clone)]
pub(crate) struct Config<V, P, R> {
    pub(crate) source: V,
    pub(crate) requirement: Requirement,
    pub(crate) per_resource: bool,
    pub(crate) policy: P,
    pub(crate) respond: R,
    pub(crate) rules: Rules,
    pub(crate) stamp: bool,
    pub(crate) record: bool,
}

impl<V, P, R> Config<V, P, R> {
    pub(crate) fn with_policy<Q>(self, policy: Q) -> Config<V, Q, R> {
        Config {
            source: self.source,
            requirement: self.requirement,
            per_resource: self.per_resource,
            policy,
            respond: self.respond,
            rules: self.rules,
            stamp: self.stamp,
            record: self.record,
        }
    }

    pub(crate) fn with_respond<S>(self, respond: S) -> Config<V, P, S> {
        Config {
            source: self.source,
            requirement: self.requirement,
            per_resource: self.per_resource,
            policy: self.policy,
            respond,
            rules: self.rules,
            stamp: self.stamp,
            record: self.record,
        }
    }

    /// Whether a response to this method may get validators.
    pub(crate) fn stamps(&self, method: &Method) -> bool {
        self.stamp && matches!(*method, Method::GET | Method::HEAD)
    }
}

impl<V, P: RequirementPolicy, R> Config<V, P, R> {
    /// Whether an unconditional request of this method can be refused, for all that is known
    /// before the source was asked.
    pub(crate) fn may_require(&self, method: &Method) -> bool {
        (P::SPEAKS || self.per_resource) && can_be_required(method)
            || self.requirement.covers(method)
    }

    /// The most specific requirement that speaks: the request's, the resource's, the layer's.
    pub(crate) fn requires(&self, head: &Parts, selected: &Selected) -> bool {
        if !can_be_required(&head.method) {
            return false;
        }
        let current: Current<'_> = selected.current();
        if let Some(requirement) = self.policy.requirement(head, current) {
            return requirement.covers(&head.method);
        }
        let of_resource = match selected {
            Selected::Present(representation) => representation.requirement.as_ref(),
            Selected::Missing | Selected::Unknown => None,
        };
        of_resource
            .unwrap_or(&self.requirement)
            .covers(&head.method)
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
            .field("rules", &self.rules)
            .field("stamp", &self.stamp)
            .field("record", &self.record)
            .finish()
    }
}
