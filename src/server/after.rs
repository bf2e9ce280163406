//! What the layer does with the response of the handler.

use std::mem;

use http::{
    Extensions, HeaderMap, HeaderName, Response, StatusCode,
    header::{AGE, CONTENT_LENGTH, DATE, ETAG, LAST_MODIFIED, TRAILER, TRANSFER_ENCODING},
};

use super::{
    body::ResponseBody,
    event::{self, EventRules},
    late::Late,
};
use crate::{
    date::HttpDate,
    precondition::Decision,
    refusal::{RefusalBody, may_be_sent},
    source::{Answer, Representation, Selected, SourceError},
};

/// What to do with the response of the handler. It is small, so that it costs nothing to return it.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) next: Next,
    /// What the extensions of the response get.
    pub(super) recorded: Option<Decision>,
}

#[derive(Debug)]
pub(super) enum Next {
    /// Nothing but the record of the decision.
    Pass,
    /// The source failed: its error is recorded.
    Fail,
    /// The source says that there is no representation.
    Miss,
    /// The source knows the representation, and its validators are added if `add` is set.
    Represent { rules: EventRules, add: bool },
    /// The preconditions are evaluated against the validators of the response.
    Compare(Box<Late>),
}

impl Plan {
    pub(super) const NOTHING: Plan = Plan {
        next: Next::Pass,
        recorded: None,
    };

    /// Whether the response is passed on as it is, so that the answer need not be kept.
    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        matches!(self.next, Next::Pass) && self.recorded.is_none()
    }
}

/// The plan for the response, and what it needs of the source's answer.
#[derive(Debug)]
pub(super) struct After {
    pub(super) plan: Plan,
    /// It is empty if the plan does not need it.
    pub(super) representation: Representation,
    pub(super) error: Option<SourceError>,
}

impl After {
    #[cfg(feature = "lock")]
    pub(super) fn nothing() -> Self {
        Self::new(Plan::NOTHING, Ok(Selected::LeftToHandler))
    }

    #[inline]
    pub(super) fn new(plan: Plan, answer: Answer) -> Self {
        let (representation, error) = match answer {
            Ok(Selected::Present(representation)) => (representation, None),
            Ok(_) => (Representation::default(), None),
            Err(error) => (Representation::default(), Some(error)),
        };
        Self {
            plan,
            representation,
            error,
        }
    }

    /// Changes the response of the handler, or returns what replaces it. It is called once.
    #[inline]
    pub(super) fn apply<B>(&mut self, response: &mut Response<B>) -> Option<Replace> {
        let (status, headers) = (response.status(), response.headers_mut());
        match &self.plan.next {
            Next::Represent { rules, add } if status.is_success() => {
                event::compare(&self.representation.validators, headers, rules);
                if *add {
                    add_validators(status, headers, &mut self.representation);
                }
            }
            Next::Miss if status.is_success() => event::found(status, headers),
            Next::Compare(_) => return self.compare(response),
            _ => {}
        }
        self.record(response.extensions_mut());
        None
    }

    #[cold]
    fn compare<B>(&mut self, response: &mut Response<B>) -> Option<Replace> {
        let Next::Compare(late) = mem::replace(&mut self.plan.next, Next::Pass) else {
            return None;
        };
        let success = response.status().is_success();
        let decides = success.then(|| late.decide(response.status(), response.headers()));
        if let Some(decision) = decides.flatten() {
            return Some(Replace {
                late,
                decision,
                error: self.error.take(),
                recorded: self.plan.recorded.is_some(),
            });
        }
        self.record(response.extensions_mut());
        None
    }

    #[inline]
    fn record(&mut self, extensions: &mut Extensions) {
        if self.plan.recorded.is_some() || self.error.is_some() {
            record(self.plan.recorded, self.error.take(), extensions);
        }
    }
}

/// What replaces the response to a read whose preconditions turned out to be false.
pub(super) struct Replace {
    late: Box<Late>,
    decision: Decision,
    error: Option<SourceError>,
    recorded: bool,
}

impl Replace {
    pub(super) fn with(self, response: Response<()>) -> Response<RefusalBody> {
        let error = self.error;
        let mut response = (self.late).refuse(self.decision, response, error.as_ref());
        let recorded = self.recorded.then_some(self.decision);
        record(recorded, error, response.extensions_mut());
        response
    }
}

/// Returns the handler's response, or what replaces it.
#[inline]
pub(super) fn replaced<B>(
    response: Response<B>,
    replace: Option<Replace>,
) -> Response<ResponseBody<B>> {
    match replace {
        None => response.map(ResponseBody::handler),
        // The handler's content is dropped unread.
        Some(replace) => replace.with(response.map(drop)).map(ResponseBody::refusal),
    }
}

/// Puts the decision, and the source's error, into the extensions of the response.
pub(super) fn record(
    decision: Option<Decision>,
    error: Option<SourceError>,
    extensions: &mut Extensions,
) {
    if let Some(decision) = decision {
        extensions.insert(decision);
    }
    if let Some(error) = error {
        extensions.insert(error);
    }
}

/// Adds the source's validators and fields to a 2xx response to a read. Never replaces the
/// handler's own.
///
/// A 206 gets no validators: a client joins its content with other parts that have the same tag, and
/// another writer may have come between the source and the handler.
fn add_validators(
    status: StatusCode,
    headers: &mut HeaderMap,
    representation: &mut Representation,
) {
    if status != StatusCode::PARTIAL_CONTENT {
        let validators = &mut representation.validators;
        if validators.etag().is_some() && !has(headers, &ETAG) {
            if let Some(etag) = validators.take_etag() {
                // It is absent. Appending costs less than inserting, which returns what was there.
                // Only this call appends by reference, so it is inlined, and the hash is a constant.
                headers.append(&ETAG, etag.into());
            }
        }
        if let Some(date) = validators.last_modified() {
            add_date(headers, date);
        }
    }
    if let Some(details) = &representation.details {
        add_fields(headers, &details.fields);
    }
}

fn add_date(headers: &mut HeaderMap, date: HttpDate) {
    if !has(headers, &LAST_MODIFIED) && may_be_sent(date) {
        headers.append(LAST_MODIFIED, date.into());
    }
}

fn add_fields(headers: &mut HeaderMap, fields: &HeaderMap) {
    for name in fields.keys() {
        // The framing of the handler's content and the time of its response are facts, whatever the
        // source says.
        let facts = [CONTENT_LENGTH, TRANSFER_ENCODING, TRAILER, DATE, AGE].contains(name);
        if !facts && !headers.contains_key(name) {
            for value in fields.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
    }
}

/// Reports whether a response has the field. Most have few fields, and to look at their names is
/// then cheaper than to calculate a hash.
#[inline]
fn has(headers: &HeaderMap, name: &HeaderName) -> bool {
    const FEW: usize = 8;
    if headers.keys_len() <= FEW {
        headers.keys().any(|it| it == name)
    } else {
        headers.contains_key(name)
    }
}
