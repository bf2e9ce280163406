//! The response to a request that does not reach the handler.

use std::mem;

use http::{Response, request::Parts};

use super::{after::record, event, settings::Settings};
use crate::{
    precondition::{Decision, Fields, Preconditions},
    refusal::{Refusal, RefusalBody},
    source::{Answer, Selected, SourceError},
};

/// Fills in the response that replaces the handler's. It is changed where it is, because it is
/// large.
pub(super) fn refuse(
    settings: &Settings,
    head: &mut Parts,
    decision: Decision,
    fields: Fields,
    answer: &mut Answer,
    response: &mut Response<RefusalBody>,
) {
    match answer {
        Ok(selected) => refuse_by(settings, head, decision, fields, selected, None, response),
        Err(error) => {
            let unknown = &mut Selected::Unknown;
            refuse_by(
                settings,
                head,
                decision,
                fields,
                unknown,
                Some(error),
                response,
            );
        }
    }
}

#[inline(always)]
fn refuse_by(
    settings: &Settings,
    head: &mut Parts,
    decision: Decision,
    fields: Fields,
    selected: &mut Selected,
    error: Option<&SourceError>,
    response: &mut Response<RefusalBody>,
) {
    let echo = if settings.echo_tag {
        let preconditions = Preconditions::with_fields(&head.method, &head.headers, fields);
        settings.echo(decision, &preconditions, selected.current())
    } else {
        None
    };
    let refusal = Refusal {
        decision,
        head,
        selected,
        error,
        echo,
    };
    settings.respond(refusal, response);
    event::decided(decision, &head.method, Some(response.status()), error);
    let recorded = settings.record_decision.then_some(decision);
    if recorded.is_some() || error.is_some() {
        if response.extensions().is_empty() {
            // The request's map has room already, if it has been used.
            let mut extensions = mem::take(&mut head.extensions);
            extensions.clear();
            *response.extensions_mut() = extensions;
        }
        record(recorded, error.cloned(), response.extensions_mut());
    }
}
