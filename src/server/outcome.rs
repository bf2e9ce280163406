use std::{sync::Arc, time::SystemTime};

use http::{Response, request::Parts};

use super::{decide::Decided, settings::Settings};
use crate::{
    date::HttpDate,
    etag::EntityTag,
    precondition::{CurrentState, Decision, Field, Fields, Preconditions, Validators},
    refusal::{Refusal, RefusalBody},
    source::Selected,
};

/// The outcome of an evaluation. The layer puts it into the extensions of a write.
///
/// Another writer may come between the check and the write. The handler closes that gap where the
/// data is stored, in one of two ways:
///
/// - With a statement that succeeds only if the state is as [`expected`](Self::expected): `UPDATE …
///   WHERE id = ? AND version = ?`, `INSERT … ON CONFLICT DO NOTHING`, a conditional put, a
///   compare-and-swap. If it fails, [`lost`](Self::lost) makes the response.
/// - With [`recheck`](Self::recheck), in the transaction or under the lock in which it writes.
///
/// Both responses are those that the layer itself would have made.
///
/// A request that does not depend on the state has no outcome, because the source was not asked.
/// A safe request has none either, because it has nothing to check again:
/// [`ConditionalLayer::outcome_of_reads`](crate::ConditionalLayer::outcome_of_reads) gives it to
/// conditional ones.
///
/// ```
/// use http::Request;
/// use tower_conditional::{EntityTag, Expected, Outcome};
///
/// /// The statement that writes, for a resource whose tag is its version.
/// fn statement<B>(request: &Request<B>) -> String {
///     match request.extensions().get().map_or(Expected::Unconstrained, Outcome::expected) {
///         Expected::Tag(tag) => match tag.version::<i64>() {
///             Some(version) => format!("UPDATE … WHERE id = ? AND version = {version}"),
///             None => "SELECT 1 WHERE FALSE".to_owned(), // not a tag of this service
///         },
///         Expected::Absent => "INSERT … ON CONFLICT DO NOTHING".to_owned(),
///         Expected::Exists => "UPDATE … WHERE id = ?".to_owned(),
///         Expected::Unconstrained => "INSERT … ON CONFLICT DO UPDATE …".to_owned(),
///         _ => "SELECT 1 WHERE FALSE".to_owned(), // this resource has no modification date
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Outcome {
    decision: Decision,
    state: CurrentState<Validators>,
    /// `If-Match` is `*`, and there is no `If-None-Match` beside it.
    asterisk: bool,
    fields: Fields,
    required: bool,
    settings: Arc<Settings>,
}

impl Outcome {
    pub(super) fn new(
        decided: Decided,
        state: CurrentState<Validators>,
        settings: Arc<Settings>,
    ) -> Self {
        // Beside `If-None-Match`, existence is not all that must still hold.
        let asterisk = decided.if_match_asterisk && !decided.fields.contains(Field::IfNoneMatch);
        Self {
            decision: decided.decision,
            state,
            asterisk,
            fields: decided.fields,
            required: decided.required,
            settings,
        }
    }

    /// Returns the decision. It always performs the method.
    pub const fn decision(&self) -> Decision {
        self.decision
    }

    /// Returns the state of the representation that was evaluated.
    pub const fn current(&self) -> CurrentState<&Validators> {
        self.state.as_ref()
    }

    /// Returns the validators that were evaluated, if there was a representation.
    pub const fn validators(&self) -> Option<&Validators> {
        self.current().validators()
    }

