use http::StatusCode;

use super::Field;

/// The result of evaluating the preconditions of a request: whether to perform the method, and
/// which field decided.
///
/// ```
/// use tower_conditional::{Decision, Field};
///
/// let decision = Decision::PreconditionFailed(Field::IfMatch);
/// assert!(!decision.performs());
/// assert_eq!(decision.field().unwrap().as_str(), "If-Match");
/// assert_eq!(decision.status().unwrap(), 412);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Decision {
    /// Perform the method: no precondition was evaluated. The request has none, or all of them are
    /// ignored. A safe request for which there is no representation ignores them (RFC 9110 section
    /// 13.2.1).
    Unconditional,
    /// Perform the method: all evaluated preconditions are true. The field is the first of them.
    Perform(Field),
    /// Perform the method, but ignore `Range`: `If-Range` is false (section 13.1.5), or the state
    /// of the representation is unknown.
    PerformWithoutRange,
    /// Perform the safe method, because the state of the representation is unknown. Then evaluate
    /// the preconditions against the validators of the response. It can become a 304 or a 412:
    /// nothing has changed, so the response can be thrown away. Ignore `Range` if the request has
    /// an `If-Range`.
    Deferred,
    /// 304 Not Modified (section 15.4.5): the precondition in this field is false.
    NotModified(Field),
    /// 412 Precondition Failed (section 15.5.13): the precondition in this field is false.
    PreconditionFailed(Field),
    /// 428 Precondition Required (RFC 6585 section 3): the request must be conditional and is not.
    PreconditionRequired,
    /// 406 Not Acceptable: the request has preconditions, but its kind of request has no entity
    /// tags ([`Ruling::NotAcceptable`](crate::Ruling::NotAcceptable)).
    NotAcceptable,
    /// The state of the representation is unknown, and the unsafe method must not be performed
    /// without it. The field is the first one that depends on the state. It is `None` if only the
    /// requirement does.
    Undecidable(Option<Field>),
    /// 503 Service Unavailable: other writes held the lock of the resource for too long. The method
    /// is not performed. Only a layer with a lock (feature `lock`) decides so.
    Busy,
}

impl Decision {
    /// Reports whether the method is performed.
    pub const fn performs(self) -> bool {
        match self {
            Decision::Unconditional
            | Decision::Perform(_)
            | Decision::PerformWithoutRange
            | Decision::Deferred => true,
            Decision::NotModified(_)
            | Decision::PreconditionFailed(_)
            | Decision::PreconditionRequired
            | Decision::NotAcceptable
            | Decision::Undecidable(_)
            | Decision::Busy => false,
        }
    }

    /// Returns the field that decided, or `None` if no single field did.
    ///
    /// For [`Perform`](Self::Perform) this is the first field that was evaluated.
    pub const fn field(self) -> Option<Field> {
        match self {
            Decision::Perform(field)
            | Decision::NotModified(field)
            | Decision::PreconditionFailed(field) => Some(field),
            Decision::PerformWithoutRange => Some(Field::IfRange),
            Decision::Undecidable(field) => field,
            Decision::Unconditional
            | Decision::Deferred
            | Decision::PreconditionRequired
            | Decision::NotAcceptable
            | Decision::Busy => None,
        }
    }

    /// Returns the status code of the response that replaces the handler's, or `None` if the method
    /// is performed.
    ///
    /// ```
    /// use tower_conditional::{Decision, Field};
    ///
    /// let status = |decision: Decision| decision.status().map(|status| status.as_u16());
    /// assert_eq!(status(Decision::NotModified(Field::IfNoneMatch)), Some(304));
    /// assert_eq!(status(Decision::NotAcceptable), Some(406));
    /// assert_eq!(status(Decision::PreconditionFailed(Field::IfMatch)), Some(412));
    /// assert_eq!(status(Decision::PreconditionRequired), Some(428));
    /// assert_eq!(status(Decision::Undecidable(None)), Some(503));
    /// assert_eq!(status(Decision::Perform(Field::IfMatch)), None);
    /// ```
    pub const fn status(self) -> Option<StatusCode> {
        match self {
            Decision::NotModified(_) => Some(StatusCode::NOT_MODIFIED),
            Decision::PreconditionFailed(_) => Some(StatusCode::PRECONDITION_FAILED),
            Decision::PreconditionRequired => Some(StatusCode::PRECONDITION_REQUIRED),
            Decision::NotAcceptable => Some(StatusCode::NOT_ACCEPTABLE),
            Decision::Undecidable(_) | Decision::Busy => Some(StatusCode::SERVICE_UNAVAILABLE),
            Decision::Unconditional
            | Decision::Perform(_)
            | Decision::PerformWithoutRange
            | Decision::Deferred => None,
        }
    }
}
