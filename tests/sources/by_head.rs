//! `ByHead`, which sends HEAD requests to the wrapped service.

use http::{HeaderMap, Method, Request, Response};
use tower::{Layer, ServiceExt};
use tower_conditional::{ByHead, ConditionalLayer, Decision, Field, Requirement};
use tower_test::mock;

use crate::support::{assert_answer, request, response};

pub(crate) type Fields = &'static [(&'static str, &'static str)];

/// Sends a request through the layer to a service that answers HEAD with `head`, and every other
/// method with a 200. Returns the response, and the methods that the service saw.
pub(crate) async fn exchange(
    head: (u16, Fields),
    asked: Request<String>,
) -> (Response<String>, Vec<Method>) {
    let (service, mut handle) = mock::pair::<Request<String>, Response<String>>();
    let layer = ConditionalLayer::new(ByHead::<String>::new())
        .record_decision(true)
        .require(Requirement::methods([http::Method::DELETE]).unwrap());
    let answer = tokio::spawn(layer.layer(service).oneshot(asked));
    let mut methods = Vec::new();
    while let Some((request, answer)) = handle.next_request().await {
        methods.push(request.method().clone());
        answer.send_response(match *request.method() {
            Method::HEAD => response(head.0, head.1),
            _ => response(200, &[("etag", "\"new\""), ("x-handler", "ran")]),
        });
    }
    let (head, _) = answer.await.unwrap().unwrap().into_parts();
    (Response::from_parts(head, String::new()), methods)
}

pub(crate) const CURRENT: Fields = &[
    ("etag", "\"1\""),
    ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ("cache-control", "no-cache"),
    ("content-location", "/a.html"),
    ("content-type", "text/html"),
    ("content-length", "100"),
    ("expires", "0"),
    ("vary", "accept"),
    ("vary", "accept-language"),
    ("date", "Mon, 07 Nov 1994 08:49:37 GMT"),
    ("age", "7"),
    ("access-control-allow-origin", "https://example.com"),
    ("access-control-allow-credentials", "true"),
    ("access-control-expose-headers", "etag"),
    ("cdn-cache-control", "max-age=60"),
    ("content-security-policy", "script-src 'nonce-1'"),
    ("set-cookie", "a=b"),
    ("x-powered-by", "nothing"),
];

#[tokio::test]
async fn a_304_has_the_fields_of_the_answer_to_head_that_it_repeats() {
    let get = request(Method::GET, "/a", &[("if-none-match", "\"1\"")]);
    let (response, methods) = exchange((200, CURRENT), get).await;
    assert_eq!(methods, [Method::HEAD]);
    assert_answer(&response, 304, Some("\"1\""));
    let mut fields: Vec<_> = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    fields.sort_unstable();
    let kept = [
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-origin", "https://example.com"),
        ("access-control-expose-headers", "etag"),
        ("age", "7"),
        ("cache-control", "no-cache"),
        ("cdn-cache-control", "max-age=60"),
        ("content-location", "/a.html"),
        ("date", "Mon, 07 Nov 1994 08:49:37 GMT"),
        ("etag", "\"1\""),
        ("expires", "0"),
        ("vary", "accept"),
        ("vary", "accept-language"),
    ];
    assert_eq!(fields, kept);
}

#[tokio::test]
async fn the_date_of_the_answer_to_head_is_a_validator() {
    let since = request(
        Method::PUT,
        "/a",
        &[("if-unmodified-since", "Sat, 05 Nov 1994 08:49:37 GMT")],
    );
    let (response, methods) = exchange((200, CURRENT), since).await;
    assert_eq!(methods, [Method::HEAD]);
    assert_answer(&response, 412, Some("\"1\""));
}

#[tokio::test]
async fn a_write_is_performed_if_its_tag_is_that_of_the_answer_to_head() {
    let put = request(Method::PUT, "/a", &[("if-match", "\"1\"")]);
    let (response, methods) = exchange((204, CURRENT), put).await;
    assert_eq!(methods, [Method::HEAD, Method::PUT]);
    assert_answer(&response, 200, Some("\"new\""));
}

