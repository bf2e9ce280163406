//! Requests and responses that `ByHead` could misread: very many fields, QUERY, blanks.

use http::{Method, Request};

use crate::{
    by_head::{CURRENT, Fields, exchange},
    support::{assert_answer, request},
};

/// `HeaderMap` has room for 24,576 names, and any number of lines.
#[tokio::test]
async fn a_request_with_very_many_lines_is_no_panic() {
    let mut get: Request<String> = request(Method::GET, "/a", &[("if-none-match", "\"1\"")]);
    for _ in 0..30_000 {
        let value = http::HeaderValue::from_static("a=b");
        get.headers_mut().append("cookie", value);
    }
    let (response, _) = exchange((200, CURRENT), get).await;
    assert_answer(&response, 304, Some("\"1\""));

    let mut get: Request<String> = request(Method::GET, "/a", &[("if-none-match", "\"1\"")]);
    for i in 1..24_576 {
        let name = http::HeaderName::from_bytes(format!("x-{i}").as_bytes()).unwrap();
        let value = http::HeaderValue::from_static("1");
        get.headers_mut().insert(name, value);
    }
    let (response, _) = exchange((200, CURRENT), get).await;
    assert_answer(&response, 304, Some("\"1\""));
}

/// The tag of the resource at the URI is not that of the result of a query.
#[tokio::test]
async fn a_query_is_not_asked_about_with_head() {
    let query = || Method::from_bytes(b"QUERY").unwrap();
    for (tag, status) in [("\"1\"", 200), ("\"new\"", 304)] {
        let held = request(query(), "/a", &[("if-none-match", tag)]);
        let (response, methods) = exchange((200, CURRENT), held).await;
        assert_eq!(methods, [query()]);
        assert_answer(&response, status, Some("\"new\""));
    }
    let stale = request(query(), "/a", &[("if-match", "\"1\"")]);
    let (response, methods) = exchange((200, CURRENT), stale).await;
    assert_eq!(methods, [query()]);
    assert_answer(&response, 412, Some("\"new\""));
}

/// A service that is reached over HTTP/2 can put blanks around the value.
#[tokio::test]
async fn blanks_around_a_validator_are_no_part_of_it() {
    const BLANKS: Fields = &[
        ("etag", " \"1\"\t"),
        ("last-modified", " Sun, 06 Nov 1994 08:49:37 GMT"),
    ];
    for (field, value) in [
        ("if-match", "\"2\""),
        ("if-unmodified-since", "Sun, 06 Nov 1994 08:49:36 GMT"),
    ] {
        let put = request(Method::PUT, "/a", &[(field, value)]);
        let (response, methods) = exchange((200, BLANKS), put).await;
        assert_eq!(methods, [Method::HEAD]);
        assert_answer(&response, 412, Some("\"1\""));
    }
}

/// Two lines are one too many for either validator, whatever else has two lines.
#[tokio::test]
async fn a_validator_with_two_lines_is_none() {
    const DATES: Fields = &[
        ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ];
    let since = ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT");
    let get = request(Method::GET, "/a", &[since]);
    let (response, methods) = exchange((200, DATES), get).await;
    assert_answer(&response, 200, Some("\"new\""));
    assert_eq!(methods, [Method::HEAD, Method::GET]);

    const VARY: Fields = &[DATES[0], ("vary", "accept"), ("vary", "cookie")];
    let get = request(Method::GET, "/a", &[since]);
    let (response, methods) = exchange((200, VARY), get).await;
    assert_answer(&response, 304, None);
    assert_eq!(methods, [Method::HEAD]);
    assert_eq!(response.headers().get_all("vary").iter().count(), 2);
}
