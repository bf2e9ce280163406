//! What evaluates: this crate and its peers, each in the whole order of RFC 9110 section 13.2.2,
//! against validators that were parsed before.

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

    /// The status in place of the handler's, and whether Range is to be ignored; not part of what
    /// is measured.
    fn told(answer: &Self::Answer) -> Told;

    /// Whether this evaluator is known to answer the workload wrongly.
    fn is_wrong_about(_: &Workload) -> bool {
        false
    }

    /// Asserts that every evaluator that is timed does the work: it gives the right answer.
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

    /// What a false If-None-Match leads to.
    fn to_match(method: &Method) -> Self {
        match *method {
            Method::GET | Method::HEAD => Answer::NotModified,
            _ => Answer::PreconditionFailed,
        }
    }
}
