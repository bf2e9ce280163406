use http::StatusCode;

use super::Field;

/// What becomes of a request, and which field decided it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Decision {
    /// Perform the method: no precondition was evaluated. The request has none, or they are to be
    /// ignored, or it is a safe request for which there is no representation (section 13.2.1).
    Unconditional,
    /// Perform the method: every evaluated precondition is true, this field's was the first.
    Perform(Field),
    /// Perform the method, but ignore `Range`: `If-Range` is false (section 13.1.5).
    PerformWithoutRange,
    /// Perform the safe method, and evaluate its `If-None-Match` or `If-Modified-Since` against the
    /// validators of the response: nothing is known of the representation before.
    Deferred,
    /// 304 Not Modified (section 15.4.5): this field's precondition is false.
    NotModified(Field),
    /// 412 Precondition Failed (section 15.5.13): this field's precondition is false.
    PreconditionFailed(Field),
    /// 428 Precondition Required (RFC 6585 section 3): the request must be conditional and is not.
    PreconditionRequired,
    /// 406 Not Acceptable: the request has preconditions, and is of a kind that knows none
    /// ([`Ruling::Refuse`](crate::Ruling::Refuse)).
    Refused,
    /// Nothing is known of the representation, and the unsafe method must not be performed
    /// without: this field would have decided, or, if there is none, the requirement.
    Undecidable(Option<Field>),
}

impl Decision {
    /// Whether the method is to be performed.
    pub const fn performs(self) -> bool {
        match self {
            Decision::Unconditional
            | Decision::Perform(_)
            | Decision::PerformWithoutRange
            | Decision::Deferred => true,
            Decision::NotModified(_)
            | Decision::PreconditionFailed(_)
            | Decision::PreconditionRequired
            | Decision::Refused
            | Decision::Undecidable(_) => false,
        }
    }

    /// The field that decided.
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
            | Decision::Refused => None,
        }
    }

    /// The status code of the answer that takes the place of performing the method: 304, 412, 428,
    /// 406, or 503 where nothing could be decided.
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
            Decision::Refused => Some(StatusCode::NOT_ACCEPTABLE),
            Decision::Undecidable(_) => Some(StatusCode::SERVICE_UNAVAILABLE),
            Decision::Unconditional
            | Decision::Perform(_)
            | Decision::PerformWithoutRange
            | Decision::Deferred => None,
        }
    }
}
