//! The preconditions of a request and their evaluation (RFC 9110 section 13), without I/O.
//!
//! [`Preconditions`] is a view of the method and the header fields of a request.
//! [`Preconditions::evaluate`] takes the state of the selected representation, [`Rules`] and the
//! time, and returns a [`Decision`]. This is the pure core of the crate: it does no I/O, reads no
//! clock, allocates nothing, and does not panic, whatever the request contains.
//! [`ConditionalLayer`](crate::ConditionalLayer) is built on it. Use it on its own in a handler, or
//! in a server that does not use Tower.
//!
//! # Example
//!
//! ```
//! use std::time::SystemTime;
//! use http::{header::IF_MATCH, HeaderMap, HeaderValue, Method};
//! use tower_conditional::{
//!     CurrentState, Decision, EntityTag, Field, Preconditions, Rules, Validators,
//! };
//!
//! // A client writes version 6 back, but the current version is 7.
//! let headers = HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_static("\"6\""))]);
//! let current = Validators::from(EntityTag::from_version(7));
//!
//! let preconditions = Preconditions::new(&Method::PUT, &headers);
//! let decision =
//!     preconditions.evaluate(CurrentState::Present(&current), &Rules::RFC9110, SystemTime::now());
//! assert_eq!(decision, Decision::PreconditionFailed(Field::IfMatch));
//!
//! // The response that the layer would make.
//! let response = decision.response(current);
//! assert_eq!(response.status(), 412);
//! assert_eq!(response.headers()["etag"], "\"7\"");
//! ```
//!
//! # Rules, in order
//!
//! If there is a representation, the fields are evaluated in the order of RFC 9110 section 13.2.2.
//! The first precondition that is false decides.
//!
//! 1. `If-Match`: strong comparison, over all field lines. 412 if false.
//! 2. `If-Unmodified-Since`, if the request has no `If-Match`. 412 if false.
//! 3. `If-None-Match`: weak comparison, over all field lines. If false, 304 for GET, HEAD and
//!    QUERY, and 412 for other methods.
//! 4. `If-Modified-Since`, for GET, HEAD and QUERY, if the request has no `If-None-Match`. 304 if
//!    false.
//! 5. 428 if a precondition is [required](Preconditions::required), and steps 1 and 2 evaluated
//!    none.
//! 6. `If-Range`, for GET and QUERY with `Range`: exact match with a strong validator. If false,
//!    the method is performed without `Range`.
//!
//! If there is no representation, or its state is unknown, the method matters:
//!
//! | state | safe method | unsafe method |
//! |---|---|---|
//! | [`Missing`](CurrentState::Missing) | performed: the 404 takes precedence (section 13.2.1) | `If-Match` is false, `If-None-Match` is true, and dates are ignored |
//! | [`Unknown`](CurrentState::Unknown) | performed: the preconditions can be evaluated against the response | [`Undecidable`](Decision::Undecidable), if the decision depends on the state |
//!
//! CONNECT, OPTIONS and TRACE ignore all conditional fields (section 13.2.1). QUERY (RFC 10008) is
//! evaluated as GET, by its name, whatever version of the crate `http` is used. [`Rules`] can change
//! how entity tags are compared, except for a GET or a QUERY with `Range`, and what happens if there
//! is no representation.
//!
//! # Caveats
//!
//! - Malformed lists of entity tags still count. `If-Match` is false if it has no well-formed
//!   member, and `If-None-Match` disables `If-Modified-Since` even if it is malformed.
//! - A date field is ignored if it is not exactly one valid date, or if the representation has no
//!   modification date (sections 13.1.3 and 13.1.4). An ignored `If-Unmodified-Since` does not
//!   guard a write, and does not satisfy a requirement.
//! - Two versions of the same second have the same modification date (section 8.8.2.2). Until that
//!   second is over, the date proves nothing: `If-Unmodified-Since` is then false, and so is every
//!   304 by `If-Modified-Since`. The same holds for a modification date in the future.
//! - Preconditions apply only if the response without them would be a 2xx or a 412 (section
//!   13.2.1). Evaluate them after the other checks of the request, such as authorization.
//! - Without the layer, your code has to ignore `Range` after [`Decision::PerformWithoutRange`],
//!   and to evaluate again after [`Decision::Deferred`].
//! - Another writer can come between the evaluation and the write. Close this gap where the data is
//!   stored, see [`guide::lost_updates`](crate::guide::lost_updates).
//!
//! # Links
//!
//! - [RFC 9110 section 13](https://www.rfc-editor.org/rfc/rfc9110#section-13), conditional requests
//! - [RFC 9110 section 13.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2), precedence
//!   of preconditions
//! - [RFC 9110 section 8.8.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2), comparison
//!   of entity tags
//! - [RFC 6585 section 3](https://www.rfc-editor.org/rfc/rfc6585#section-3), 428
//! - [RFC 10008](https://www.rfc-editor.org/rfc/rfc10008), QUERY

