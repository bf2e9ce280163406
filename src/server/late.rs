//! Preconditions of a safe request whose state is known only from the response.

use std::{sync::Arc, time::SystemTime};

use http::{
    HeaderMap, Request, Response, StatusCode,
    header::{ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH},
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
    /// The head of the request if a refusal may need it, or else its method and what decides.
    head: Parts,
    /// The fields of the request, also of what is not in `head`.
    fields: Fields,
    /// An outer layer may compress the response.
    compressible: bool,
    settings: Arc<Settings>,
}

impl Late {
    pub(super) fn new(head: &Parts, fields: Fields, settings: Arc<Settings>) -> Self {
        let compressible = accepts_coding(&head.headers);
        // Only these two can become a 412, and the closure that answers it gets the head.
        let refuses = fields.contains(Field::IfMatch) || fields.contains(Field::IfUnmodifiedSince);
        let head = match refuses {
            true => head.clone(),
            false => what_decides(head, fields),
        };
        Self {
            head,
            fields,
            compressible,
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
        response.map(|()| RefusalBody::not_modified(self.compressible))
    }

    fn preconditions(&self) -> Preconditions<'_> {
        Preconditions::with_fields(&self.head.method, &self.head.headers, self.fields)
    }
}

/// Copies the method, and the fields of which a false one is a 304.
fn what_decides(head: &Parts, fields: Fields) -> Parts {
    let (mut kept, ()) = Request::new(()).into_parts();
    kept.method = head.method.clone();
    for (field, name) in [
        (Field::IfNoneMatch, &IF_NONE_MATCH),
        (Field::IfModifiedSince, &IF_MODIFIED_SINCE),
    ] {
        if fields.contains(field) {
            for line in head.headers.get_all(name) {
                kept.headers.append(name.clone(), line.clone());
            }
        }
    }
    kept
}
