use std::{fmt, sync::Arc};

use http::{Method, Response, StatusCode, header::CONTENT_LENGTH, request::Parts};

use super::Ruling;
#[cfg(feature = "lock")]
use crate::lock::WriteLock;
use crate::{
    etag::EntityTag,
    precondition::{
        CurrentState, Decision, Field, Preconditions, Requirement, Rules, Validators,
        can_be_required,
    },
    refusal::{Refusal, RefusalBody, accepts_coding},
    source::Selected,
};

/// The settings of a layer, shared by its services, their futures and the outcomes.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(super) requirement: Requirement,
    pub(super) per_resource: bool,
    pub(super) policy: Option<Policy>,
    pub(super) respond: Option<Respond>,
    pub(super) rules: Rules,
    pub(super) set_validators: bool,
    pub(super) record_decision: bool,
    pub(super) outcome_of_reads: bool,
    pub(super) echo_tag: bool,
    #[cfg(feature = "lock")]
    pub(super) lock: Option<WriteLock>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            requirement: Requirement::NONE,
            per_resource: false,
            policy: None,
            respond: None,
            rules: Rules::RFC9110,
            set_validators: true,
            record_decision: false,
            outcome_of_reads: false,
            echo_tag: false,
            #[cfg(feature = "lock")]
            lock: None,
        }
    }
}

/// The closure of `ConditionalLayer::policy`.
#[derive(Clone)]
pub(super) struct Policy(pub(super) Arc<PolicyFn>);

pub(super) type PolicyFn = dyn Fn(&Parts, CurrentState<&Validators>) -> Ruling + Send + Sync;

/// The closure of `ConditionalLayer::respond_with`.
#[derive(Clone)]
pub(super) struct Respond(pub(super) Arc<RespondFn>);

pub(super) type RespondFn = dyn Fn(Refusal<'_>) -> Response<RefusalBody> + Send + Sync;

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Policy")
    }
}

impl fmt::Debug for Respond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Respond")
    }
}

impl Settings {
    /// Whether a request with this method waits for its lock.
    #[cfg(feature = "lock")]
    #[inline]
    pub(super) fn locks(&self, method: &Method) -> bool {
        self.lock.is_some() && can_be_required(method)
    }

    /// Whether an unconditional request with this method can be refused, as far as is known before
    /// the source is asked.
    #[inline]
    pub(super) fn may_require(&self, method: &Method) -> bool {
        if self.policy.is_some() || self.per_resource {
            can_be_required(method)
        } else {
            !self.requirement.is_none() && self.requirement.covers(method)
        }
    }

    /// What the policy says of this request, if it does not leave it to the defaults.
    #[inline]
    pub(super) fn ruling(&self, head: &Parts, selected: &Selected) -> Option<Ruled> {
        let Policy(policy) = self.policy.as_ref()?;
        match policy(head, selected.current()) {
            Ruling::Default => None,
            Ruling::Require(requirement) => Some(Ruled::Required(requirement.covers(&head.method))),
            Ruling::Ignore => Some(Ruled::Ignored),
            Ruling::NotAcceptable => Some(Ruled::NotAcceptable),
        }
    }

    /// Whether the source's answer, or else the layer, requires requests with this method to be
    /// conditional.
    #[inline]
    pub(super) fn requires(&self, method: &Method, selected: &Selected) -> bool {
        let details = match selected {
            Selected::Present(representation) => representation.details.as_ref(),
            _ => None,
        };
        let requirement = details.and_then(|details| details.requirement.as_ref());
        let requirement = requirement.unwrap_or(&self.requirement);
        !requirement.is_none() && requirement.covers(method)
    }

    /// The tag that a 304 carries in place of the current one.
    pub(super) fn echo(
        &self,
        decision: Decision,
        preconditions: &Preconditions<'_>,
        current: CurrentState<&Validators>,
    ) -> Option<EntityTag> {
        match decision {
            Decision::NotModified(Field::IfNoneMatch) if self.echo_tag => {
                preconditions.matching_tag(current, &self.rules)
            }
            _ => None,
        }
    }

    /// Makes the response that replaces the handler's of an empty one.
    pub(super) fn respond(&self, refusal: Refusal<'_>, response: &mut Response<RefusalBody>) {
        let is_head = refusal.head().method == Method::HEAD;
        if let Some(Respond(respond)) = &self.respond {
            let compressible = accepts_coding(&refusal.head().headers);
            *response = respond(refusal);
            complete(response, is_head, compressible);
            return;
        }
        // Only a 304 depends on what the request accepts.
        let compressible = matches!(refusal.decision(), Decision::NotModified(_))
            && accepts_coding(&refusal.head().headers);
        refusal.fill(response);
        complete(response, is_head, compressible);
    }
}

/// What a [`Ruling`] says of one method.
pub(super) enum Ruled {
    Required(bool),
    Ignored,
    NotAcceptable,
}

/// Removes the content that a response must not have.
fn complete(response: &mut Response<RefusalBody>, is_head: bool, compressible: bool) {
    if response.status() == StatusCode::NOT_MODIFIED {
        // A 304 has no content, even if the closure has added some (RFC 9110 section 15.4.5).
        *response.body_mut() = RefusalBody::not_modified(compressible);
    } else if is_head {
        remove_content(response);
    }
}

/// A response to HEAD has the length of the content that a GET would get, and no content. Not every
/// server removes it (RFC 9110 section 9.3.2).
fn remove_content(response: &mut Response<RefusalBody>) {
    let length = std::mem::take(response.body_mut()).as_bytes().len();
    if length > 0 {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
}
