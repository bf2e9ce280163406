//! The responses that take the place of the handler's.

use std::{mem, time::SystemTime};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{
        ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE,
        CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED, TRAILER,
        TRANSFER_ENCODING,
    },
    request::Parts,
};

use crate::{
    Current, Decision, EntityTag, HttpDate, Representation, Selected, SourceError, Validators,
    problem::problem_details,
};

/// A request that is answered in place of the handler, and why.
#[derive(Debug)]
pub struct Refusal<'a> {
    pub(crate) decision: Decision,
    pub(crate) head: &'a mut Parts,
    pub(crate) selected: &'a mut Selected,
    pub(crate) error: Option<&'a SourceError>,
    pub(crate) required_status: StatusCode,
    pub(crate) echo: Option<EntityTag>,
}

impl Refusal<'_> {
    /// What was decided; never one that performs the method.
    pub const fn decision(&self) -> Decision {
        self.decision
    }

    /// The head of the request.
    pub const fn head(&self) -> &Parts {
        self.head
    }

    /// The source's answer.
    pub const fn selected(&self) -> &Selected {
        self.selected
    }

    /// Why the source could not answer, if it failed.
    pub const fn source_error(&self) -> Option<&SourceError> {
        self.error
    }

    /// The response that the layer makes on its own.
    ///
    /// - 304 carries the representation's fields and its ETag, or its Last-Modified if it has no
    ///   entity tag (RFC 9110 section 15.4.5). It has no content.
    /// - 412, 428 and 503 carry the current ETag if it is known, and problem details (RFC 9457)
    ///   that name the field that failed and say how to resubmit the request. 428 and 503 are not
    ///   to be stored (RFC 6585 section 3).
    /// - In place of the 503, a source's [`Selected::Answered`] is the answer.
    pub fn into_response(self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::new());
        // The request's map is at hand, large enough, and of no more use.
        mem::swap(response.headers_mut(), &mut self.head.headers);
        response.headers_mut().clear();
        match (self.decision, self.selected) {
            (Decision::NotModified(_), Selected::Present(representation)) => {
                if let Some(details) = &mut representation.details {
                    if !details.fields.is_empty() {
                        mem::swap(response.headers_mut(), &mut details.fields);
                        remove_content_fields(response.headers_mut());
                    }
                }
                let validators = &mut representation.validators;
                let etag = self.echo.or_else(|| validators.take_etag());
                not_modified(&mut response, etag, validators.last_modified());
            }
            (Decision::Undecidable(_), Selected::Answered(answer)) => {
                response = mem::take(answer).map(|()| Bytes::new());
            }
            (decision, selected) => {
                let status = match decision {
                    Decision::PreconditionRequired => self.required_status,
                    _ => status(decision),
                };
                problem(&mut response, status, decision, selected.current());
            }
        }
        response
    }
}

