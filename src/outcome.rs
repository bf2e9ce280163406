use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header::IF_MATCH, request::Parts};

use crate::{
    Current, Decision, EntityTag, Field, HttpDate, Preconditions, Rules, Selected, Validators,
    etag::{Lines, is_asterisk},
    precondition::Fields,
    response::{problem, status},
};

/// The outcome of an evaluation, found in the extensions of a request that the handler gets.
///
/// Between the check and the write another writer may come. The handler closes that gap where the
/// data lives, in one of two ways:
///
/// - by a statement that only succeeds if things are as [`expected`](Self::expected) tells:
///   `UPDATE … WHERE id = ? AND version = ?`, `INSERT … ON CONFLICT DO NOTHING`, a conditional put, a
///   compare-and-swap. When it loses, [`refusal_response`](crate::refusal_response) answers 412 in
///   the layer's own form.
/// - by [`recheck`](Self::recheck), in the transaction or under the lock in which it writes.
///
/// A request that depended on nothing has no outcome: the source was not asked. Nor has an
/// unconditional safe request.
///
/// ```
/// use http::Request;
/// use tower_conditional::{EntityTag, Expected, Outcome};
///
/// /// The statement that writes, for a resource whose tag is its version.
/// fn statement<B>(request: &Request<B>) -> String {
///     match request.extensions().get().map_or(Expected::Anything, Outcome::expected) {
///         Expected::Tag(tag) => match tag.version() {
///             Some(version) => format!("UPDATE … WHERE id = ? AND version = {version}"),
///             None => "SELECT 1 WHERE FALSE".to_owned(), // no tag of ours
///         },
///         Expected::Nothing => "INSERT … ON CONFLICT DO NOTHING".to_owned(),
///         Expected::Something => "UPDATE … WHERE id = ?".to_owned(),
///         Expected::Anything => "INSERT … ON CONFLICT DO UPDATE …".to_owned(),
///         _ => "SELECT 1 WHERE FALSE".to_owned(), // this resource has no modification date
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Outcome {
    decision: Decision,
    known: Known,
    asterisk: bool,
    fields: Fields,
    required: bool,
    required_status: StatusCode,
    rules: Rules,
}

#[derive(Clone, Debug)]
enum Known {
    Present(Validators),
    Missing,
    Unknown,
}

impl Outcome {
    pub(crate) fn new(
        decision: Decision,
        fields: Fields,
        headers: &HeaderMap,
        selected: &Selected,
    ) -> Self {
        let known = match selected {
            Selected::Present(representation) => Known::Present(representation.validators.clone()),
            Selected::Missing => Known::Missing,
            Selected::Unknown | Selected::Answered(_) => Known::Unknown,
        };
        let asterisk = decision == Decision::Perform(Field::IfMatch)
            && is_asterisk(&Lines::of(headers, IF_MATCH));
        Self {
            decision,
            known,
            asterisk,
            fields,
            required: false,
            required_status: StatusCode::PRECONDITION_REQUIRED,
            rules: Rules::RFC9110,
        }
    }

    /// How the decision was come to, for coming to it again.
    pub(crate) const fn by(
        mut self,
        rules: Rules,
        required: bool,
        required_status: StatusCode,
    ) -> Self {
        self.rules = rules;
        self.required = required;
        self.required_status = required_status;
        self
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

    /// What must still be so when the handler writes, for the decision to hold.
    pub fn expected(&self) -> Expected<'_> {
        match (&self.known, self.decision) {
            (Known::Present(_), Decision::Perform(Field::IfMatch)) if self.asterisk => {
                Expected::Something
            }
            (Known::Present(validators), Decision::Perform(_)) => {
                match (validators.etag(), validators.last_modified()) {
                    (Some(etag), _) => Expected::Tag(etag),
                    (None, Some(date)) => Expected::Date(date),
                    (None, None) => Expected::Something,
                }
            }
            // Whatever comes to be in between would have had to be evaluated.
            (Known::Missing, _) if !self.fields.is_empty() || self.required => Expected::Nothing,
            _ => Expected::Anything,
        }
    }

    /// Evaluates again, against what is there when the handler writes: by the layer's rules, with
    /// the requirement that held for the request.
    ///
    /// The response is the layer's own refusal, and the write must not be made; `None` is a go-ahead.
    /// A closure of [`respond_with`](crate::ConditionalLayer::respond_with) is not asked.
    ///
    /// ```
    /// use std::sync::Mutex;
    /// use bytes::Bytes;
    /// use http::{request::Parts, Response};
    /// use tower_conditional::{Current, EntityTag, Outcome, Validators};
    ///
    /// fn write(head: &Parts, version: &Mutex<u64>) -> Response<Bytes> {
    ///     let mut version = version.lock().unwrap();
    ///     let current = Validators::from(EntityTag::from_version(*version));
    ///     let outcome = head.extensions.get::<Outcome>();
    ///     let refusal = outcome.and_then(|it| it.recheck(head, Current::Present(&current)));
    ///     refusal.unwrap_or_else(|| {
    ///         *version += 1;
    ///         Response::new(Bytes::new())
    ///     })
    /// }
    /// ```
    pub fn recheck(&self, head: &Parts, current: Current<'_>) -> Option<Response<Bytes>> {
        let decision = Preconditions::with_fields(&head.method, &head.headers, self.fields)
            .required(self.required)
            .evaluate(current, &self.rules, SystemTime::now());
        if decision.performs() {
            return None;
        }
        let status = match decision {
            Decision::PreconditionRequired => self.required_status,
            _ => status(decision),
        };
        let mut response = Response::new(Bytes::new());
        problem(&mut response, status, decision, current);
        Some(response)
    }
}

/// What a handler has to find where it writes. See [`Outcome::expected`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Expected<'a> {
    /// The request guards nothing: whatever is there may be replaced, and need not be there.
    Anything,
    /// There must be no representation: the write creates one.
    Nothing,
    /// There must be a representation, whichever it is (`If-Match: *`).
    Something,
    /// This must be the current entity tag.
    Tag(&'a EntityTag),
    /// This must be the modification date; there is no entity tag.
    Date(HttpDate),
}
