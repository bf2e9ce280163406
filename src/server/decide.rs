//! The evaluation of one request: decide, then refuse or perform.

use std::{mem, sync::Arc, time::SystemTime};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Response,
    header::{IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE},
    request::Parts,
};

use super::{
    Outcome, Ruling,
    after::{After, Then, record},
    event,
    late::Late,
    settings::Settings,
};
use crate::{
    etag::{Lines, Pieces},
    precondition::{
        CurrentState, Decision, Field, Fields, Preconditions, can_be_required, is_query, is_read,
        is_safe,
    },
    refusal::{Refusal, RefusalBody},
    source::{Answer, Selected, SourceError},
};

pub(super) enum Verdict {
    /// The request goes on to the wrapped service.
    Perform(After),
    /// It does not.
    Refuse(Response<RefusalBody>),
}

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

/// Evaluates a request by the source's answer, and returns what happens next.
///
/// `fields` are those of `head`, which is changed in place: it is large, and moving it would cost
/// more than anything else here. So is the answer, which is taken apart. `adds_validators` is what the settings and the source say.
#[inline]
pub(super) fn evaluate(
    settings: &Arc<Settings>,
    adds_validators: bool,
    head: &mut Parts,
    fields: Fields,
    answer: &mut Answer,
) -> Verdict {
    let mut unknown = Selected::Unknown;
    let (selected, error) = match answer {
        Ok(Selected::LeftToHandler) => return Verdict::Perform(After::nothing()),
        Ok(selected) => (selected, None),
        Err(error) => (&mut unknown, Some(error.clone())),
    };
    // Most requests are reads that have nothing to decide.
    if fields.is_empty() && settings.policy.is_none() && is_safe(&head.method) {
        event::decided(Decision::Unconditional, &head.method, None, error.as_ref());
        let recorded = settings.record_decision && error.is_some();
        return Verdict::Perform(After {
            recorded: recorded.then_some(Decision::Unconditional),
            then: follow(settings, adds_validators, head, false, selected, error),
        });
    }
    let decided = decide(settings, head, fields, selected);
    if decided.decision.performs() {
        event::decided(decided.decision, &head.method, None, error.as_ref());
        Verdict::Perform(perform(
            settings,
            adds_validators,
            head,
            fields,
            decided,
            selected,
            error,
        ))
    } else {
        Verdict::Refuse(refuse(
            settings,
            head,
            decided.decision,
            fields,
            selected,
            error,
        ))
    }
}

/// Evaluates the preconditions of the request under the policy's ruling.
#[inline]
fn decide(settings: &Settings, head: &Parts, fields: Fields, selected: &Selected) -> Decided {
    let ruling = settings.ruling(head, selected.current());
    let required =
        can_be_required(&head.method) && settings.requires(&ruling, &head.method, selected);
    let preconditions =
        Preconditions::with_fields(&head.method, &head.headers, fields).required(required);
    let exempt = matches!(ruling, Ruling::Ignore | Ruling::NotAcceptable);
    let mut if_match_asterisk = false;
    let decision = match ruling {
        Ruling::NotAcceptable if preconditions.is_conditional() => Decision::NotAcceptable,
        Ruling::NotAcceptable | Ruling::Ignore => Decision::Unconditional,
        Ruling::Default | Ruling::Require(_) => preconditions.evaluate_at(
            selected.current(),
            &settings.rules,
            SystemTime::now,
            &mut if_match_asterisk,
        ),
    };
    Decided {
        decision,
        fields: if exempt { Fields::NONE } else { fields },
        required,
        if_match_asterisk,
        exempt,
    }
}

/// Makes the response that replaces the handler's.
#[inline]
pub(super) fn refuse(
    settings: &Settings,
    head: &mut Parts,
    decision: Decision,
    fields: Fields,
    selected: &mut Selected,
    error: Option<SourceError>,
) -> Response<RefusalBody> {
    let preconditions = Preconditions::with_fields(&head.method, &head.headers, fields);
    let echo = settings.echo(decision, &preconditions, selected.current());
    let mut response = settings.respond(Refusal {
        decision,
        head,
        selected,
        error: error.as_ref(),
        echo,
    });
    let status = Some(response.status());
    event::decided(decision, &head.method, status, error.as_ref());
    let recorded = settings.record_decision.then_some(decision);
    if recorded.is_some() || error.is_some() {
        if response.extensions().is_empty() {
            // The request's map has room already, if it has been used.
            let mut extensions = mem::take(&mut head.extensions);
            extensions.clear();
            *response.extensions_mut() = extensions;
        }
        record(recorded, error, response.extensions_mut());
    }
    response
}

/// Prepares the request for the handler, and returns what to do with the response.
#[inline]
fn perform(
    settings: &Arc<Settings>,
    adds_validators: bool,
    head: &mut Parts,
    fields: Fields,
    decided: Decided,
    selected: &mut Selected,
    error: Option<SourceError>,
) -> After {
    let decision = decided.decision;
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
    let conditional = decision != Decision::Unconditional || !fields.is_empty();
    if !is_safe(&head.method) || conditional && settings.outcome_of_reads {
        let state = match selected {
            Selected::Present(it) if is_safe(&head.method) => {
                CurrentState::Present(it.validators.clone())
            }
            Selected::Present(it) => CurrentState::Present(mem::take(&mut it.validators)),
            Selected::Missing => CurrentState::Missing,
            _ => CurrentState::Unknown,
        };
        let outcome = Outcome::new(decided, state, Arc::clone(settings));
        head.extensions.insert(outcome);
    }
    let then = match late {
        Some(late) => Then::Compare(late, error),
        None => follow(
            settings,
            adds_validators,
            head,
            decided.exempt,
            selected,
            error,
        ),
    };
    After { then, recorded }
}

/// Gives the handler what the source has read along, and returns what follows from the answer for
/// the response.
#[inline]
fn follow(
    settings: &Settings,
    adds_validators: bool,
    head: &mut Parts,
    exempt: bool,
    selected: &mut Selected,
    error: Option<SourceError>,
) -> Then {
    match selected {
        Selected::Present(representation) => {
            if let Some(details) = &mut representation.details {
                head.extensions.extend(mem::take(&mut details.extensions));
            }
            // The resource at the URI of a query is another one than its result.
            if !exempt
                && is_read(&head.method)
                && (!is_query(&head.method) || representation.knows_queries())
            {
                Then::present(mem::take(representation), &settings.rules, adds_validators)
            } else {
                Then::Nothing(error)
            }
        }
        Selected::Missing if !exempt && is_read(&head.method) && !is_query(&head.method) => {
            Then::Missing
        }
        _ => Then::Nothing(error),
    }
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
    for piece in Pieces::new(&Lines::of(headers, name.clone())) {
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
