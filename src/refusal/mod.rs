//! Refusals: the responses that replace the handler's.
//!
//! # Rules
//!
//! | decision | status | fields | content |
//! |---|---|---|---|
//! | [`NotModified`](Decision::NotModified) | 304 | the fields of the [`Representation`](crate::Representation), without those of content; `ETag`, or `Last-Modified` if there is no entity tag | none |
//! | [`PreconditionFailed`](Decision::PreconditionFailed) | 412 | `ETag` if known | problem details |
//! | [`PreconditionRequired`](Decision::PreconditionRequired) | 428 | `ETag` if known, `Cache-Control: no-store` | problem details |
//! | [`NotAcceptable`](Decision::NotAcceptable) | 406 | `Cache-Control: no-store` | problem details |
//! | [`Undecidable`](Decision::Undecidable) | 503, or the response of [`Selected::Answered`] | `Cache-Control: no-store` | problem details |
//! | [`Busy`](Decision::Busy) | 503 | `Retry-After`, `Cache-Control: no-store` | problem details |
//!
//! Problem details (RFC 9457) name the field that failed and say how to send the request again
//! (RFC 6585 section 3).
//!
//! There is one way to refuse. The layer, and a handler that finds that another writer was faster,
//! both make the response from a decision and the current state: see
//! [`Outcome::lost`](crate::Outcome::lost). Replace the response with
//! [`ConditionalLayer::respond_with`](crate::ConditionalLayer::respond_with).
//!
//! # The fields of a 304
//!
//! A 304 carries what the 200 would have, as far as a cache or a browser needs it to use the stored
//! response (RFC 9110 section 15.4.5, RFC 9111 section 3.2), and nothing that belongs to the content
//! that is not sent.
//!
//! | fields | [`ByHead`](crate::ByHead) | [`FromResponse`](crate::FromResponse) | why |
//! |---|---|---|---|
//! | `Cache-Control`, `Content-Location`, `ETag`, `Expires`, `Vary`, `CDN-Cache-Control` | carried | carried | section 15.4.5: they update the stored response |
//! | `Date`, `Age` | carried | carried | they say how fresh the answer is that was asked, so the freshness does not start again |
//! | `Last-Modified` | if there is no `ETag` | if there is no `ETag` | section 15.4.5 |
//! | `Access-Control-Allow-Origin`, `-Allow-Credentials`, `-Expose-Headers` | carried | carried | the browser checks them on this response |
//! | `Location` of a response to QUERY | – | carried | RFC 10008: it names the equivalent resource |
//! | `Content-Type`, `Content-Length`, `Digest` and all others that describe or frame content | no | no | there is none |
//! | `Content-Security-Policy`, `-Report-Only` | no | no | a fresh nonce would replace that of the stored content, whose scripts would then not run |
//! | `Set-Cookie`, `Signature`, `Signature-Input` | no | no | they belong to the response that is not sent |
//! | all others | no: they are those of the HEAD | carried: they are those of this exchange | |
//!
//! With other sources a 304 carries the fields that
//! [`Representation::with_field`](crate::Representation::with_field) added, except those that
//! describe or frame content.
//!
//! # Caveats
//!
//! - A 412 has the current entity tag, so a client can repeat a write without reading what it
//!   overwrites. Remove the field in `respond_with` if your clients do that.
//! - Problem details contain nothing from the request.
//!
//! # Example
//!
//! Answers 409 in place of 428, and leaves the rest as it is:
//!
//! ```
//! use http::StatusCode;
//! use tower_conditional::{ready_fn, ConditionalLayer, Decision, EntityTag, Requirement};
//!
//! # let source = ready_fn(|_| EntityTag::from_version(1));
//! let layer = ConditionalLayer::new(source)
//!     .require(Requirement::WRITES)
//!     .respond_with(|refusal| {
//!         let required = refusal.decision() == Decision::PreconditionRequired;
//!         let mut response = refusal.into_response();
//!         if required {
//!             *response.status_mut() = StatusCode::CONFLICT;
//!         }
//!         response
//!     });
//! ```

mod body;
mod problem;

use std::{mem, time::SystemTime};

use http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LAST_MODIFIED},
    request::Parts,
};

pub use self::body::RefusalBody;
pub(crate) use self::body::accepts_coding;
use self::problem::problem_details;
use crate::{
    date::HttpDate,
    etag::EntityTag,
    fields::{is_content_field, remove_all},
    precondition::{Decision, Validators},
    source::{Selected, SourceError},
};

/// A request that is answered in place of the handler, and the reason.
///
/// A closure of [`ConditionalLayer::respond_with`](crate::ConditionalLayer::respond_with) gets it.
#[derive(Debug)]
pub struct Refusal<'a> {
    pub(crate) decision: Decision,
    pub(crate) head: &'a mut Parts,
    pub(crate) selected: &'a mut Selected,
    pub(crate) error: Option<&'a SourceError>,
    /// The tag that a 304 carries in place of the source's.
    pub(crate) echo: Option<EntityTag>,
}

