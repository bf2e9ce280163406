//! The fields that are stored with content, and which of them come back.

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, Response,
        header::{CACHE_CONTROL, CONNECTION, EXPIRES},
    },
    middleware::Next,
};

use super::{failure::Failure, snapshot::Snapshot};

/// The most that is stored: names and values, and 4 bytes a line as HTTP/1.1 has them.
pub const MAX_BYTES: usize = 16 << 10;

/// The most lines. Clients of HTTP/1.1 read about a hundred.
pub const MAX_LINES: usize = 64;

/// The fields to store, in the extensions of a request.
#[derive(Clone, Debug)]
pub(super) struct Fields(pub(super) Vec<(String, String)>);

/// Refuses a POST whose fields cannot be stored. This takes precedence over preconditions (RFC 9110
/// section 13.2.1).
pub(super) async fn collect(
    mut request: Request,
    next: Next,
) -> Result<axum::response::Response, Failure> {
    if request.method() == Method::POST {
        let fields = to_store(request.headers())?;
        request.extensions_mut().insert(fields);
    }
    Ok(next.run(request).await)
}

/// Collects the fields to store.
fn to_store(headers: &HeaderMap) -> Result<Fields, Failure> {
    let about_connection = |name: &HeaderName| {
        let lines = headers.get_all(CONNECTION).into_iter();
        lines
            .flat_map(|line| line.as_bytes().split(|&byte| byte == b','))
            .any(|option| {
                let option = option.trim_ascii();
                option.eq_ignore_ascii_case(name.as_str().as_bytes())
            })
    };
    let stored: Vec<_> = headers
        .iter()
        .filter(|(name, _)| is_stored(name) && !about_connection(name))
        .collect();
    let bytes: usize = (stored.iter())
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if bytes > MAX_BYTES || stored.len() > MAX_LINES {
        return Err(Failure::fields_too_large());
    }
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        // Records are JSON, and values are bytes: each byte is the character of this number.
        let value = value.as_bytes().iter().map(|&byte| char::from(byte));
        (name.to_string(), value.collect())
    };
    Ok(Fields(stored.into_iter().map(text).collect()))
}

/// Converts stored fields back to header fields.
pub(super) fn stored(fields: &[(String, String)]) -> HeaderMap {
    let line = |(name, value): &(String, String)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        // Older records may have other fields.
        is_stored(&name).then_some(())?;
        let bytes: Option<Vec<u8>> = value.chars().map(|char| char.try_into().ok()).collect();
        Some((name, HeaderValue::from_bytes(&bytes?).ok()?))
    };
    fields.iter().filter_map(line).collect()
}

/// Reports whether a request field is stored: all are, unless they are about the request, the
/// connection or the whole site, or the service itself makes them. Credentials are not, which are
/// recognised by a word of their name.
fn is_stored(name: &HeaderName) -> bool {
    const NOT: [&str; 46] = [
        // The connection (RFC 9110 section 7.6.1).
        "connection",
        "http2-settings",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        // The request, and whoever sent or forwarded it.
        "baggage",
        "dnt",
        "expect",
        "forwarded",
        "from",
        "host",
        "idempotency-key",
        "max-forwards",
        "origin",
        "prefer",
        "priority",
        "range",
        "referer",
        "traceparent",
        "tracestate",
        "upgrade-insecure-requests",
        "user-agent",
        "via",
        "x-correlation-id",
        "x-http-method-override",
        "x-real-ip",
        "x-request-id",
        // What the service says of a response.
        "age",
        "content-length",
        "content-range",
        "date",
        "etag",
        "last-modified",
        "server",
        // What would hold for all of the site.
        "alt-svc",
        "clear-site-data",
        "nel",
        "public-key-pins",
        "report-to",
        "reporting-endpoints",
        "retry-after",
        "service-worker-allowed",
        "strict-transport-security",
    ];
    // `if-`: preconditions, of which some are still to be invented.
    const NOT_BEFORE: [&str; 6] = [
        "accept-",
        "access-control-",
        "if-",
        "proxy-",
        "sec-",
        "x-forwarded-",
    ];
    const CREDENTIALS: [&str; 14] = [
        "apikey",
        "auth",
        "authenticate",
        "authentication",
        "authorization",
        "cookie",
        "cookie2",
        "credential",
        "credentials",
        "csrf",
        "password",
        "secret",
        "token",
        "xsrf",
    ];
    let name = name.as_str();
    !(name == "accept"
        || NOT.contains(&name)
        || NOT_BEFORE.iter().any(|prefix| name.starts_with(prefix))
        || name.ends_with("api-key")
        || name
            .split(['-', '_'])
            .any(|word| CREDENTIALS.contains(&word)))
}

/// Reports whether a field describes the content that a 304 and a 412 do not send (RFC 9110 sections
/// 8 and 15.4.5). `Content-Location` names the representation, and the policy is not about content.
pub(super) fn describes_content(name: &HeaderName) -> bool {
    const NOT: [&str; 3] = [
        "content-location",
        "content-security-policy",
        "content-security-policy-report-only",
    ];
    let name = name.as_str();
    name.starts_with("content-") && !NOT.contains(&name)
        || name == "digest"
        || name == "repr-digest"
}

/// Adds the stored fields to a response with other content, which must not be stored. That content
/// has another location, and another time.
pub(super) fn complete<B>(response: &mut Response<B>, snapshot: &Snapshot) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let stored = snapshot.fields();
    for name in stored.keys() {
        let elsewhere = describes_content(name) || name == "content-location" || name == EXPIRES;
        if !elsewhere && !headers.contains_key(name) {
            for value in stored.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
    }
}
