//! From the source's answer to what happens next; pure but for the clock.

use std::{mem, time::SystemTime};

use bytes::Bytes;
use http::{
    HeaderMap, Method, Response,
    header::{
        CONTENT_LENGTH, HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
        IF_UNMODIFIED_SINCE, RANGE,
    },
    request::Parts,
};

use crate::{
    Current, Decision, Field, Outcome, Preconditions, Refusal, Representation, RequestPolicy,
    Respond, ResponseBody, Rules, Ruling, Selected, SourceError, Validators,
    config::Config,
    precondition::Fields,
    response::{into_not_modified, stamp},
    source::IntoAnswer,
};

pub(crate) enum Verdict {
    /// The request goes on to the wrapped service.
    Perform(After),
    /// It does not.
    Refuse(Response<Bytes>),
}

/// `fields` are those of `head`, which is changed in place: it is large, and moving it is what a
/// request through the layer would cost most.
pub(crate) fn evaluate<V, P, R>(
    config: &Config<V, P, R>,
    head: &mut Parts,
    fields: Fields,
    answer: impl IntoAnswer,
) -> Verdict
where
    P: RequestPolicy,
    R: Respond,
{
    let (mut selected, error) = match answer.into_answer() {
        Ok(selected) => (selected, None),
        Err(error) => (Selected::Unknown, Some(error)),
    };
    let ruling = config.policy.rule(head, selected.current());
    let required = config.requires(&ruling, &head.method, &selected);
    let preconditions =
        Preconditions::with_fields(&head.method, &head.headers, fields).required(required);
    let decision = match ruling {
        Ruling::Refuse if preconditions.is_conditional() => Decision::Refused,
        Ruling::Refuse | Ruling::Ignore => Decision::Unconditional,
        Ruling::Silent | Ruling::Require(_) => {
            preconditions.evaluate(selected.current(), &config.rules, SystemTime::now())
        }
    };
    crate::event::decided(decision, &head.method, error.as_ref());

    if !decision.performs() {
        let echo = match decision {
            Decision::NotModified(Field::IfNoneMatch) if config.echo => {
                preconditions.matching_tag(selected.current(), &config.rules)
            }
            _ => None,
        };
        let is_head = head.method == Method::HEAD;
        let mut response = config.respond.respond(Refusal {
            decision,
            head,
            selected: &mut selected,
            error: error.as_ref(),
            required_status: config.required_status,
            echo,
        });
        if is_head {
            remove_content(&mut response);
        }
        if config.record {
            if response.extensions().is_empty() {
                // The request's map has its room already, if it has one.
                let mut extensions = mem::take(&mut head.extensions);
                extensions.clear();
                *response.extensions_mut() = extensions;
            }
            record(decision, error, &mut response);
        }
        return Verdict::Refuse(response);
    }

    let late = (decision == Decision::Deferred).then(|| Late::new(head, config.rules));
    let full = matches!(decision, Decision::PerformWithoutRange | Decision::Deferred)
        || matches!(ruling, Ruling::Ignore);
    if full && fields.contains(Field::IfRange) {
        // Without Range any inner service answers in full, whatever it makes of If-Range.
        head.headers.remove(RANGE);
        head.headers.remove(IF_RANGE);
    }
    if decision != Decision::Unconditional || !head.method.is_safe() {
        let fields = match ruling {
            Ruling::Ignore | Ruling::Refuse => Fields::NONE,
            Ruling::Silent | Ruling::Require(_) => fields,
        };
        let outcome = Outcome::new(decision, fields, &head.headers, &selected);
        let outcome = outcome.by(config.rules, required, config.required_status);
        head.extensions.insert(outcome);
    }
    let stamps = config.stamps(&head.method) && !matches!(ruling, Ruling::Ignore | Ruling::Refuse);
    let then = match (late, selected) {
        (Some(late), _) => Then::Compare(late),
        (None, Selected::Present(mut representation)) => {
            if let Some(details) = &mut representation.details {
                head.extensions.extend(mem::take(&mut details.extensions));
            }
            if stamps {
                Then::Stamp(representation)
            } else {
                Then::Nothing
            }
        }
        (None, _) => Then::Nothing,
    };
    let record = config.record && (decision != Decision::Unconditional || error.is_some());
    Verdict::Perform(After {
        then,
        record: record.then_some((decision, error)),
    })
}

/// A response to HEAD tells the length of the content that GET would get, and has none; not every
/// server sees to it (RFC 9110 section 9.3.2).
fn remove_content(response: &mut Response<Bytes>) {
    let length = mem::take(response.body_mut()).len();
    if length > 0 {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
}

/// What is left to do when the handler has answered.
#[derive(Debug)]
pub(crate) struct After {
    then: Then,
    record: Option<(Decision, Option<SourceError>)>,
}

#[derive(Debug)]
enum Then {
    Nothing,
    Stamp(Representation),
    Compare(Late),
}

impl After {
    pub(crate) fn apply<B>(self, mut response: Response<B>) -> Response<ResponseBody<B>> {
        let mut late = None;
        if response.status().is_success() {
            match self.then {
                Then::Nothing => {}
                Then::Stamp(representation) => stamp(response.headers_mut(), representation),
                Then::Compare(preconditions) => {
                    late = preconditions.not_modified(response.headers());
                }
            }
        }
        if let Some((decision, error)) = self.record {
            record(late.unwrap_or(decision), error, &mut response);
        }
        if late.is_none() {
            return response.map(ResponseBody::handler);
        }
        into_not_modified(&mut response);
        response.map(|_| ResponseBody::empty())
    }
}

fn record<B>(decision: Decision, error: Option<SourceError>, response: &mut Response<B>) {
    response.extensions_mut().insert(decision);
    if let Some(error) = error {
        response.extensions_mut().insert(error);
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
