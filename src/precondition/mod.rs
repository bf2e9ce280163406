//! Preconditions of a request and their evaluation (RFC 9110 section 13).

mod decision;
mod evaluate;
mod field;
mod requirement;
mod rules;
mod scan;
mod state;
mod tolerant;
mod validators;

use std::time::SystemTime;

use http::{HeaderMap, Method};

pub use self::{
    decision::Decision,
    field::Field,
    requirement::{InvalidRequirement, Requirement},
    rules::Rules,
    state::CurrentState,
    validators::Validators,
};
pub(crate) use self::{requirement::can_be_required, scan::Fields};

/// The preconditions of one request: a view of its method and header fields.
///
/// This is the pure core. It does no I/O, has no clock, allocates nothing, and does not panic on
/// any input.
///
/// The order is that of RFC 9110 section 13.2.2, and the first precondition that is false decides:
///
/// 1. `If-Match`: strong comparison over all field lines, 412 if false.
/// 2. `If-Unmodified-Since`, unless there is an `If-Match`: 412 if false. Ignored if it is not
///    one valid date, or there is no modification date.
/// 3. `If-None-Match`: weak comparison over all field lines. If false, 304 to GET and HEAD, and
///    412 to other methods.
/// 4. `If-Modified-Since`, for GET and HEAD without `If-None-Match`: 304 if false. Ignored if it
///    is not one valid date, or there is no modification date.
/// 5. 428 if the request was [required](Self::required) to guard its write and none of the above
///    did.
/// 6. `If-Range`, for GET with `Range`: exact match, and `Range` is to be ignored if false.
///
/// A field that cannot be read never loses its guard: an `If-Match` without a well-formed member
/// is false, and an `If-None-Match` suppresses `If-Modified-Since` by its presence.
///
/// ```
/// use std::time::SystemTime;
/// use http::{header::IF_MATCH, HeaderMap, HeaderValue, Method};
/// use tower_conditional::{CurrentState, Decision, EntityTag, Field, Preconditions, Rules, Validators};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(IF_MATCH, HeaderValue::from_static("\"6\""));
/// let preconditions = Preconditions::new(&Method::PUT, &headers);
/// assert!(preconditions.is_conditional());
///
/// let current = Validators::from(EntityTag::from_version(7));
/// let decision =
///     preconditions.evaluate(CurrentState::Present(&current), &Rules::RFC9110, SystemTime::now());
/// assert_eq!(decision, Decision::PreconditionFailed(Field::IfMatch));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Preconditions<'a> {
    method: &'a Method,
    headers: &'a HeaderMap,
    fields: Fields,
    required: bool,
}

impl<'a> Preconditions<'a> {
    /// Looks for the conditional fields, in one pass over the names.
    #[inline]
    pub fn new(method: &'a Method, headers: &'a HeaderMap) -> Self {
        Self::with_fields(method, headers, Fields::scan(method, headers))
    }

    /// The same for a request whose fields have been looked for already.
    #[inline]
    pub(crate) const fn with_fields(
        method: &'a Method,
        headers: &'a HeaderMap,
        fields: Fields,
    ) -> Self {
        Self {
            method,
            headers,
            fields,
            required: false,
        }
    }

    /// Whether the request must carry a precondition that guards against a lost update
    /// (RFC 6585 section 3).
    ///
    /// An evaluated `If-Match` or `If-Unmodified-Since` satisfies the requirement, an ignored one
    /// does not. Where there is no representation there is nothing to lose, and nothing is
    /// required, unless by [`Rules::strict_creation`]. Does nothing to a safe method, nor to CONNECT.
    #[must_use]
    pub fn required(mut self, required: bool) -> Self {
        self.required = required && can_be_required(self.method);
        self
    }

    /// Whether there is anything to evaluate: a conditional field that is not to be ignored for
    /// this method. CONNECT, OPTIONS and TRACE are never conditional (RFC 9110 section 13.2.1).
    #[inline]
    pub fn is_conditional(&self) -> bool {
        !self.fields.is_empty()
    }

    /// Decides, given what is known of the selected representation.
    ///
    /// `now` is the origin server's clock. It is read only for two-digit years and for the
    /// strength of a date in `If-Range` (RFC 9110 section 8.8.2.2).
    #[inline]
    pub fn evaluate(
        &self,
        current: CurrentState<&Validators>,
        rules: &Rules,
        now: SystemTime,
    ) -> Decision {
        if self.fields.is_empty() && !self.required {
            return Decision::Unconditional;
        }
        match current {
            CurrentState::Present(validators) => self.evaluate_present(validators, rules, now),
            CurrentState::Missing => self.evaluate_missing(rules),
            CurrentState::Unknown => self.evaluate_unknown(now),
        }
    }
}
