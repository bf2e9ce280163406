use std::time::SystemTime;

use headers::{
    ETag, HeaderMapExt, IfMatch, IfModifiedSince, IfNoneMatch, IfRange, IfUnmodifiedSince,
    LastModified,
};
use http::{HeaderMap, Method, header::RANGE};

use super::{Answer, Evaluator, Told};
use crate::support::{fields::ETAG, workloads::LAST_MODIFIED};

/// The types of the `headers` crate.
pub(crate) struct TypedHeaders {
    etag: ETag,
    last_modified: LastModified,
    modified: SystemTime,
}

impl Default for TypedHeaders {
    fn default() -> Self {
        let modified = httpdate::parse_http_date(LAST_MODIFIED).expect("a date");
        Self {
            etag: ETAG.parse().expect("an entity tag"),
            last_modified: modified.into(),
            modified,
        }
    }
}

impl Evaluator for TypedHeaders {
    const NAME: &'static str = "headers";

    type Answer = Answer;

    #[inline]
    fn evaluate(&self, method: &Method, headers: &HeaderMap) -> Answer {
        if let Some(field) = headers.typed_get::<IfMatch>() {
            if !field.precondition_passes(&self.etag) {
                return Answer::PreconditionFailed;
            }
        } else if let Some(field) = headers.typed_get::<IfUnmodifiedSince>() {
            if !field.precondition_passes(self.modified) {
                return Answer::PreconditionFailed;
            }
        }
        let safe = matches!(*method, Method::GET | Method::HEAD);
        if let Some(field) = headers.typed_get::<IfNoneMatch>() {
            if !field.precondition_passes(&self.etag) {
                return Answer::to_match(method);
            }
        } else if safe {
            if let Some(field) = headers.typed_get::<IfModifiedSince>() {
                if !field.is_modified(self.modified) {
                    return Answer::NotModified;
                }
            }
        }
        if *method == Method::GET && headers.contains_key(RANGE) {
            if let Some(field) = headers.typed_get::<IfRange>() {
                if field.is_modified(Some(&self.etag), Some(&self.last_modified)) {
                    return Answer::PerformWithoutRange;
                }
            }
        }
        Answer::Perform
    }

    fn told(answer: &Answer) -> Told {
        answer.told()
    }
}