#[tokio::test]
async fn nothing_is_asked_about_what_depends_on_nothing() {
    for method in [Method::GET, Method::PUT, Method::POST] {
        let (response, methods) =
            exchange((200, CURRENT), request(method.clone(), "/a", &[])).await;
        assert_eq!(methods, [method]);
        assert_answer(&response, 200, Some("\"new\""));
    }
}

#[tokio::test]
async fn not_found_and_gone_mean_that_there_is_no_representation() {
    for status in [404, 410] {
        let update = request(Method::PUT, "/a", &[("if-match", "*")]);
        let (response, methods) = exchange((status, &[]), update).await;
        assert_answer(&response, 412, None);
        assert_eq!(methods, [Method::HEAD]);

        let creation = request(Method::PUT, "/a", &[("if-none-match", "*")]);
        let (response, methods) = exchange((status, &[]), creation).await;
        assert_answer(&response, 200, Some("\"new\""));
        assert_eq!(methods, [Method::HEAD, Method::PUT]);
    }
}

const AWAY: Fields = &[
    ("location", "/b"),
    ("www-authenticate", "Basic"),
    ("content-length", "100"),
    ("content-type", "text/html"),
];

#[tokio::test]
async fn a_write_is_answered_as_head_was_where_it_must_not_go() {
    for status in [401, 403, 301, 302, 303, 307, 308] {
        for write in [
            request(Method::PUT, "/a", &[("if-match", "\"1\"")]),
            request(Method::PUT, "/a", &[("if-none-match", "*")]),
            request(Method::DELETE, "/a", &[]),
        ] {
            let (response, methods) = exchange((status, AWAY), write).await;
            assert_eq!(methods, [Method::HEAD]);
            assert_answer(&response, status, None);
            assert_eq!(response.headers()["location"], "/b");
            assert_eq!(response.headers()["www-authenticate"], "Basic");
            assert!(!response.headers().contains_key("content-length"));
            assert!(!response.headers().contains_key("content-type"));
            let decision = response.extensions().get::<Decision>();
            assert!(matches!(decision, Some(Decision::Undecidable(_))));
        }
    }
}

#[tokio::test]
async fn a_write_never_goes_through_undecided() {
    for status in [100, 300, 304, 305, 400, 405, 418, 429, 500, 501, 503] {
        let put = request(Method::PUT, "/a", &[("if-match", "\"1\"")]);
        let (response, methods) = exchange((status, AWAY), put).await;
        assert_eq!(methods, [Method::HEAD], "{status}");
        assert_answer(&response, 503, None);
        let decision = response.extensions().get::<Decision>();
        let undecidable = Decision::Undecidable(Some(Field::IfMatch));
        assert_eq!(decision, Some(&undecidable));
    }
}

/// The representation has a tag, but nothing says which one is current.
#[tokio::test]
async fn a_write_never_goes_through_where_the_tag_cannot_be_read() {
    const TWO: Fields = &[("etag", "\"1\""), ("etag", "\"2\"")];
    for fields in [
        TWO,
        &[("etag", "1")],
        &[("etag", "\"1\", \"2\"")],
        &[("etag", "")],
    ] {
        for (field, value) in [("if-match", "\"1\""), ("if-none-match", "\"1\"")] {
            let put = request(Method::PUT, "/a", &[(field, value)]);
            let (response, methods) = exchange((200, fields), put).await;
            assert_answer(&response, 503, None);
            assert_eq!(methods, [Method::HEAD]);
        }
    }
    let put = request(Method::PUT, "/a", &[("if-none-match", "\"1\"")]);
    let (response, _) = exchange((200, &[]), put).await;
    assert_answer(&response, 200, Some("\"new\""));
}