mod aho_corasick;
mod alone;
mod beginning;
mod comparer;
mod decision;
mod evaluate;
mod field;
mod kept_line;
mod requirement;
mod rules;
mod scan;
mod shift_and;
mod state;
mod suffixes;
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
pub(crate) use self::{
    kept_line::KeptLine,
    requirement::{can_be_required, is_query, is_read, is_safe},
    scan::Fields,
    validators::entity_tag,
};

/// The preconditions of one request: a view of its method and header fields.
///
/// See the [module docs](self) for the rules and an example.
#[derive(Clone, Copy, Debug)]
pub struct Preconditions<'a> {
    method: &'a Method,
    headers: &'a HeaderMap,
    fields: Fields,
    required: bool,
}

impl<'a> Preconditions<'a> {
    /// Creates a view of the preconditions in `headers`.
    ///
    /// The names of the fields are read here, and their values in [`evaluate`](Self::evaluate).
    #[inline]
    pub fn new(method: &'a Method, headers: &'a HeaderMap) -> Self {
        Self::with_fields(method, headers, Fields::scan(method, headers))
    }

    /// Creates a view for a request whose fields have been scanned already.
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

    /// Sets whether the request must have a precondition that guards against a lost update
    /// (RFC 6585 section 3).
    ///
    /// `If-Match` and `If-Unmodified-Since` satisfy the requirement if they are evaluated, but not
    /// if they are ignored. Without a representation nothing is required, because nothing can be
    /// lost, unless [`Rules::strict_creation`] is set. Safe methods and CONNECT never need a
    /// precondition.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use http::{HeaderMap, Method};
    /// use tower_conditional::{CurrentState, Decision, Preconditions, Rules, Validators};
    ///
    /// let headers = HeaderMap::new();
    /// let put = Preconditions::new(&Method::PUT, &headers).required(true);
    /// let decide = |current: CurrentState<&Validators>| {
    ///     put.evaluate(current, &Rules::RFC9110, SystemTime::now())
    /// };
    ///
    /// let current = Validators::new();
    /// assert_eq!(decide(CurrentState::Present(&current)), Decision::PreconditionRequired);
    /// assert_eq!(decide(CurrentState::Missing), Decision::Unconditional);
    /// ```
    #[must_use]
    pub fn required(mut self, required: bool) -> Self {
        self.required = required && can_be_required(self.method);
        self
    }

    /// Reports whether the request has a conditional field that its method does not ignore.
    ///
    /// CONNECT, OPTIONS and TRACE are never conditional (RFC 9110 section 13.2.1). `If-Range`
    /// counts only for GET and QUERY with `Range`, and `If-Modified-Since` only for GET, HEAD and
    /// QUERY.
    ///
    /// ```
    /// use http::{header::IF_MATCH, HeaderMap, HeaderValue, Method};
    /// use tower_conditional::Preconditions;
    ///
    /// let headers = HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_static("*"))]);
    /// assert!(Preconditions::new(&Method::PUT, &headers).is_conditional());
    /// assert!(!Preconditions::new(&Method::OPTIONS, &headers).is_conditional());
    /// ```
    #[inline]
    pub fn is_conditional(&self) -> bool {
        !self.fields.is_empty()
    }

    /// Evaluates the preconditions and returns the decision.
    ///
    /// `now` is the time of the origin server. It is used only to read dates with a two-digit year,
    /// and to find out whether the second of the modification date is over (RFC 9110 section
    /// 8.8.2.2).
    #[inline]
    pub fn evaluate(
        &self,
        current: CurrentState<&Validators>,
        rules: &Rules,
        now: SystemTime,
    ) -> Decision {
        self.evaluate_at(current, rules, || now, &mut false)
    }

    /// Evaluates the preconditions. `now` is called only where a date is evaluated, and
    /// `if_match_asterisk` is set if there is a representation and `If-Match` is `*`.
    #[inline]
    pub(crate) fn evaluate_at(
        &self,
        current: CurrentState<&Validators>,
        rules: &Rules,
        now: impl Fn() -> SystemTime,
        if_match_asterisk: &mut bool,
    ) -> Decision {
        if self.fields.is_empty() && !self.required {
            return Decision::Unconditional;
        }
        match current {
            CurrentState::Present(validators) => {
                self.evaluate_present(validators, rules, now, if_match_asterisk)
            }
            CurrentState::Missing => self.evaluate_missing(rules),
            CurrentState::Unknown => self.evaluate_unknown(now),
        }
    }
}
