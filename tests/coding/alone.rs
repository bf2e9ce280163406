//! What the layer changes in a request and in a response, without compression.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, Method, Response, StatusCode},
};
use http::header::IF_RANGE;
use tower::{Layer, ServiceExt, service_fn};
use tower_conditional::coding::CodingSuffixLayer;

use crate::{Fields, request};

/// Returns the fields that the inner service receives.
async fn seen(fields: Fields<'_>) -> HeaderMap {
    let service = CodingSuffixLayer::new().layer(service_fn(|request: Request| async move {
        let mut response = Response::new(());
        *response.headers_mut() = request.headers().clone();
        Ok::<_, std::convert::Infallible>(response)
    }));
    let request = request(Method::GET, fields);
    service
        .oneshot(request)
        .await
        .unwrap()
        .into_parts()
        .0
        .headers
}

#[tokio::test]
async fn if_range_is_left_alone() {
    let fields = [("if-range", "\"x-gzip\""), ("range", "bytes=0-1")];
    assert_eq!(seen(&fields).await[IF_RANGE], "\"x-gzip\"");
}

#[tokio::test]
async fn the_clients_own_members_stay_as_they_are() {
    for (sent, expected) in [
        ("\"x-gzip\"", "\"x\", \"x-gzip\""),
        ("W/\"x-gzip-br\"", "W/\"x-gzip\", W/\"x\", W/\"x-gzip-br\""),
        ("\"a-br\" , \"unclosed", "\"a\", \"a-br\" , \"unclosed"),
        ("\"x\"", "\"x\""),
        ("*", "*"),
        ("", ""),
        ("x-gzip", "x-gzip"),
        ("\"-gzip\"", "\"\", \"-gzip\""),
    ] {
        let seen = seen(&[("if-match", sent)]).await;
        assert_eq!(seen["if-match"], expected);
        assert_eq!(seen.get_all("if-match").iter().count(), 1);
    }
    let lines = [("if-match", "\"a\""), ("if-match", "\"b-br\"")];
    let seen = seen(&lines).await;
    let seen: Vec<_> = seen.get_all("if-match").iter().collect();
    assert_eq!(seen, ["\"b\", \"a\"", "\"b-br\""]);
}

/// The size of the changed request is proportional to the size of what a hostile client sends.
#[tokio::test]
async fn no_field_makes_the_request_much_larger() {
    const ADDED: usize = 256;
    let codings = "-br".repeat(100_000 / 3);
    let tag = format!("\"{codings}\"");
    let list = "\"-br-br-br-br\",".repeat(100_000 / 15);
    for field in ["if-match", "if-none-match"] {
        for sent in [&tag, &list] {
            let seen = seen(&[(field, sent), ("accept-encoding", "br")]).await;
            let seen = seen[field].as_bytes();
            assert!(seen.ends_with(sent.as_bytes()));
            assert!(seen.len() > sent.len(), "the first steps are made");
            assert!(seen.len() <= 2 * sent.len() + ADDED, "{}", seen.len());
        }
    }
    let one = seen(&[("if-match", "\"x-br-br-br-br-br\"")]).await;
    let four = "\"x-br-br-br-br\", \"x-br-br-br\", \"x-br-br\", \"x-br\", \"x-br-br-br-br-br\"";
    assert_eq!(one["if-match"], four);
}

/// Returns the tag that the layer makes of a response of the inner service.
async fn marked(status: u16, fields: Fields<'_>) -> Option<String> {
    let mut inner = Response::new(());
    *inner.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in fields {
        let name = HeaderName::from_static(name);
        inner.headers_mut().append(name, value.parse().unwrap());
    }
    let service = CodingSuffixLayer::new().layer(service_fn(move |_: Request| {
        let inner = inner.clone();
        async move { Ok::<_, std::convert::Infallible>(inner) }
    }));
    let response = service.oneshot(request(Method::GET, &[])).await.unwrap();
    Some(response.headers().get("etag")?.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn only_a_strong_tag_of_a_known_coding_gets_a_suffix() {
    for (etag, coding, expected) in [
        ("\"x\"", "gzip", "\"x-gzip\""),
        ("\"x\"", " GZIP ", "\"x-gzip\""),
        ("\"x\"", "x-gzip", "\"x-gzip\""),
        ("\"x\"", "gzip, br", "\"x-gzip-br\""),
        ("\"x\"", "identity", "\"x\""),
        ("\"x\"", "aes128gcm", "\"x\""),
        ("W/\"x\"", "gzip", "W/\"x\""),
        ("x", "gzip", "x"),
    ] {
        let fields = [("etag", etag), ("content-encoding", coding)];
        assert_eq!(marked(200, &fields).await.unwrap(), expected);
    }
    assert_eq!(marked(200, &[("content-encoding", "gzip")]).await, None);
    let not_modified = [("etag", "\"x\""), ("content-encoding", "gzip")];
    assert_eq!(marked(304, &not_modified).await.unwrap(), "\"x\"");
}