    /// Returns what must still be true when the handler writes, for the decision to hold.
    ///
    /// If several preconditions were evaluated, this is what makes all of them hold. For
    /// `If-None-Match` with a list it is the validator that was evaluated, also beside
    /// `If-Match: *`: another version would have to be compared with the list. Use
    /// [`recheck`](Self::recheck) to do that in place of refusing every other version.
    pub fn expected(&self) -> Expected<'_> {
        match (self.current(), self.decision) {
            (CurrentState::Present(_), Decision::Perform(Field::IfMatch)) if self.asterisk => {
                Expected::Exists
            }
            (CurrentState::Present(validators), Decision::Perform(_)) => {
                match (validators.etag(), validators.last_modified()) {
                    (Some(etag), _) => Expected::Tag(etag),
                    (None, Some(date)) => Expected::Date(date),
                    (None, None) => Expected::Exists,
                }
            }
            // A representation that appears in between would have had to be evaluated.
            (CurrentState::Missing, _) if !self.fields.is_empty() || self.required => {
                Expected::Absent
            }
            _ => Expected::Unconstrained,
        }
    }

    /// Evaluates the preconditions again, against the state when the handler writes.
    ///
    /// `current` is what a source would answer: an entity tag, validators, or an `Option` of them,
    /// where `None` means that there is no representation. The layer's rules apply, and the
    /// requirement that held for the request. `If-Range` is not evaluated again: a handler that
    /// sends a part compares `If-Range` with the version of that part.
    ///
    /// # Errors
    ///
    /// Returns the layer's own refusal if the method must not be performed: for a read that is a 304,
    /// if the client now has the current representation.
    /// [`ConditionalLayer::respond_with`](crate::ConditionalLayer::respond_with) applies to it.
    ///
    /// ```
    /// use std::sync::Mutex;
    /// use http::{request::Parts, Response};
    /// use tower_conditional::{EntityTag, Outcome, RefusalBody};
    ///
    /// fn write(head: &Parts, version: &Mutex<u64>) -> Result<Response<RefusalBody>, Response<RefusalBody>> {
    ///     let mut version = version.lock().unwrap();
    ///     if let Some(outcome) = head.extensions.get::<Outcome>() {
    ///         outcome.recheck(head, EntityTag::from_version(*version))?;
    ///     }
    ///     *version += 1;
    ///     Ok(Response::new(RefusalBody::empty()))
    /// }
    /// ```
    // The large `Err` is rare, and the handler returns it as it is.
    #[allow(clippy::result_large_err)]
    pub fn recheck(
        &self,
        head: &Parts,
        current: impl Into<Selected>,
    ) -> Result<(), Response<RefusalBody>> {
        let selected = current.into();
        let decision = self.evaluate(head, &selected);
        if decision.performs() {
            return Ok(());
        }
        Err(self.refuse(head, decision, selected))
    }

    /// Makes the response for a write that failed because the state was no longer as
    /// [`expected`](Self::expected).
    ///
    /// `current` is the state now, as for [`recheck`](Self::recheck); use [`Selected::Unknown`] if it
    /// was not read again. The response is that of the layer for the preconditions of the request
    /// against that state, which is a 304 for a read whose client has it, and 412 if they would hold
    /// or cannot be evaluated.
    /// [`ConditionalLayer::respond_with`](crate::ConditionalLayer::respond_with) applies to it.
    ///
    /// ```
    /// use http::{request::Parts, Response};
    /// use tower_conditional::{Outcome, RefusalBody, Selected};
    ///
    /// # fn update_where_version_is(_: Option<u64>) -> bool { true }
    /// fn write(head: &Parts, outcome: &Outcome) -> Response<RefusalBody> {
    ///     let read = outcome.validators().and_then(|it| it.etag()).and_then(|tag| tag.version());
    ///     if update_where_version_is(read) {
    ///         Response::new(RefusalBody::empty())
    ///     } else {
    ///         outcome.lost(head, Selected::Unknown)
    ///     }
    /// }
    /// ```
    pub fn lost(&self, head: &Parts, current: impl Into<Selected>) -> Response<RefusalBody> {
        let selected = current.into();
        let decision = match self.evaluate(head, &selected) {
            decision @ (Decision::NotModified(_)
            | Decision::PreconditionFailed(_)
            | Decision::PreconditionRequired) => decision,
            _ => Decision::PreconditionFailed(self.decision.field().unwrap_or(Field::IfMatch)),
        };
        self.refuse(head, decision, selected)
    }

    /// Reports whether a closure of the application makes the refusals.
    #[cfg(feature = "axum")]
    pub(crate) fn responds_by_closure(&self) -> bool {
        self.settings.respond.is_some()
    }

    fn evaluate(&self, head: &Parts, selected: &Selected) -> Decision {
        self.preconditions(head).evaluate_at(
            selected.current(),
            &self.settings.rules,
            SystemTime::now,
            &mut false,
        )
    }

    fn preconditions<'a>(&self, head: &'a Parts) -> Preconditions<'a> {
        Preconditions::with_fields(&head.method, &head.headers, self.fields).required(self.required)
    }

    fn refuse(
        &self,
        head: &Parts,
        decision: Decision,
        mut selected: Selected,
    ) -> Response<RefusalBody> {
        let echo = (self.settings).echo(decision, &self.preconditions(head), selected.current());
        let refusal = Refusal {
            decision,
            head: &mut head.clone(),
            selected: &mut selected,
            error: None,
            echo,
        };
        let mut response = Response::new(RefusalBody::empty());
        self.settings.respond(refusal, &mut response);
        response
    }
}

/// What a handler must find where it writes. See [`Outcome::expected`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Expected<'a> {
    /// The request has no guard: the write may replace anything, or create the resource.
    Unconstrained,
    /// There must be no representation: the write creates one.
    Absent,
    /// There must be a representation, whatever its validators are (`If-Match: *`), or it has none.
    Exists,
    /// This must be the current entity tag.
    Tag(&'a EntityTag),
    /// This must be the modification date. There is no entity tag.
    Date(HttpDate),
}
