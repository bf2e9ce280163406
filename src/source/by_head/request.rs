use http::{
    HeaderMap, HeaderName, Method, Request,
    header::{EXPECT, RANGE, TRAILER, TRANSFER_ENCODING, UPGRADE},
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

/// Copies the fields, except for these groups:
///
/// - preconditions and `Range`: the source needs the response without them;
/// - fields that frame or describe content: the HEAD request has none, and a service that checks it
///   would refuse the request;
/// - fields that make a request other than a HEAD, or one that must not be repeated.
fn copy(from: &HeaderMap, to: &mut HeaderMap) {
    const LEFT_OUT: [HeaderName; 15] = [
        RANGE,
        EXPECT,
        TRAILER,
        TRANSFER_ENCODING,
        HeaderName::from_static("digest"),
        HeaderName::from_static("repr-digest"),
        HeaderName::from_static("signature"),
        HeaderName::from_static("signature-input"),
        HeaderName::from_static("idempotency-key"),
        UPGRADE,
        HeaderName::from_static("http2-settings"),
        HeaderName::from_static("x-http-method"),
        HeaderName::from_static("x-http-method-override"),
        HeaderName::from_static("x-method-override"),
        // RFC 4918 section 10.4: a precondition of WebDAV.
        HeaderName::from_static("if"),
    ];
    // Names and not lines: a map has room for fewer names than a request can have lines.
    to.reserve(from.keys_len());
    for (name, value) in from {
        let left_out = LEFT_OUT.contains(name)
            || name.as_str().starts_with("content-")
            || name.as_str().starts_with("if-");
        if !left_out {
            to.append(name.clone(), value.clone());
        }
    }
}
