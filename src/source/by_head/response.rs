use bytes::Bytes;
use http::{HeaderMap, HeaderName, Response, StatusCode, header::ETAG, response::Parts};

use crate::{
    fields::{is_content_field, remove_all},
    precondition::Validators,
    source::{Representation, Selected},
};

/// Reports whether a 304 repeats the field. The table in the docs of `refusal` says why.
///
/// Names are compared as text, since the compiler then looks at their length first.
fn is_repeated(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "access-control-allow-credentials"
            | "access-control-allow-origin"
            | "access-control-expose-headers"
            | "age"
            | "cache-control"
            | "cdn-cache-control"
            | "content-location"
            | "date"
            | "expires"
            | "vary"
    )
}

/// Reports whether there is an `ETag` that is not exactly one entity tag.
fn garbled(headers: &HeaderMap) -> bool {
    headers.contains_key(ETAG) && Validators::from(headers).etag().is_none()
}

/// Converts the response to a HEAD request to the answer of the source.
pub(super) fn selected(head: Parts, safe: bool) -> Selected {
    match head.status {
        // The representation has a tag, but it is unknown. If it were evaluated without one, a
        // write with `If-None-Match` would be performed, and one with `If-Match` always refused.
        status if status.is_success() && !safe && garbled(&head.headers) => Selected::Unknown,
        status if status.is_success() => {
            let mut representation = Representation::from(Validators::from(&head.headers));
            for (name, value) in &head.headers {
                if is_repeated(name) {
                    representation = representation.with_field(name.clone(), value.clone());
                }
            }
            Selected::Present(representation)
        }
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
            let mut response = Response::from_parts(head, Bytes::new());
            remove_all(response.headers_mut(), is_content_field);
            Selected::Answered(response)
        }
        _ => Selected::Unknown,
    }
}
