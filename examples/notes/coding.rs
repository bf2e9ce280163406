//! A strong entity tag names one sequence of bytes.

use http::{
    HeaderMap, Response,
    header::{CONTENT_ENCODING, ETAG},
};
use tower_conditional::EntityTag;

/// Gives the compressed form of a representation a tag of its own: `"7"` becomes `"7-gzip"`, as
/// Apache httpd writes it.
///
/// tower-http compresses and leaves the tag alone. Then two different sequences of bytes would have
/// one strong tag, and a cache could combine ranges of both (RFC 9110 section 8.8.3.3). Weakening
/// the tag, as nginx does, would be correct as well, but whoever got a note compressed, like every
/// browser, could not use its tag in If-Match.
pub(crate) fn tag_the_coding<B>(mut response: Response<B>) -> Response<B> {
    // The tag of a 412 is that of the current representation, not of the problem details.
    if response.status().is_success() {
        if let Some(tag) = tag_of_coding(response.headers()) {
            response.headers_mut().insert(ETAG, tag.into());
        }
    }
    response
}

fn tag_of_coding(headers: &HeaderMap) -> Option<EntityTag> {
    let coding = headers.get(CONTENT_ENCODING)?;
    let tag = EntityTag::try_from(headers.get(ETAG)?).ok()?;
    if tag.is_weak() {
        return None;
    }
    EntityTag::strong([tag.opaque(), b"-", coding.as_bytes()].concat()).ok()
}