/// RFC 9110 section 13.2.1: preconditions do not apply if the response without them is not a 2xx.
/// If the response to the request itself is a 2xx after all, its own validators are evaluated.
#[tokio::test]
async fn a_safe_request_goes_through_where_head_fails() {
    for status in [301, 401, 403, 404, 405, 410, 500, 503] {
        let same = request(Method::GET, "/a", &[("if-match", "\"new\"")]);
        let (response, methods) = exchange((status, AWAY), same).await;
        assert_eq!(methods, [Method::HEAD, Method::GET]);
        assert_answer(&response, 200, Some("\"new\""));
        assert_eq!(response.headers()["x-handler"], "ran");

        // The source says that there is no representation, and so does usually the handler.
        let performed = [404, 410].contains(&status);
        let stale = request(Method::GET, "/a", &[("if-match", "\"other\"")]);
        let (response, methods) = exchange((status, AWAY), stale).await;
        assert_eq!(methods, [Method::HEAD, Method::GET]);
        assert_answer(
            &response,
            if performed { 200 } else { 412 },
            Some("\"new\""),
        );
    }
    let held = request(Method::GET, "/a", &[("if-none-match", "\"new\"")]);
    let (response, methods) = exchange((405, &[]), held).await;
    assert_eq!(methods, [Method::HEAD, Method::GET]);
    assert_answer(&response, 304, Some("\"new\""));
}

#[tokio::test]
async fn head_has_the_fields_of_the_request_but_no_precondition_and_no_body() {
    let (service, mut handle) = mock::pair::<Request<String>, Response<String>>();
    let layer = ConditionalLayer::new(ByHead::<String>::new());
    let mut asked: Request<String> = request(
        Method::PATCH,
        "/a?b",
        &[
            ("accept", "text/html"),
            ("authorization", "Bearer x"),
            ("content-length", "4"),
            ("content-type", "text/plain"),
            ("content-encoding", "gzip"),
            ("expect", "100-continue"),
            ("if-match", "\"1\""),
            ("if-none-match", "\"2\""),
            ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("if-range", "\"1\""),
            ("range", "bytes=0-1"),
            ("trailer", "digest"),
            ("transfer-encoding", "chunked"),
            // A service that checks them answered 400, and every write 503.
            ("digest", "sha-256=AAAA"),
            ("repr-digest", "sha-256=:AAAA:"),
            ("content-md5", "AAAA"),
            ("signature", "sig=:AA==:"),
            ("signature-input", "sig=(\"@method\")"),
            ("idempotency-key", "\"1\""),
            ("x-http-method-override", "PATCH"),
            ("x-http-method", "PATCH"),
            ("x-method-override", "PATCH"),
            ("upgrade", "h2c"),
            ("http2-settings", "AAAA"),
            // Preconditions of WebDAV and CalDAV.
            ("if", "(<urn:uuid:1>)"),
            ("if-schedule-tag-match", "\"1\""),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("te", "trailers"),
            ("upgrade-insecure-requests", "1"),
            ("x-request-id", "1"),
        ],
    );
    *asked.body_mut() = String::from("body");
    *asked.version_mut() = http::Version::HTTP_2;
    asked.extensions_mut().insert("alice");
    let _answer = tokio::spawn(layer.layer(service).oneshot(asked));

    let (head, _) = handle.next_request().await.unwrap();
    assert_eq!(head.method(), Method::HEAD);
    assert_eq!(head.uri(), "/a?b");
    assert_eq!(head.version(), http::Version::HTTP_2);
    assert_eq!(head.body(), "");
    assert_eq!(head.extensions().get(), Some(&"alice"));
    let mut expected = HeaderMap::new();
    expected.insert("accept", "text/html".parse().unwrap());
    expected.insert("authorization", "Bearer x".parse().unwrap());
    expected.append("cookie", "a=1".parse().unwrap());
    expected.append("cookie", "b=2".parse().unwrap());
    expected.insert("te", "trailers".parse().unwrap());
    expected.insert("upgrade-insecure-requests", "1".parse().unwrap());
    expected.insert("x-request-id", "1".parse().unwrap());
    assert_eq!(head.headers(), &expected);
}
