//! What all requests have in common.

use http::{
    HeaderMap, HeaderValue,
    header::{
        ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONNECTION, COOKIE, HOST, REFERER, USER_AGENT,
    },
};

/// The current entity tag: 32 hexadecimal digits in quotes.
pub(crate) const ETAG: &str = "\"0f343b0931126a20f133d67c2b018a3b\"";

/// Eight ordinary fields.
pub(crate) fn browser_fields() -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(16);
    for (name, value) in [
        (HOST, "www.example.org"),
        (
            USER_AGENT,
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        ),
        (
            ACCEPT,
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        ),
        (ACCEPT_LANGUAGE, "en-GB,en;q=0.5"),
        (ACCEPT_ENCODING, "gzip, deflate, br, zstd"),
        (REFERER, "https://www.example.org/index.html"),
        (CONNECTION, "keep-alive"),
        (COOKIE, "session=5ad1d1b1c1e44ad1a2b7"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
}
