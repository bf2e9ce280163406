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
    precondition::{Decision, Rules},
    refusal::{RefusalBody, may_be_sent},
    source::{Representation, SourceError},
};

#[derive(Debug)]
pub(super) struct After {
    pub(super) then: Then,
    /// What the extensions of the response get.
    pub(super) recorded: Option<Decision>,
}

/// It is moved with every request, so it is small: what is rare is boxed.
#[derive(Debug)]
pub(super) enum Then {
    /// Nothing but the record of the source's error, if it failed.
    Nothing(Option<SourceError>),
    /// The source says that there is no representation.
    Missing,
    /// The source knows the representation, and its validators may be added.
    Present {
        representation: Representation,
        rules: EventRules,
        add: bool,
    },
    /// The preconditions are evaluated against the validators of the response.
    Compare(Box<Late>, Option<SourceError>),
}

impl Then {
    /// Compares what the handler says of the representation with what the source said, and adds the
    /// validators if `add` is set.
    pub(super) fn present(representation: Representation, rules: &Rules, add: bool) -> Self {
        Self::Present {
            representation,
            rules: event::keep(rules),
            add,
        }
    }
}

impl After {
    pub(super) const fn nothing() -> Self {
        Self {
            then: Then::Nothing(None),
            recorded: None,
        }
    }

    /// Changes the response of the handler, or returns what replaces it. It is called once.
    #[inline]
    pub(super) fn apply<B>(&mut self, response: &mut Response<B>) -> Option<Replace> {
        let success = response.status().is_success();
        let error = match &mut self.then {
            Then::Nothing(error) => error.take(),
            Then::Present {
                representation,
                rules,
                add,
            } => {
                if success {
                    let (status, headers) = (response.status(), response.headers_mut());
                    event::compare(&representation.validators, headers, rules);
                    if *add {
                        add_validators(status, headers, representation);
                    }
                }
                None
            }
            Then::Missing => {
                if success {
                    event::found(response.status(), response.headers());
                }
                None
            }
            Then::Compare(..) => return self.compare(response),
        };
        self.record(error, response.extensions_mut());
        None
    }

    #[cold]
    fn compare<B>(&mut self, response: &mut Response<B>) -> Option<Replace> {
        let Then::Compare(late, error) = mem::replace(&mut self.then, Then::Nothing(None)) else {
            return None;
        };
        let success = response.status().is_success();
        let decides = success.then(|| late.decide(response.status(), response.headers()));
        if let Some(decision) = decides.flatten() {
            return Some(Replace {
                late,
                decision,
                error,
                recorded: self.recorded.is_some(),
            });
        }
        self.record(error, response.extensions_mut());
        None
    }

    #[inline]
    fn record(&self, error: Option<SourceError>, extensions: &mut Extensions) {
        if self.recorded.is_some() || error.is_some() {
            record(self.recorded, error, extensions);
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
        let (etag, last_modified) = mem::take(&mut representation.validators).into_parts();
        if let Some(etag) = etag.filter(|_| !has(headers, &ETAG)) {
            headers.insert(ETAG, etag.into());
        }
        if let Some(date) = last_modified {
            if !has(headers, &LAST_MODIFIED) && may_be_sent(date) {
                headers.insert(LAST_MODIFIED, date.into());
            }
        }
    }
    let Some(details) = &representation.details else {
        return;
    };
    for name in details.fields.keys() {
        // The framing of the handler's content and the time of its response are facts, whatever the
        // source says.
        let facts = [CONTENT_LENGTH, TRANSFER_ENCODING, TRAILER, DATE, AGE].contains(name);
        if !facts && !headers.contains_key(name) {
            for value in details.fields.get_all(name) {
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
