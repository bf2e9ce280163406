//! Preconditions of a safe request whose state is known only from the response.

use std::{sync::Arc, time::SystemTime};

use http::{
    HeaderMap, Method, Request, Response, StatusCode,
    header::{ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH},
    request::Parts,
};

use super::{event, settings::Settings};
use crate::{
    precondition::{CurrentState, Decision, Field, Fields, KeptLine, Preconditions, Validators},
    refusal::{Refusal, RefusalBody, accepts_coding, into_not_modified},
    source::{Selected, SourceError},
};

/// The preconditions, kept to be evaluated against the validators of the response.
#[derive(Debug)]
pub(super) struct Late {
    kept: Kept,
    /// The fields of the request, also of what is not kept.
    fields: Fields,
    /// An outer layer may compress the response.
    compressible: bool,
    settings: Arc<Settings>,
}

/// What is kept of the request.
#[derive(Debug)]
enum Kept {
    /// The head if a refusal may need it, or else its method and what decides.
    Head(Parts),
    /// The line that decides, and the method. This is the case for most requests.
    Line(KeptLine, Method),
}

impl Late {
    pub(super) fn new(head: &Parts, fields: Fields, settings: Arc<Settings>) -> Self {
        let compressible = accepts_coding(&head.headers);
        // Only these two can become a 412, and the closure that answers it gets the head.
        let refuses = fields.contains(Field::IfMatch) || fields.contains(Field::IfUnmodifiedSince);
        let line = match refuses || settings.echo_tag {
            true => None,
            false => KeptLine::of(&head.headers, fields, &settings.rules),
        };
        let kept = match line {
            Some(line) => Kept::Line(line, head.method.clone()),
            None if refuses => Kept::Head(head.clone()),
            None => Kept::Head(what_decides(head, fields)),
        };
        Self {
            kept,
            fields,
            compressible,
            settings,
        }
    }

    /// Returns the decision if it replaces this 2xx response. That is possible, because the method
    /// is safe: the response can be thrown away.
    pub(super) fn decide(&self, status: StatusCode, headers: &HeaderMap) -> Option<Decision> {
        let current = Validators::from(headers);
        let head = match &self.kept {
            Kept::Head(head) => head,
            // The method is a read: other safe methods ignore `If-None-Match`.
            Kept::Line(line, _) => {
                let decision = Decision::NotModified(Field::IfNoneMatch);
                return line.matches(&current).then_some(decision);
            }
        };
        let state = CurrentState::Present(&current);
        let decision = self.preconditions(head).evaluate_at(
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
        let method = match &self.kept {
            Kept::Head(head) => &head.method,
            Kept::Line(_, method) => method,
        };
        event::decided(decision, method, status, None);
        response
    }

    fn respond(
        &mut self,
        decision: Decision,
        mut response: Response<()>,
        error: Option<&SourceError>,
    ) -> Response<RefusalBody> {
        if let Kept::Head(head) = &mut self.kept {
            if !matches!(decision, Decision::NotModified(_)) {
                let refusal = Refusal {
                    decision,
                    head,
                    selected: &mut Selected::from(Validators::from(response.headers())),
                    error,
                    echo: None,
                };
                let mut refused = Response::new(RefusalBody::empty());
                self.settings.respond(refusal, &mut refused);
                return refused;
            }
        }
        if let (true, Kept::Head(head)) = (self.settings.echo_tag, &self.kept) {
            let current = Validators::from(response.headers());
            let state = CurrentState::Present(&current);
            if let Some(echo) = (self.settings).echo(decision, &self.preconditions(head), state) {
                response.headers_mut().insert(ETAG, echo.into());
            }
        }
        into_not_modified(&mut response);
        response.map(|()| RefusalBody::not_modified(self.compressible))
    }

    fn preconditions<'a>(&self, head: &'a Parts) -> Preconditions<'a> {
        Preconditions::with_fields(&head.method, &head.headers, self.fields)
    }
}

/// Copies the method, and the fields that can lead to a 304.
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
