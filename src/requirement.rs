//! Which requests must be conditional (RFC 6585 section 3).

use std::sync::Arc;

use http::{Method, request::Parts};

use crate::Current;

/// The methods that need a precondition which guards against a lost update.
///
/// A safe method never needs one, nor does CONNECT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement(Methods);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Methods {
    None,
    Writes,
    Deletes,
    Listed(Arc<[Method]>),
}

impl Requirement {
    /// No method.
    pub const NONE: Requirement = Requirement(Methods::None);

    /// PUT, PATCH and DELETE.
    pub const WRITES: Requirement = Requirement(Methods::Writes);

    /// DELETE.
    pub const DELETES: Requirement = Requirement(Methods::Deletes);

    /// These methods.
    ///
    /// ```
    /// use http::Method;
    /// use tower_conditional::Requirement;
    ///
    /// let patches = Requirement::methods([Method::PATCH]);
    /// assert!(patches.covers(&Method::PATCH));
    /// assert!(!patches.covers(&Method::PUT));
    /// assert!(!Requirement::methods([Method::GET]).covers(&Method::GET), "GET is safe");
    /// ```
    pub fn methods(methods: impl IntoIterator<Item = Method>) -> Self {
        Self(Methods::Listed(methods.into_iter().collect()))
    }

    /// Whether a request of this method must be conditional.
    pub fn covers(&self, method: &Method) -> bool {
        if !can_be_required(method) {
            return false;
        }
        match &self.0 {
            Methods::None => false,
            Methods::Writes => matches!(*method, Method::PUT | Method::PATCH | Method::DELETE),
            Methods::Deletes => *method == Method::DELETE,
            Methods::Listed(methods) => methods.contains(method),
        }
    }
}

/// No method.
impl Default for Requirement {
    fn default() -> Self {
        Self::NONE
    }
}

pub(crate) fn can_be_required(method: &Method) -> bool {
    !method.is_safe() && *method != Method::CONNECT
}

/// Says for each request whether it must be conditional.
///
/// Any `Fn(&Parts, Current<'_>) -> Option<Requirement>` is one.
pub trait RequirementPolicy {
    /// Whether the policy ever speaks. If not, it is not called, and does not make the layer ask
    /// its source about unconditional writes.
    const SPEAKS: bool = true;

    /// The requirement that holds for this request, given what is known of the representation.
    ///
    /// `None` leaves it to the source's answer, and then to the layer's own requirement.
    fn requirement(&self, head: &Parts, current: Current<'_>) -> Option<Requirement>;
}

impl<F> RequirementPolicy for F
where
    F: Fn(&Parts, Current<'_>) -> Option<Requirement>,
{
    fn requirement(&self, head: &Parts, current: Current<'_>) -> Option<Requirement> {
        self(head, current)
    }
}

/// The policy that never speaks.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct NoPolicy;

impl RequirementPolicy for NoPolicy {
    const SPEAKS: bool = false;

    fn requirement(&self, _: &Parts, _: Current<'_>) -> Option<Requirement> {
        None
    }
}
