//! The GET that the layer sends on behalf of a write.

use http::{HeaderName, Request, request::Parts};

use super::prepare::past_caches;

/// Fields of a write that have no meaning in a GET of its resource, or change what the GET is.
///
/// They describe content, frame the message, make the request conditional, say how the response to
/// the write should look, change the method, or prove that this very request is not a replay. A
/// service that checks one of them would answer 400 to the GET, and then the write is never sent.
const NOT_IN_A_READ: [&str; 33] = [
    // Content that the GET does not have. `content-*` is left out by its prefix.
    "digest",
    "repr-digest",
    "slug",
    "want-repr-digest",
    "x-amz-content-sha256",
    // The connection, and the framing of the message.
    "connection",
    "expect",
    "http2-settings",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    // Preconditions and parts (RFC 9110 sections 13 and 14, RFC 4918 section 10.4).
    "if",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "range",
    // What the write does, and how its response should look.
    "depth",
    "destination",
    "lock-token",
    "overwrite",
    "prefer",
    "timeout",
    // Another method in place of GET. `x-http-method*` is left out by its prefix.
    "http-method-override",
    "x-method-override",
    // What identifies the write, and covers its method and content.
    "idempotency-key",
    "x-idempotency-key",
    "signature",
    "signature-input",
];

/// What the names of further such fields begin with.
const PREFIXES: [&str; 3] = ["content-", "x-content-", "x-http-method"];

fn is_of_the_write(name: &HeaderName) -> bool {
    let name = name.as_str();
    NOT_IN_A_READ.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Returns the GET of the resource that a request writes, with the same credentials and
/// preferences.
pub(super) fn read_of(write: &Parts) -> Parts {
    let mut read = Request::new(()).into_parts().0;
    read.uri = write.uri.clone();
    read.version = write.version;
    read.extensions = write.extensions.clone();
    for (name, value) in &write.headers {
        if !is_of_the_write(name) {
            read.headers.append(name, value.clone());
        }
    }
    past_caches(&mut read.headers);
    read
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, Method};

    use super::*;

    #[test]
    fn a_read_is_only_a_read() {
        let stay = ["accept", "authorization", "cookie", "host", "x-auth-token"];
        let mut write = Request::put("http://server/doc").body(()).unwrap();
        let others = [
            "content-type",
            "content-md5",
            "content-digest",
            "x-content-length",
            "x-http-method",
            "x-http-method-override",
        ];
        for name in stay.iter().chain(&NOT_IN_A_READ).chain(&others) {
            for value in ["1", "2"] {
                let value = HeaderValue::from_static(value);
                write.headers_mut().append(*name, value);
            }
        }
        let read = read_of(&write.into_parts().0);
        assert_eq!(read.method, Method::GET);
        assert_eq!(read.uri, "http://server/doc");
        let mut expected = HeaderMap::new();
        for name in stay {
            expected.append(name, HeaderValue::from_static("1"));
            expected.append(name, HeaderValue::from_static("2"));
        }
        expected.insert("cache-control", HeaderValue::from_static("no-cache"));
        assert_eq!(read.headers, expected);
    }
}
