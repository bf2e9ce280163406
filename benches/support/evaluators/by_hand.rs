use std::time::SystemTime;

use http::{
    HeaderMap, HeaderName, Method,
    header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE},
};

use super::{Answer, Evaluator, Told};
use crate::support::{
    fields::ETAG,
    workloads::{LAST_MODIFIED, Workload},
};

/// What handlers do by hand, with `split(',')`, `==` and `httpdate`. It does not know weak tags.
pub(crate) struct ByHand {
    etag: &'static str,
    last_modified: &'static str,
    modified: SystemTime,
}

impl Default for ByHand {
    fn default() -> Self {
        Self {
            etag: ETAG,
            last_modified: LAST_MODIFIED,
            modified: httpdate::parse_http_date(LAST_MODIFIED).expect("a date"),
        }
    }
}

impl ByHand {
    #[inline]
    fn lists(&self, headers: &HeaderMap, name: HeaderName) -> bool {
        headers.get_all(name).iter().any(|line| {
            line.to_str().is_ok_and(|line| {
                line.split(',')
                    .map(str::trim)
                    .any(|tag| tag == self.etag || tag == "*")
            })
        })
    }
}

#[inline]
fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[inline]
fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(text(headers, name)?).ok()
}

impl Evaluator for ByHand {
    const NAME: &'static str = "split(',')";

    type Answer = Answer;

    #[inline]
    fn evaluate(&self, method: &Method, headers: &HeaderMap) -> Answer {
        if headers.contains_key(IF_MATCH) {
            if !self.lists(headers, IF_MATCH) {
                return Answer::PreconditionFailed;
            }
        } else if date(headers, IF_UNMODIFIED_SINCE).is_some_and(|date| self.modified > date) {
            return Answer::PreconditionFailed;
        }
        if headers.contains_key(IF_NONE_MATCH) {
            if self.lists(headers, IF_NONE_MATCH) {
                return Answer::to_match(method);
            }
        } else if matches!(*method, Method::GET | Method::HEAD)
            && date(headers, IF_MODIFIED_SINCE).is_some_and(|date| self.modified <= date)
        {
            return Answer::NotModified;
        }
        if *method == Method::GET && headers.contains_key(RANGE) {
            if let Some(validator) = text(headers, IF_RANGE) {
                if validator != self.etag && validator != self.last_modified {
                    return Answer::PerformWithoutRange;
                }
            }
        }
        Answer::Perform
    }

    fn told(answer: &Answer) -> Told {
        answer.told()
    }

    fn is_wrong_about(workload: &Workload) -> bool {
        workload.name == "w9"
    }
}
