use crate::{Current, Decision, Selected, Validators};

/// The outcome of an evaluation, found in the extensions of a request that the handler gets.
///
/// Between the check and the write another writer may come. The handler closes that gap where the
/// data lives, by repeating the check atomically: `UPDATE … WHERE id = ? AND version = ?`, a
/// conditional put, a compare-and-swap. When it loses, [`refusal_response`](crate::refusal_response)
/// answers 412 in the layer's own form.
///
/// A request that depended on nothing has no outcome: the source was not asked. Nor has an
/// unconditional safe request.
///
/// ```
/// use http::Request;
/// use tower_conditional::{EntityTag, Outcome};
///
/// fn expected_version<B>(request: &Request<B>) -> Option<u64> {
///     request.extensions().get::<Outcome>()?.validators()?.etag()?.version()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Outcome {
    decision: Decision,
    known: Known,
}

#[derive(Clone, Debug)]
enum Known {
    Present(Validators),
    Missing,
    Unknown,
}

impl Outcome {
    pub(crate) fn new(decision: Decision, selected: &Selected) -> Self {
        let known = match selected {
            Selected::Present(representation) => Known::Present(representation.validators.clone()),
            Selected::Missing => Known::Missing,
            Selected::Unknown | Selected::Answered(_) => Known::Unknown,
        };
        Self { decision, known }
    }

    /// What was decided; always one that performs the method.
    pub const fn decision(&self) -> Decision {
        self.decision
    }

    /// What was known of the selected representation when it was decided.
    pub const fn current(&self) -> Current<'_> {
        match &self.known {
            Known::Present(validators) => Current::Present(validators),
            Known::Missing => Current::Missing,
            Known::Unknown => Current::Unknown,
        }
    }

    /// The validators that were evaluated, if there was a representation.
    pub const fn validators(&self) -> Option<&Validators> {
        self.current().validators()
    }
}
