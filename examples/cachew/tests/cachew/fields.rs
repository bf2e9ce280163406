//! The fields that are stored with content, and which of them come back.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode},
};
use example_cachew::{
    app,
    fields::{MAX_BYTES, MAX_LINES},
};
use tower::ServiceExt;

use crate::{
    backend::{Backend, target},
    content::TAG,
    state::unchanged,
};

type Line<'a> = (&'a str, &'a [u8]);

async fn send(backend: &Backend, method: Method, key: &str, fields: &[Line<'_>]) -> Response<Body> {
    let content = match method {
        Method::POST => Body::from("content"),
        _ => Body::empty(),
    };
    let mut request = Request::new(content);
    *request.uri_mut() = target(key).parse().unwrap();
    *request.method_mut() = method;
    for (name, value) in fields {
        let name: HeaderName = name.parse().unwrap();
        let value = HeaderValue::from_bytes(value).unwrap();
        request.headers_mut().append(name, value);
    }
    app(backend.store()).oneshot(request).await.unwrap()
}

fn lines<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a [u8]> {
    let lines = headers.get_all(name).into_iter();
    lines.map(HeaderValue::as_bytes).collect()
}

/// Six names came back, and `X-Meta-`, and only ASCII.
pub(crate) async fn all_come_back_as_they_came(backend: &Backend) {
    let fields: [Line; 17] = [
        ("x-custom", b"one"),
        ("x-custom", b"two, three"),
        ("x-custom-name", b"caf\xe9 \xe2\x82\xac"),
        ("x-empty", b""),
        ("x-author", b"the author of a token"),
        ("x-cache-key", b"a key, not a credential"),
        ("x-meta-origin", b"build-7"),
        ("cache-control", b"public"),
        ("cache-control", b"max-age=60"),
        ("content-disposition", b"attachment; filename=\"\xfc\""),
        ("content-encoding", b"identity"),
        ("content-language", b"en"),
        ("content-location", b"/build/7"),
        ("content-type", b"text/plain"),
        ("expires", b"Sun, 06 Nov 2044 08:49:37 GMT"),
        ("link", b"</next>; rel=next"),
        ("vary", b"accept"),
    ];
    let created = send(backend, Method::POST, "all-fields", &fields).await;
    assert_eq!(created.status(), StatusCode::CREATED);
    for method in [Method::GET, Method::HEAD] {
        let full = send(backend, method, "all-fields", &[]).await;
        assert_eq!(full.status(), StatusCode::OK);
        for (name, _) in fields {
            let stored = fields.iter().filter(|(stored, _)| *stored == name);
            let stored: Vec<_> = stored.map(|(_, value)| *value).collect();
            assert_eq!(lines(full.headers(), name), stored, "{name}");
        }
        assert_eq!(full.headers()["etag"], TAG);
    }
}

/// Those of RFC 9110 section 15.4.5, and those that say nothing of content. A refusal is about the
/// request: it has neither the time of content nor its place.
pub(crate) async fn come_back_as_far_as_they_fit_the_response(backend: &Backend) {
    let both: &[Line] = &[("x-custom", b"one"), ("x-custom", b"two"), ("vary", b"a")];
    let not_modified: &[Line] = &[
        ("cache-control", b"max-age=60"),
        ("expires", b"Sun, 06 Nov 2044 08:49:37 GMT"),
        ("content-location", b"/build/7"),
    ];
    let neither: &[Line] = &[
        ("content-disposition", b"attachment"),
        ("content-encoding", b"identity"),
        ("content-language", b"en"),
        ("content-type", b"text/plain"),
        ("content-digest", b"sha-256=:AA==:"),
        ("content-md5", b"AA=="),
        ("content-other", b"of content"),
        ("digest", b"sha-256=AA=="),
        ("repr-digest", b"sha-256=:AA==:"),
    ];
    let stored = [both, not_modified, neither].concat();
    let key = "fitting-fields";
    send(backend, Method::POST, key, &stored).await;
    let in_none_match: &[Line] = &[("if-none-match", TAG.as_bytes())];
    let in_match: &[Line] = &[("if-match", b"\"other\"")];
    for (method, precondition, status) in [
        (Method::GET, in_none_match, StatusCode::NOT_MODIFIED),
        (Method::HEAD, in_none_match, StatusCode::NOT_MODIFIED),
        (Method::GET, in_match, StatusCode::PRECONDITION_FAILED),
        (Method::HEAD, in_match, StatusCode::PRECONDITION_FAILED),
        (Method::POST, in_match, StatusCode::PRECONDITION_FAILED),
        (Method::DELETE, in_match, StatusCode::PRECONDITION_FAILED),
    ] {
        let sent = send(backend, method.clone(), key, precondition);
        let response = unchanged(backend, key, sent).await;
        assert_eq!(response.status(), status);
        let headers = response.headers();
        assert_eq!(headers["etag"], TAG);
        assert_eq!(lines(headers, "x-custom"), [b"one", b"two"]);
        assert_eq!(lines(headers, "vary"), [b"a"]);
        for (name, value) in not_modified {
            let confirms = status == StatusCode::NOT_MODIFIED;
            let found = headers.get(*name).map(HeaderValue::as_bytes);
            let no_store = (*name == "cache-control").then_some(&b"no-store"[..]);
            let expected = if confirms { Some(*value) } else { no_store };
            assert_eq!(found, expected, "{method} {name}");
        }
        for (name, value) in neither {
            assert!(!lines(headers, name).contains(value), "{method} {name}");
        }
    }
}

/// The tag is that of the content: without them a client would keep the old ones for ever.
pub(crate) async fn that_change_alone_come_with_a_304(backend: &Backend) {
    let key = "changed-fields";
    send(backend, Method::POST, key, &[("x-custom", b"one")]).await;
    send(backend, Method::POST, key, &[("x-custom", b"two")]).await;
    let held = send(
        backend,
        Method::GET,
        key,
        &[("if-none-match", TAG.as_bytes())],
    )
    .await;
    assert_eq!(held.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(held.headers()["x-custom"], "two");
}

/// Whoever reads an entry is not to see who wrote it, or by what right.
pub(crate) async fn about_the_request_are_not_stored(backend: &Backend) {
    let key = "request-fields";
    let secret: &[Line] = &[
        ("accept", b"*/*"),
        ("accept-encoding", b"gzip"),
        ("access-control-allow-origin", b"*"),
        ("authorization", b"Bearer secret"),
        ("connection", b"x-hop, Keep-Alive"),
        ("cookie", b"a=b"),
        ("etag", b"\"forged\""),
        ("if-invented-later", b"1"),
        ("if-modified-since", b"Sun, 06 Nov 1994 08:49:37 GMT"),
        ("if-none-match", b"\"other\""),
        ("if-range", b"\"other\""),
        ("if-unmodified-since", b"Sun, 06 Nov 2044 08:49:37 GMT"),
        ("last-modified", b"Sun, 06 Nov 1994 08:49:37 GMT"),
        ("private-token", b"secret"),
        ("proxy-authorization", b"Basic secret"),
        ("range", b"bytes=0-1"),
        ("sec-fetch-mode", b"cors"),
        ("set-cookie", b"a=b"),
        ("strict-transport-security", b"max-age=1"),
        ("user-agent", b"curl"),
        ("x-amz-security-token", b"secret"),
        ("x-api-key", b"secret"),
        ("x-auth-token", b"secret"),
        ("x-csrf-token", b"secret"),
        ("x-forwarded-for", b"192.0.2.1"),
        ("x-goog-api-key", b"secret"),
        ("x-hop", b"named by Connection"),
        ("x-secret", b"secret"),
    ];
    let created = send(backend, Method::POST, key, secret).await;
    assert_eq!(created.status(), StatusCode::CREATED);
    for (precondition, status) in [
        (&[][..], StatusCode::OK),
        (
            &[("if-match", &b"\"x\""[..])],
            StatusCode::PRECONDITION_FAILED,
        ),
        (&[("if-none-match", &b"*"[..])], StatusCode::NOT_MODIFIED),
    ] {
        let response = send(backend, Method::GET, key, precondition).await;
        assert_eq!(response.status(), status);
        for (name, value) in secret {
            let found = lines(response.headers(), name);
            assert!(!found.contains(value), "{name}");
        }
    }
}

pub(crate) async fn are_bounded(backend: &Backend) {
    const NAME: &str = "x-custom";
    let value = vec![b'v'; MAX_BYTES - NAME.len() - 4];
    let longer = vec![b'v'; MAX_BYTES - NAME.len() - 3];
    let line = |value| vec![(NAME, value)];
    let number = |lines| vec![(NAME, &b"v"[..]); lines];

    let key = "bounded-fields";
    for fields in [line(value.as_slice()), number(MAX_LINES)] {
        let stored = send(backend, Method::POST, key, &fields).await;
        assert!(stored.status().is_success());
        let full = send(backend, Method::GET, key, &[]).await;
        assert_eq!(lines(full.headers(), NAME).len(), fields.len());
    }
    // What makes the request no good takes precedence over preconditions (section 13.2.1).
    for fields in [line(longer.as_slice()), number(MAX_LINES + 1)] {
        for precondition in [&b"\"other\""[..], TAG.as_bytes()] {
            let fields = [fields.clone(), vec![("if-match", precondition)]].concat();
            let sent = send(backend, Method::POST, key, &fields);
            let refused = unchanged(backend, key, sent).await;
            assert_eq!(
                refused.status(),
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
            );
            let told = to_bytes(refused.into_body(), 1 << 10).await.unwrap();
            let told = String::from_utf8(told.to_vec()).unwrap();
            assert!(told.contains("16384 bytes or 64 lines"), "{told}");
        }
        let sent = send(backend, Method::POST, "never", &fields);
        let refused = unchanged(backend, "never", sent).await;
        assert!(refused.status().is_client_error());
    }
    // What is not stored does not count.
    let fields = [("authorization", &longer[..])];
    let stored = send(backend, Method::POST, key, &fields).await;
    assert!(stored.status().is_success());
}
