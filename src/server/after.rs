//! What the layer does with the response of the handler.

use std::sync::Arc;

use http::{
    HeaderMap, Response, StatusCode,
    header::{AGE, CONTENT_LENGTH, DATE, ETAG, LAST_MODIFIED, TRAILER, TRANSFER_ENCODING},
    request::Parts,
};

use super::{ResponseBody, event, late::Late, settings::Settings};
use crate::{
    precondition::{Decision, Fields, Rules},
    refusal::may_be_sent,
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

    pub(super) fn compare(&mut self, head: &Parts, fields: Fields, settings: Arc<Settings>) {
        self.then = Then::Compare(Late::new(head, fields, settings));
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
                        add_validators(&mut response, representation);
                    }
                }
                Then::Compare(preconditions) => {
                    late = preconditions
                        .decide(&response)
                        .map(|it| (it, preconditions));
                }
            }
        }
        let Some((decision, preconditions)) = late else {
            if let Some((decision, error)) = self.record {
                record(decision, error, &mut response);
            }
            return response.map(ResponseBody::handler);
        };
        // The handler's content is dropped unread.
        let response = response.map(drop);
        let mut response = match &self.record {
            Some((_, error)) => preconditions.refuse(decision, response, error.as_ref()),
            None => preconditions.refuse(decision, response, None),
        };
        if let Some((_, error)) = self.record {
            record(decision, error, &mut response);
        }
        response.map(ResponseBody::refusal)
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

/// Adds the source's validators and fields to a 2xx response to a read. Never replaces the
/// handler's own.
///
/// A 206 gets no validators: a client joins its content with other parts that have the same tag, and
/// another writer may have come between the source and the handler.
fn add_validators<B>(response: &mut Response<B>, representation: Representation) {
    let part = response.status() == StatusCode::PARTIAL_CONTENT;
    let headers: &mut HeaderMap = response.headers_mut();
    let (etag, last_modified) = representation.validators.into_parts();
    if let Some(etag) = etag.filter(|_| !part) {
        headers.entry(ETAG).or_insert_with(|| etag.into());
    }
    if let Some(date) = last_modified.filter(|date| !part && may_be_sent(*date)) {
        headers.entry(LAST_MODIFIED).or_insert_with(|| date.into());
    }
    let Some(details) = representation.details else {
        return;
    };
    let fields = details.fields;
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
