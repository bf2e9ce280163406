//! What is left to do when the handler has answered.

use std::time::SystemTime;

use http::{
    HeaderMap, Method, Response,
    header::{
        CONTENT_LENGTH, ETAG, HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH,
        IF_UNMODIFIED_SINCE, LAST_MODIFIED, TRAILER, TRANSFER_ENCODING,
    },
    request::Parts,
};

use super::{ResponseBody, event};
use crate::{
    precondition::{CurrentState, Decision, Preconditions, Rules, Validators},
    refusal::{accepts_coding, into_not_modified, not_in_the_future},
    source::{Representation, SourceError},
};

#[derive(Debug)]
pub(super) struct After {
    then: Then,
    record: Option<(Decision, Option<SourceError>)>,
}

#[derive(Debug)]
enum Then {
    Nothing,
    /// The source says that there is no representation.
    Missing,
    /// The source knows the representation, and its validators may be added.
    Present {
        representation: Representation,
        rules: Rules,
        add: bool,
    },
    Compare(Late),
}

impl After {
    pub(super) const fn nothing() -> Self {
        Self::record(None)
    }

    pub(super) const fn record(record: Option<(Decision, Option<SourceError>)>) -> Self {
        Self {
            then: Then::Nothing,
            record,
        }
    }

    pub(super) fn compare(&mut self, head: &Parts, rules: Rules) {
        self.then = Then::Compare(Late::new(head, rules));
    }

    /// Compares what the handler says of the representation with what the source said, and adds the
    /// validators if `add` is set.
    pub(super) fn present(&mut self, representation: Representation, rules: Rules, add: bool) {
        self.then = Then::Present {
            representation,
            rules,
            add,
        };
    }

    /// Notes that the source says that there is no representation.
    pub(super) fn missing(&mut self) {
        self.then = Then::Missing;
    }

    pub(super) fn apply<B>(self, mut response: Response<B>) -> Response<ResponseBody<B>> {
        let mut late = None;
        let mut compressible = false;
        if response.status().is_success() {
            match self.then {
                Then::Nothing => {}
                Then::Missing => event::found(response.status(), response.headers()),
                Then::Present {
                    representation,
                    rules,
                    add,
                } => {
                    event::compare(&representation.validators, response.headers(), &rules);
                    if add {
                        add_validators(response.headers_mut(), representation);
                    }
                }
                Then::Compare(preconditions) => {
                    compressible = preconditions.compressible;
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
        response.map(|_| ResponseBody::not_modified(compressible))
    }
}

/// Puts the decision, and the source's error, into the extensions of the response.
pub(super) fn record<B>(
    decision: Decision,
    error: Option<SourceError>,
    response: &mut Response<B>,
) {
    response.extensions_mut().insert(decision);
    if let Some(error) = error {
        response.extensions_mut().insert(error);
    }
}

/// Adds the source's validators and fields to a 2xx response to GET or HEAD. Never replaces the
/// handler's own.
fn add_validators(headers: &mut HeaderMap, representation: Representation) {
    let (etag, last_modified) = representation.validators.into_parts();
    if let Some(etag) = etag {
        headers.entry(ETAG).or_insert_with(|| etag.into());
    }
    if let Some(date) = last_modified {
        headers
            .entry(LAST_MODIFIED)
            .or_insert_with(|| not_in_the_future(date).into());
    }
    let Some(details) = representation.details else {
        return;
    };
    let fields = details.fields;
    for name in fields.keys() {
        // The framing of the handler's content is a fact, whatever the source says.
        let framing = [CONTENT_LENGTH, TRANSFER_ENCODING, TRAILER].contains(name);
        if !framing && !headers.contains_key(name) {
            for value in fields.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
    }
}

/// The preconditions of a safe request, kept to be evaluated against the validators of the response.
#[derive(Debug)]
struct Late {
    method: Method,
    headers: HeaderMap,
    rules: Rules,
    /// A late 304 may be compressed on the way out.
    compressible: bool,
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
            compressible: accepts_coding(&head.headers),
        }
    }

    /// Returns the decision if it is a 304. There is no late 412: the method has been performed.
    fn not_modified(&self, response: &HeaderMap) -> Option<Decision> {
        let decision = Preconditions::new(&self.method, &self.headers).evaluate(
            CurrentState::Present(&Validators::from(response)),
            &self.rules,
            SystemTime::now(),
        );
        matches!(decision, Decision::NotModified(_)).then(|| {
            event::decided(decision, &self.method, None);
            decision
        })
    }
}
