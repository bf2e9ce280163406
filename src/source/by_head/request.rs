use http::{
    HeaderMap, HeaderName, Method, Request,
    header::{
        EXPECT, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE,
        TRAILER, TRANSFER_ENCODING,
    },
    request::Parts,
};

/// Makes the HEAD request for the representation that this request selects.
pub(super) fn head_request<B: Default>(head: &Parts) -> Request<B> {
    let mut request = Request::new(B::default());
    *request.method_mut() = Method::HEAD;
    *request.uri_mut() = head.uri.clone();
    *request.version_mut() = head.version;
    *request.extensions_mut() = head.extensions.clone();
    let headers = request.headers_mut();
    copy(&head.headers, headers);
    request
}

/// Copies the fields, except for two groups. The preconditions and `Range` are left out, because
/// the source needs the response without them. The fields that frame or describe content are left
/// out, because the HEAD request has no content.
fn copy(from: &HeaderMap, to: &mut HeaderMap) {
    const LEFT_OUT: [HeaderName; 9] = [
        EXPECT,
        IF_MATCH,
        IF_MODIFIED_SINCE,
        IF_NONE_MATCH,
        IF_RANGE,
        IF_UNMODIFIED_SINCE,
        RANGE,
        TRAILER,
        TRANSFER_ENCODING,
    ];
    to.reserve(from.len());
    for (name, value) in from {
        if !LEFT_OUT.contains(name) && !name.as_str().starts_with("content-") {
            to.append(name.clone(), value.clone());
        }
    }
}
