//! The evaluation of one request: decide, and prepare what is performed.

use std::{mem, sync::Arc, time::SystemTime};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE},
    request::Parts,
};

use super::{
    Outcome,
    after::{Next, Plan},
    event,
    late::Late,
    settings::{Ruled, Settings},
};
use crate::{
    etag::{Lines, Pieces},
    precondition::{
        CurrentState, Decision, Field, Fields, Preconditions, can_be_required, is_query, is_safe,
    },
    source::{Answer, Selected},
};

/// The decision about a request, and the inputs that it is based on.
#[derive(Clone, Copy)]
pub(super) struct Decided {
    pub(super) decision: Decision,
    /// The fields that count.
    pub(super) fields: Fields,
    pub(super) required: bool,
    /// `If-Match` is `*`.
    pub(super) if_match_asterisk: bool,
    /// The policy exempts the request from evaluation.
    exempt: bool,
}

impl Decided {
    /// Nothing is subject to preconditions.
    const NOTHING: Decided = Decided {
        decision: Decision::Unconditional,
        fields: Fields::NONE,
        required: false,
        if_match_asterisk: false,
        exempt: true,
    };
}

/// Evaluates a request by the source's answer, prepares it for the handler, and returns what to do
/// with the response. Returns the decision if the handler is not called.
///
/// `fields` are those of `head`. Both `head` and `answer` are changed in place: they are large, and
/// moving them would cost more than anything else here. `adds_validators` is what the settings and
/// the source say.
#[inline(always)]
pub(super) fn evaluate(
    settings: &Arc<Settings>,
    adds_validators: bool,
    head: &mut Parts,
    fields: Fields,
    answer: &mut Answer,
) -> Result<Plan, Decision> {
    // Most requests are reads that have nothing to decide.
    if fields.is_empty() && settings.policy.is_none() && is_safe(&head.method) {
        return Ok(perform_unconditionally(
            settings,
            adds_validators,
            head,
            answer,
        ));
    }
    evaluate_conditional(settings, adds_validators, head, fields, answer)
}

/// Does what [`evaluate`] does, for all other requests. Only what most requests need is inlined.
#[inline(never)]
fn evaluate_conditional(
    settings: &Arc<Settings>,
    adds_validators: bool,
    head: &mut Parts,
    fields: Fields,
    answer: &mut Answer,
) -> Result<Plan, Decision> {
    let decided = decide(settings, head, fields, answer);
    if decided.decision.performs() {
        Ok(perform(
            settings,
            adds_validators,
            head,
            fields,
            decided,
            answer,
        ))
    } else {
        Err(decided.decision)
    }
}

/// Evaluates the preconditions of the request under the policy's ruling.
#[inline]
fn decide(settings: &Settings, head: &Parts, fields: Fields, answer: &Answer) -> Decided {
    let selected = match answer {
        Ok(Selected::LeftToHandler) => return Decided::NOTHING,
        Ok(selected) => selected,
        Err(_) => &Selected::Unknown,
    };
    let required = match settings.ruling(head, selected) {
        None => settings.requires(&head.method, selected),
        Some(Ruled::Required(required)) => required,
        Some(Ruled::Ignored) => return Decided::NOTHING,
        Some(Ruled::NotAcceptable) if fields.is_empty() => return Decided::NOTHING,
        Some(Ruled::NotAcceptable) => {
            return Decided {
                decision: Decision::NotAcceptable,
                ..Decided::NOTHING
            };
        }
    };
    let required = required && can_be_required(&head.method);
    let preconditions =
        Preconditions::with_fields(&head.method, &head.headers, fields).required(required);
    let mut if_match_asterisk = false;
    let decision = preconditions.evaluate_at(
        selected.current(),
        &settings.rules,
        SystemTime::now,
        &mut if_match_asterisk,
    );
    Decided {
        decision,
        fields,
        required,
        if_match_asterisk,
        exempt: false,
    }
}

/// Does what [`perform`] does, for a safe request without preconditions.
#[inline(always)]
fn perform_unconditionally(
    settings: &Settings,
    adds_validators: bool,
    head: &mut Parts,
    answer: &mut Answer,
) -> Plan {
    let error = answer.as_ref().err();
    if !is_left_to_handler(answer) {
        event::decided(Decision::Unconditional, &head.method, None, error);
    }
    let recorded = settings.record_decision && error.is_some();
    Plan {
        recorded: recorded.then_some(Decision::Unconditional),
        next: follow(settings, adds_validators, head, false, answer),
    }
}

