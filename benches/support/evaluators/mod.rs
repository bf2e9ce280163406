//! The evaluators: this crate and its peers. Each implements the complete order of RFC 9110 section
//! 13.2.2, against validators that have been parsed.

mod by_hand;
mod ours;
mod typed_headers;

use http::{HeaderMap, Method, StatusCode};

use super::workloads::Workload;

pub(crate) use self::{by_hand::ByHand, ours::Ours, typed_headers::TypedHeaders};

type Told = (Option<StatusCode>, bool);

pub(crate) trait Evaluator: Default {
    const NAME: &'static str;

    type Answer;

    fn evaluate(&self, method: &Method, headers: &HeaderMap) -> Self::Answer;

    /// Returns the status that replaces the handler's, and whether `Range` must be ignored. This is
    /// not measured.
    fn told(answer: &Self::Answer) -> Told;

    /// Reports whether this evaluator is known to answer the workload wrongly.
    fn is_wrong_about(_: &Workload) -> bool {
        false
    }

    /// Asserts that each measured evaluator gives the right answer.
    fn check(&self, workload: &Workload) {
        let answer = self.evaluate(&workload.method, &workload.headers);
        let right = Self::told(&answer) == (workload.answer, false);
        assert_ne!(
            right,
            Self::is_wrong_about(workload),
            "{}: {}",
            Self::NAME,
            workload.name
        );
    }
}

/// The answer of a peer.
pub(crate) enum Answer {
    Perform,
    PerformWithoutRange,
    NotModified,
    PreconditionFailed,
}

impl Answer {
    fn told(&self) -> Told {
        match self {
            Answer::Perform => (None, false),
            Answer::PerformWithoutRange => (None, true),
            Answer::NotModified => (Some(StatusCode::NOT_MODIFIED), false),
            Answer::PreconditionFailed => (Some(StatusCode::PRECONDITION_FAILED), false),
        }
    }

    /// The result of a false `If-None-Match`.
    fn to_match(method: &Method) -> Self {
        match *method {
            Method::GET | Method::HEAD => Answer::NotModified,
            _ => Answer::PreconditionFailed,
        }
    }
}