/// Makes the responses that take the place of the handler's.
///
/// Any `Fn(Refusal) -> Response<Bytes>` is one. It may start from [`Refusal::into_response`]. The
/// body of a 304 is dropped, whatever it is.
///
/// ```
/// use bytes::Bytes;
/// use http::{request::Parts, Response, StatusCode};
/// use tower_conditional::{ready_fn, ConditionalLayer, Decision, EntityTag, Refusal};
///
/// # let source = ready_fn(|_: &Parts| EntityTag::from_version(1));
/// let layer = ConditionalLayer::new(source).respond_with(|refusal: Refusal<'_>| {
///     let required = refusal.decision() == Decision::PreconditionRequired;
///     let mut response: Response<Bytes> = refusal.into_response();
///     if required {
///         *response.status_mut() = StatusCode::CONFLICT;
///     }
///     response
/// });
/// ```
pub trait Respond {
    /// Answers the request.
    fn respond(&self, refusal: Refusal<'_>) -> Response<Bytes>;
}

impl<F> Respond for F
where
    F: Fn(Refusal<'_>) -> Response<Bytes>,
{
    fn respond(&self, refusal: Refusal<'_>) -> Response<Bytes> {
        self(refusal)
    }
}

/// Answers by [`Refusal::into_response`].
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct DefaultRespond;

impl Respond for DefaultRespond {
    fn respond(&self, refusal: Refusal<'_>) -> Response<Bytes> {
        refusal.into_response()
    }
}

/// The layer's own response for a decision, for a handler that repeats the check where the data
/// lives and finds that another writer was faster.
///
/// The status is that of [`Decision::status`], or 412 for a decision that performs the method.
///
/// ```
/// use tower_conditional::{refusal_response, Current, Decision, EntityTag, Field, Validators};
///
/// let current = Validators::from(EntityTag::from_version(8));
/// let lost = Decision::PreconditionFailed(Field::IfMatch);
/// let response = refusal_response(lost, Current::Present(&current));
/// assert_eq!(response.status(), 412);
/// assert_eq!(response.headers()["etag"], "\"8\"");
/// ```
pub fn refusal_response(decision: Decision, current: Current<'_>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    match (decision, current) {
        (Decision::NotModified(_), Current::Present(validators)) => {
            let etag = validators.etag().cloned();
            not_modified(&mut response, etag, validators.last_modified());
        }
        _ => problem(&mut response, status(decision), decision, current),
    }
    response
}

fn not_modified(
    response: &mut Response<Bytes>,
    etag: Option<EntityTag>,
    last_modified: Option<HttpDate>,
) {
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    if let Some(etag) = etag {
        response.headers_mut().insert(ETAG, etag.into());
    } else if let Some(date) = last_modified {
        let date = not_in_the_future(date).into();
        response.headers_mut().insert(LAST_MODIFIED, date);
    }
}

pub(crate) fn status(decision: Decision) -> StatusCode {
    decision.status().unwrap_or(StatusCode::PRECONDITION_FAILED)
}

pub(crate) fn problem(
    response: &mut Response<Bytes>,
    status: StatusCode,
    decision: Decision,
    current: Current<'_>,
) {
    *response.status_mut() = status;
    *response.body_mut() = problem_details(status, decision).into();
    let headers = response.headers_mut();
    // For a refused kind of request there are no tags.
    let shown = current
        .validators()
        .filter(|_| decision != Decision::Refused);
    if let Some(etag) = shown.and_then(Validators::etag) {
        headers.insert(ETAG, etag.into());
    }
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if !matches!(decision, Decision::PreconditionFailed(_)) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Puts the source's validators and fields on a 2xx response to GET or HEAD, but never over the
/// handler's own.
pub(crate) fn stamp(headers: &mut HeaderMap, representation: Representation) {
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
        // The handler's content is framed as it is, whatever the source believes.
        let framing = [CONTENT_LENGTH, TRANSFER_ENCODING, TRAILER].contains(name);
        if !framing && !headers.contains_key(name) {
            for value in fields.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
    }
}

/// Turns a 2xx response to GET or HEAD into a 304.
pub(crate) fn into_not_modified<B>(response: &mut Response<B>) {
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    remove_content_fields(headers);
    if headers.contains_key(ETAG) {
        headers.remove(LAST_MODIFIED);
    }
}

/// A modification date must not be later than the response's Date (RFC 9110 section 8.8.2.1).
fn not_in_the_future(date: HttpDate) -> HttpDate {
    match HttpDate::try_from(SystemTime::now()) {
        Ok(now) => date.min(now),
        Err(_) => date,
    }
}

/// Fields of the content or of its framing, which a 304 does not have (RFC 9110 section 15.4.5).
/// Content-Location stays: it says which representation was selected.
const CONTENT_FIELDS: [HeaderName; 13] = [
    ACCEPT_RANGES,
    CONTENT_DISPOSITION,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_RANGE,
    CONTENT_TYPE,
    TRAILER,
    TRANSFER_ENCODING,
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("repr-digest"),
];

pub(crate) fn remove_content_fields(headers: &mut HeaderMap) {
    if headers.keys().any(|name| CONTENT_FIELDS.contains(name)) {
        for name in CONTENT_FIELDS {
            headers.remove(name);
        }
    }
}
