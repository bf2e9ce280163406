//! From the source's answer to what happens next; pure but for the clock.

use std::time::SystemTime;

use bytes::Bytes;
use http::{
    HeaderMap, Method, Response,
    header::{
        HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE,
        RANGE,
    },
    request::Parts,
};

use crate::{
    Current, Decision, Field, Outcome, Preconditions, Refusal, Representation, RequestPolicy,
    Respond, ResponseBody, Rules, Ruling, Selected, SourceError, Validators,
    config::Config,
    response::{into_not_modified, stamp},
    source::IntoAnswer,
};

// Moved once, and gone: a Box would cost every request an allocation.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Verdict {
    /// The request goes on to the wrapped service.
    Perform { head: Parts, after: After },
    /// It does not.
    Refuse(Response<Bytes>),
}

pub(crate) fn evaluate<V, P, R>(
    config: &Config<V, P, R>,
    mut head: Parts,
    answer: impl IntoAnswer,
) -> Verdict
where
    P: RequestPolicy,
    R: Respond,
{
    let (selected, error) = match answer.into_answer() {
        Ok(selected) => (selected, None),
        Err(error) => (Selected::Unknown, Some(error)),
    };
    let ruling = config.policy.rule(&head, selected.current());
    let required = config.requires(&ruling, &head.method, &selected);
    let preconditions = Preconditions::new(&head.method, &head.headers).required(required);
    let has_if_range = preconditions.has_if_range();
    let decision = match ruling {
        Ruling::Refuse if preconditions.is_conditional() => Decision::Refused,
        Ruling::Refuse | Ruling::Ignore => Decision::Unconditional,
        Ruling::Silent | Ruling::Require(_) => {
            preconditions.evaluate(selected.current(), &config.rules, SystemTime::now())
        }
    };
    let stamps = config.stamps(&head.method) && !matches!(ruling, Ruling::Ignore | Ruling::Refuse);
    crate::event::decided(decision, &head.method, error.as_ref());

    if !decision.performs() {
        let refused = error.clone();
        let echo = match decision {
            Decision::NotModified(Field::IfNoneMatch) if config.echo => {
                preconditions.matching_tag(selected.current(), &config.rules)
            }
            _ => None,
        };
        let mut response = config.respond.respond(Refusal {
            decision,
            head,
            selected,
            error,
            required_status: config.required_status,
            echo,
        });
        record(config.record, decision, refused, &mut response);
        return Verdict::Refuse(response);
    }

    let late = (decision == Decision::Deferred).then(|| Late::new(&head, config.rules));
    if has_if_range && matches!(decision, Decision::PerformWithoutRange | Decision::Deferred) {
        // Without Range any inner service answers in full, whatever it makes of If-Range.
        head.headers.remove(RANGE);
        head.headers.remove(IF_RANGE);
    }
    if decision != Decision::Unconditional || !head.method.is_safe() {
        head.extensions.insert(Outcome::new(decision, &selected));
    }
    let stamp = match selected {
        Selected::Present(mut representation) => {
            head.extensions
                .extend(std::mem::take(&mut representation.extensions));
            stamps.then_some(representation)
        }
        Selected::Missing | Selected::Unknown | Selected::Answered(_) => None,
    };
    let record = config.record && (decision != Decision::Unconditional || error.is_some());
    let after = After {
        stamp,
        late,
        record: record.then_some((decision, error)),
    };
    Verdict::Perform { head, after }
}

/// What is left to do when the handler has answered.
#[derive(Debug, Default)]
pub(crate) struct After {
    stamp: Option<Representation>,
    late: Option<Late>,
    record: Option<(Decision, Option<SourceError>)>,
}

impl After {
    pub(crate) fn apply<B>(self, mut response: Response<B>) -> Response<ResponseBody<B>> {
        let success = response.status().is_success();
        if success {
            if let Some(representation) = self.stamp {
                stamp(response.headers_mut(), representation);
            }
        }
        let late = self
            .late
            .filter(|_| success)
            .and_then(|late| late.not_modified(response.headers()));
        if let Some((mut decision, error)) = self.record {
            decision = late.unwrap_or(decision);
            record(true, decision, error, &mut response);
        }
        if late.is_none() {
            return response.map(ResponseBody::handler);
        }
        into_not_modified(&mut response);
        response.map(|_| ResponseBody::empty())
    }
}

fn record<B>(
    yes: bool,
    decision: Decision,
    error: Option<SourceError>,
    response: &mut Response<B>,
) {
    if yes {
        response.extensions_mut().insert(decision);
        if let Some(error) = error {
            response.extensions_mut().insert(error);
        }
    }
}

/// The preconditions of a safe request, kept to be evaluated against the response's validators.
#[derive(Debug)]
struct Late {
    method: Method,
    headers: HeaderMap,
    rules: Rules,
}

impl Late {
    fn new(head: &Parts, rules: Rules) -> Self {
        const KEPT: [HeaderName; 4] = [
            IF_MATCH,
            IF_UNMODIFIED_SINCE,
            IF_NONE_MATCH,
            IF_MODIFIED_SINCE,
        ];
        let mut headers = HeaderMap::new();
        for name in KEPT {
            for line in head.headers.get_all(&name) {
                headers.append(name.clone(), line.clone());
            }
        }
        Self {
            method: head.method.clone(),
            headers,
            rules,
        }
    }

    /// A 304, if that is the decision. There is no late 412: the method has been performed.
    fn not_modified(&self, response: &HeaderMap) -> Option<Decision> {
        let decision = Preconditions::new(&self.method, &self.headers).evaluate(
            Current::Present(&Validators::from(response)),
            &self.rules,
            SystemTime::now(),
        );
        matches!(decision, Decision::NotModified(_)).then(|| {
            crate::event::decided(decision, &self.method, None);
            decision
        })
    }
}