impl Refusal<'_> {
    /// Returns the decision. It never performs the method.
    pub const fn decision(&self) -> Decision {
        self.decision
    }

    /// Returns the head of the request.
    pub const fn head(&self) -> &Parts {
        self.head
    }

    /// Returns the source's answer.
    pub const fn selected(&self) -> &Selected {
        self.selected
    }

    /// Returns the error of the source, if it failed.
    pub const fn source_error(&self) -> Option<&SourceError> {
        self.error
    }

    /// Makes the layer's own response. See the [module docs](self) for its status and fields.
    pub fn into_response(self) -> Response<RefusalBody> {
        let mut response = Response::new(RefusalBody::empty());
        self.fill(&mut response);
        response
    }

    /// Makes the layer's own response of an empty one.
    #[inline]
    pub(crate) fn fill(self, response: &mut Response<RefusalBody>) {
        // Reuse the map of the request, which is large enough and no longer needed.
        mem::swap(response.headers_mut(), &mut self.head.headers);
        response.headers_mut().clear();
        fill(response, self.decision, self.selected, self.echo);
    }
}

impl Decision {
    /// Makes the layer's own response for this decision and the current state, for code that
    /// evaluates [`Preconditions`](crate::Preconditions) without the layer.
    ///
    /// A handler behind the layer uses [`Outcome::lost`](crate::Outcome::lost), which respects
    /// [`respond_with`](crate::ConditionalLayer::respond_with). The status is that of
    /// [`status`](Self::status), or 412 if the decision performs the method.
    ///
    /// Nothing here knows whether the client accepts compressed content, so the body of a 304 has no
    /// exact size. Let the layer answer reads inside of a compression layer, which would compress it:
    /// see [`RefusalBody`].
    ///
    /// ```
    /// use tower_conditional::{Decision, EntityTag, Field};
    ///
    /// let failed = Decision::PreconditionFailed(Field::IfMatch);
    /// let response = failed.response(EntityTag::from_version(8));
    /// assert_eq!(response.status(), 412);
    /// assert_eq!(response.headers()["etag"], "\"8\"");
    /// ```
    pub fn response(self, current: impl Into<Selected>) -> Response<RefusalBody> {
        let mut response = Response::new(RefusalBody::not_modified(false));
        fill(&mut response, self, &mut current.into(), None);
        response
    }
}

#[inline]
fn fill(
    response: &mut Response<RefusalBody>,
    decision: Decision,
    selected: &mut Selected,
    echo: Option<EntityTag>,
) {
    match (decision, selected) {
        (Decision::NotModified(_), Selected::Present(representation)) => {
            if let Some(details) = &mut representation.details {
                if !details.fields.is_empty() {
                    mem::swap(response.headers_mut(), &mut details.fields);
                    remove_all(response.headers_mut(), is_content_field);
                }
            }
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            let validators = &mut representation.validators;
            if let Some(etag) = echo.or_else(|| validators.take_etag()) {
                response.headers_mut().insert(ETAG, etag.into());
            } else if let Some(date) = validators.last_modified().filter(|it| may_be_sent(*it)) {
                response.headers_mut().insert(LAST_MODIFIED, date.into());
            }
        }
        (Decision::NotModified(_), _) => *response.status_mut() = StatusCode::NOT_MODIFIED,
        (Decision::Undecidable(_), Selected::Answered(answer)) => {
            *response = mem::take(answer).map(RefusalBody::from);
        }
        (decision, selected) => problem(response, decision, selected),
    }
}

/// Reports whether a field of the handler's response belongs to the content that a 304 does not send:
/// a policy with the nonce of that content, a cookie or a signature for it.
fn is_about_content(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "content-security-policy"
            | "content-security-policy-report-only"
            | "set-cookie"
            | "signature"
            | "signature-input"
    )
}

fn problem(response: &mut Response<RefusalBody>, decision: Decision, selected: &Selected) {
    let status = decision.status().unwrap_or(StatusCode::PRECONDITION_FAILED);
    *response.status_mut() = status;
    *response.body_mut() = problem_details(status, decision).into();
    let headers = response.headers_mut();
    // A kind of request that is not acceptable has no entity tags.
    let shown = (selected.current().validators()).filter(|_| decision != Decision::NotAcceptable);
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

/// Reports whether a modification date may be sent. Whoever gets a date whose second is not over, or
/// that is in the future, could let a later change of the same second pass (RFC 9110 sections
/// 8.8.2.1 and 8.8.2.2).
pub(crate) fn may_be_sent(date: HttpDate) -> bool {
    date.is_strong(SystemTime::now())
}

/// Turns a 2xx response to a read into a 304.
pub(crate) fn into_not_modified<B>(response: &mut Response<B>) {
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    let (mut tagged, mut dated) = (false, false);
    remove_all(headers, |name| {
        tagged |= *name == ETAG;
        dated |= *name == LAST_MODIFIED;
        is_content_field(name) || is_about_content(name)
    });
    if tagged && dated {
        headers.remove(LAST_MODIFIED);
    }
}
