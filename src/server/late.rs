//! Preconditions of a safe request whose state is known only from the response.

use std::{sync::Arc, time::SystemTime};

use http::{
    HeaderMap, Request, Response, StatusCode,
    header::{ACCEPT_ENCODING, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, RANGE},
    request::Parts,
};

use super::{event, settings::Settings};
use crate::{
    precondition::{CurrentState, Decision, Field, Fields, Preconditions, Validators},
    refusal::{Refusal, RefusalBody, accepts_coding, into_not_modified},
    source::{Selected, SourceError},
};

/// The preconditions, kept to be evaluated against the validators of the response.
#[derive(Debug)]
pub(super) struct Late {
    /// The head of the request if a refusal may need it, or else only what decides.
    head: Parts,
    settings: Arc<Settings>,
}

impl Late {
    pub(super) fn new(head: &Parts, fields: Fields, settings: Arc<Settings>) -> Self {
        // The last one decides about the body of the 304.
        const DECIDE: [HeaderName; 4] = [IF_NONE_MATCH, IF_MODIFIED_SINCE, RANGE, ACCEPT_ENCODING];
        // Only these two can become a 412, and the closure that answers it gets the head.
        if fields.contains(Field::IfMatch) || fields.contains(Field::IfUnmodifiedSince) {
            return Self {
                head: head.clone(),
                settings,
            };
        }
        let (mut kept, ()) = Request::new(()).into_parts();
        kept.method = head.method.clone();
        for name in DECIDE {
            for line in head.headers.get_all(&name) {
                kept.headers.append(name.clone(), line.clone());
            }
        }
        Self {
            head: kept,
            settings,
        }
    }

    /// Returns the decision if it replaces this 2xx response. That is possible, because the method
    /// is safe: the response can be thrown away.
    pub(super) fn decide(&self, status: StatusCode, headers: &HeaderMap) -> Option<Decision> {
        let current = Validators::from(headers);
        let state = CurrentState::Present(&current);
        let decision = self.preconditions().evaluate_at(
            state,
            &self.settings.rules,
            SystemTime::now,
            &mut false,
        );
        let replaces = match decision {
            Decision::NotModified(_) => true,
            // Without a tag nothing says which version this is. The whole of it harms nobody, but
            // a part would be joined with those of the version that the client asks for.
            Decision::PreconditionFailed(Field::IfMatch) => {
                headers.contains_key(ETAG) || status == StatusCode::PARTIAL_CONTENT
            }
            Decision::PreconditionFailed(_) => true,
            _ => false,
        };
        replaces.then_some(decision)
    }

    /// Makes the response that replaces the handler's.
    pub(super) fn refuse(
        mut self,
        decision: Decision,
        response: Response<()>,
        error: Option<&SourceError>,
    ) -> Response<RefusalBody> {
        let response = self.respond(decision, response, error);
        let status = Some(response.status());
        event::decided(decision, &self.head.method, status, None);
        response
    }

    fn respond(
        &mut self,
        decision: Decision,
        mut response: Response<()>,
        error: Option<&SourceError>,
    ) -> Response<RefusalBody> {
        if !matches!(decision, Decision::NotModified(_)) {
            let refusal = Refusal {
                decision,
                head: &mut self.head,
                selected: &mut Selected::from(Validators::from(response.headers())),
                error,
                echo: None,
            };
            let mut refused = Response::new(RefusalBody::empty());
            self.settings.respond(refusal, &mut refused);
            return refused;
        }
        if self.settings.echo_tag {
            let current = Validators::from(response.headers());
            let state = CurrentState::Present(&current);
            if let Some(echo) = (self.settings).echo(decision, &self.preconditions(), state) {
                response.headers_mut().insert(ETAG, echo.into());
            }
        }
        into_not_modified(&mut response);
        let compressible = accepts_coding(&self.head.headers);
        response.map(|()| RefusalBody::not_modified(compressible))
    }

    fn preconditions(&self) -> Preconditions<'_> {
        Preconditions::new(&self.head.method, &self.head.headers)
    }
}
