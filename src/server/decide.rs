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
    after::{After, record},
    event,
    settings::Settings,
};
use crate::{
    etag::{Lines, Pieces},
    precondition::{Decision, Field, Fields, Preconditions, is_query, is_read, is_safe},
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
    /// The policy exempts the request from evaluation.
    exempt: bool,
}

/// Evaluates a request by the source's answer, and returns what happens next.
///
/// `fields` are those of `head`, which is changed in place: it is large, and moving it would cost
/// more than anything else here. `adds_validators` is what the source reports.
#[inline]
pub(super) fn evaluate(
    settings: &Arc<Settings>,
    adds_validators: bool,
    head: &mut Parts,
    fields: Fields,
    answer: Answer,
) -> Verdict {
    let (mut selected, error) = match answer {
        Ok(Selected::LeftToHandler) => return Verdict::Perform(After::nothing()),
        Ok(selected) => (selected, None),
        Err(error) => (Selected::Unknown, Some(error)),
    };
    // The clock is read only for dates.
    let now = match fields.need_time() {
        true => SystemTime::now(),
        false => SystemTime::UNIX_EPOCH,
    };
    let decided = decide(settings, head, fields, &selected, now);
    event::decided(decided.decision, &head.method, error.as_ref());
    if decided.decision.performs() {
        let adds_validators = adds_validators && settings.set_validators;
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
            &mut selected,
            error,
        ))
    }
}

/// Evaluates the preconditions of the request under the policy's ruling.
#[inline]
fn decide(
    settings: &Settings,
    head: &Parts,
    fields: Fields,
    selected: &Selected,
    now: SystemTime,
) -> Decided {
    let ruling = settings.ruling(head, selected.current());
    let required = settings.requires(&ruling, &head.method, selected);
    let preconditions =
        Preconditions::with_fields(&head.method, &head.headers, fields).required(required);
    let exempt = matches!(ruling, Ruling::Ignore | Ruling::NotAcceptable);
    let decision = match ruling {
        Ruling::NotAcceptable if preconditions.is_conditional() => Decision::NotAcceptable,
        Ruling::NotAcceptable | Ruling::Ignore => Decision::Unconditional,
        Ruling::Default | Ruling::Require(_) => {
            preconditions.evaluate(selected.current(), &settings.rules, now)
        }
    };
    Decided {
        decision,
        fields: if exempt { Fields::NONE } else { fields },
        required,
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
    if settings.record_decision {
        if response.extensions().is_empty() {
            // The request's map has room already, if it has been used.
            let mut extensions = mem::take(&mut head.extensions);
            extensions.clear();
            *response.extensions_mut() = extensions;
        }
        record(decision, error, &mut response);
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
    selected: Selected,
    error: Option<SourceError>,
) -> After {
    let decision = decided.decision;
    let record = (settings.record_decision
        && (decision != Decision::Unconditional || error.is_some()))
    .then_some((decision, error));

    let late = decision == Decision::Deferred;
    let mut after = After::record(record);
    if late {
        after.compare(head, fields, Arc::clone(settings));
    }
    join_lines(&mut head.headers, fields);
    let in_full = late || decided.exempt || matches!(decision, Decision::PerformWithoutRange);
    if in_full && fields.contains(Field::IfRange) {
        // Without Range any inner service responds in full, even if it does not know If-Range.
        head.headers.remove(RANGE);
        head.headers.remove(IF_RANGE);
    }
    // A handler that needs the outcome can rely on it for each request that has preconditions.
    if decision != Decision::Unconditional || !fields.is_empty() || !is_safe(&head.method) {
        let outcome = Outcome::new(decided, &head.headers, &selected, Arc::clone(settings));
        head.extensions.insert(outcome);
    }
    let reads = !late && !decided.exempt && is_read(&head.method);
    match selected {
        Selected::Present(mut representation) if !late => {
            if let Some(details) = &mut representation.details {
                head.extensions.extend(mem::take(&mut details.extensions));
            }
            // The resource at the URI of a query is another one than its result.
            let described = !is_query(&head.method) || representation.knows_queries();
            if reads && described {
                after.present(representation, settings.rules, adds_validators);
            }
        }
        Selected::Missing if reads && !is_query(&head.method) => after.missing(),
        _ => {}
    }
    after
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