const fn is_left_to_handler(answer: &Answer) -> bool {
    matches!(answer, Ok(Selected::LeftToHandler))
}

/// Prepares the request for the handler, and returns what to do with the response.
#[inline]
fn perform(
    settings: &Arc<Settings>,
    adds_validators: bool,
    head: &mut Parts,
    fields: Fields,
    decided: Decided,
    answer: &mut Answer,
) -> Plan {
    if is_left_to_handler(answer) {
        return Plan::NOTHING;
    }
    let decision = decided.decision;
    let error = answer.as_ref().err();
    event::decided(decision, &head.method, None, error);
    let recorded = (settings.record_decision
        && (decision != Decision::Unconditional || error.is_some()))
    .then_some(decision);

    let late = (decision == Decision::Deferred)
        .then(|| Box::new(Late::new(head, fields, Arc::clone(settings))));
    join_lines(&mut head.headers, fields);
    let in_full =
        late.is_some() || decided.exempt || matches!(decision, Decision::PerformWithoutRange);
    if in_full && fields.contains(Field::IfRange) {
        // Without Range any inner service responds in full, even if it does not know If-Range.
        head.headers.remove(RANGE);
        head.headers.remove(IF_RANGE);
    }
    // A handler that writes can rely on the outcome. One that reads has no use for it.
    let safe = is_safe(&head.method);
    let conditional = decision != Decision::Unconditional || !fields.is_empty();
    if !safe || conditional && settings.outcome_of_reads {
        let state = match answer {
            Ok(Selected::Present(it)) if safe => CurrentState::Present(it.validators.clone()),
            Ok(Selected::Present(it)) => CurrentState::Present(mem::take(&mut it.validators)),
            Ok(Selected::Missing) => CurrentState::Missing,
            _ => CurrentState::Unknown,
        };
        let outcome = Outcome::new(decided, state, Arc::clone(settings));
        head.extensions.insert(outcome);
    }
    let next = match late {
        Some(late) => Next::Compare(late),
        None => follow(settings, adds_validators, head, decided.exempt, answer),
    };
    Plan { next, recorded }
}

/// Gives the handler what the source has read along, and returns what follows from the answer for
/// the response.
#[inline(always)]
fn follow(
    settings: &Settings,
    adds_validators: bool,
    head: &mut Parts,
    exempt: bool,
    answer: &mut Answer,
) -> Next {
    match answer {
        Ok(Selected::Present(representation)) => {
            if let Some(details) = &mut representation.details {
                head.extensions.extend(mem::take(&mut details.extensions));
            }
            let reads = match head.method {
                Method::GET | Method::HEAD => true,
                // The resource at the URI of a query is another one than its result.
                _ => is_query(&head.method) && representation.knows_queries(),
            };
            if reads && !exempt {
                return Next::Represent {
                    rules: event::keep(&settings.rules),
                    add: adds_validators,
                };
            }
        }
        Ok(Selected::Missing) if !exempt && matches!(head.method, Method::GET | Method::HEAD) => {
            return Next::Miss;
        }
        Ok(_) => {}
        Err(_) => return Next::Fail,
    }
    Next::Pass
}

/// Joins the lines of the two lists. Services with preconditions of their own, such as `ServeDir`,
/// read one line, and would refuse what was true over all lines.
fn join_lines(headers: &mut HeaderMap, fields: Fields) {
    if headers.len() == headers.keys_len() {
        return;
    }
    if fields.contains(Field::IfMatch) {
        join(headers, IF_MATCH);
    }
    if fields.contains(Field::IfNoneMatch) {
        join(headers, IF_NONE_MATCH);
    }
}

fn join(headers: &mut HeaderMap, name: HeaderName) {
    if headers.get_all(&name).iter().nth(1).is_none() {
        return;
    }
    let mut joined = Vec::new();
    for piece in Pieces::new(&Lines::of(headers, &name)) {
        // A quote that is not closed ends with its line. In a joined line it would not.
        if piece.iter().filter(|&&b| b == b'"').count() % 2 == 0 {
            if !joined.is_empty() {
                joined.extend_from_slice(b", ");
            }
            joined.extend_from_slice(piece);
        }
    }
    if let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(joined)) {
        headers.insert(name, value);
    }
}
