use std::mem;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, AGE, CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES,
        LAST_MODIFIED, VARY,
    },
};

use crate::{
    date::HttpDate,
    fields::{is_content_field, only_line, remove_all},
    precondition::{Validators, entity_tag},
    source::{Representation, Selected, representation::Details},
};

/// Reports whether a 304 repeats the field. The table in the docs of `refusal` says why.
///
/// The comparisons with constants compile to the test of a bit.
#[inline]
fn is_repeated(name: &HeaderName) -> bool {
    *name == ACCESS_CONTROL_ALLOW_CREDENTIALS
        || *name == ACCESS_CONTROL_ALLOW_ORIGIN
        || *name == ACCESS_CONTROL_EXPOSE_HEADERS
        || *name == AGE
        || *name == CACHE_CONTROL
        || *name == CONTENT_LOCATION
        || *name == DATE
        || *name == EXPIRES
        || *name == VARY
        || name.as_str() == "cdn-cache-control"
}

/// Converts the response to a HEAD request to the answer of the source.
#[inline]
pub(super) fn selected<B>(response: &mut Response<B>, safe: bool) -> Selected {
    match response.status() {
        status if status.is_success() => represented(response.headers(), safe),
        StatusCode::NOT_FOUND | StatusCode::GONE => Selected::Missing,
        // A safe request is performed, so the service itself makes this response.
        StatusCode::UNAUTHORIZED
        | StatusCode::FORBIDDEN
        | StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::SEE_OTHER
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT
            if !safe =>
        {
            Selected::Answered(without_content(response))
        }
        _ => Selected::Unknown,
    }
}

/// Reads what a 2xx response says of the representation.
#[inline]
fn represented(headers: &HeaderMap, safe: bool) -> Selected {
    let mut details: Option<Box<Details>> = None;
    let (mut etag, mut date) = (None, None);
    for (name, value) in headers {
        if *name == ETAG {
            etag = Some(value);
        } else if *name == LAST_MODIFIED {
            date = Some(value);
        } else if is_repeated(name) {
            let details = details.get_or_insert_with(Box::default);
            details.fields.append(name.clone(), value.clone());
        }
    }
    let tagged = etag.is_some();
    if headers.len() != headers.keys_len() {
        etag = only_line(headers, ETAG);
        date = only_line(headers, LAST_MODIFIED);
    }
    let etag = etag.and_then(entity_tag);
    // The representation has a tag, but it is unknown: it is not exactly one entity tag. If it were
    // evaluated without one, a write with `If-None-Match` would be performed, and one with
    // `If-Match` always refused.
    if !safe && tagged && etag.is_none() {
        return Selected::Unknown;
    }
    let date = date.and_then(HttpDate::of_line);
    Selected::Present(Representation {
        validators: Validators::from_parts(etag, date),
        details,
    })
}

/// Takes the response, except for its content and the fields that describe it.
#[cold]
fn without_content<B>(response: &mut Response<B>) -> Response<Bytes> {
    let mut taken = Response::new(Bytes::new());
    *taken.status_mut() = response.status();
    *taken.version_mut() = response.version();
    *taken.headers_mut() = mem::take(response.headers_mut());
    *taken.extensions_mut() = mem::take(response.extensions_mut());
    remove_all(taken.headers_mut(), is_content_field);
    taken
}
