use http::StatusCode;

use super::Field;

/// The result of evaluating the preconditions of a request, and the field that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Decision {
    /// Perform the method: no precondition was evaluated. Either the request has none, or all of them
    /// are ignored, or it is a safe request and there is no representation (section 13.2.1).
    Unconditional,
    /// Perform the method: all evaluated preconditions are true. The field is the first of them.
    Perform(Field),
    /// Perform the method, but ignore `Range`: `If-Range` is false (section 13.1.5).
    PerformWithoutRange,
    /// Perform the safe method, then evaluate `If-None-Match` or `If-Modified-Since` against the
    /// validators of the response, because the state of the representation is unknown before.
    Deferred,
    /// 304 Not Modified (section 15.4.5): the precondition in this field is false.
    NotModified(Field),
    /// 412 Precondition Failed (section 15.5.13): the precondition in this field is false.
    PreconditionFailed(Field),
    /// 428 Precondition Required (RFC 6585 section 3): the request must be conditional and is not.
    PreconditionRequired,
    /// 406 Not Acceptable: the request has preconditions, but its kind of request has no entity tags
    /// ([`Ruling::NotAcceptable`](crate::Ruling::NotAcceptable)).
    NotAcceptable,
    /// The state of the representation is unknown, so the unsafe method must not be performed. This
    /// field would have decided, or, without a field, the requirement.
    Undecidable(Option<Field>),
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
            | Decision::Undecidable(_) => false,
        }
    }

    /// Returns the field that decided.
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
            | Decision::NotAcceptable => None,
        }
    }

    /// Returns the status code of the response that replaces the handler's: 304, 406, 412, 428, or
    /// 503 if nothing could be decided.
    ///
    /// Returns `None` if the method is performed.
    ///
    /// ```
    /// use tower_conditional::{Decision, Field};
    ///
    /// assert_eq!(Decision::NotModified(Field::IfNoneMatch).status().unwrap(), 304);
    /// assert_eq!(Decision::Perform(Field::IfMatch).status(), None);
    /// ```
    pub const fn status(self) -> Option<StatusCode> {
        match self {
            Decision::NotModified(_) => Some(StatusCode::NOT_MODIFIED),
            Decision::PreconditionFailed(_) => Some(StatusCode::PRECONDITION_FAILED),
            Decision::PreconditionRequired => Some(StatusCode::PRECONDITION_REQUIRED),
            Decision::NotAcceptable => Some(StatusCode::NOT_ACCEPTABLE),
            Decision::Undecidable(_) => Some(StatusCode::SERVICE_UNAVAILABLE),
            Decision::Unconditional
            | Decision::Perform(_)
            | Decision::PerformWithoutRange
            | Decision::Deferred => None,
        }
    }
}
