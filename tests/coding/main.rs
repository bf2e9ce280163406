//! Entity tags of representations that an inner layer compresses, with tower-http's
//! `CompressionLayer` in both orders.

mod alone;

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderName, Method, Response, StatusCode},
    routing::get,
};
use tower::{ServiceBuilder, ServiceExt};
use tower_conditional::{
    ConditionalLayer, EntityTag, HttpDate, Validators, coding::CodingSuffixLayer, ready_fn,
};
use tower_http::compression::CompressionLayer;

type Fields<'a> = &'a [(&'static str, &'a str)];

fn request(method: Method, fields: Fields<'_>) -> Request {
    let mut request = Request::builder().method(method).uri("/");
    for (name, value) in fields {
        request = request.header(HeaderName::from_static(name), *value);
    }
    request.body(Body::empty()).unwrap()
}

fn routes() -> Router {
    let content = || async { "content ".repeat(100) };
    let write = || async { StatusCode::NO_CONTENT };
    Router::new().route("/", get(content).put(write))
}

type Source = tower_conditional::source::ReadyFn<fn(&http::request::Parts) -> EntityTag>;

fn source() -> Source {
    ready_fn(|_: &http::request::Parts| EntityTag::from_static("\"x\""))
}

/// The layers in the documented order, from the outside in.
fn right() -> Router {
    routes().layer(
        ServiceBuilder::new()
            .layer(CodingSuffixLayer::new())
            .layer(CompressionLayer::new())
            .layer(ConditionalLayer::new(source())),
    )
}

#[track_caller]
fn assert_answer(response: &Response<Body>, status: u16, etag: &str, coding: Option<&str>) {
    let field = |name| Some(response.headers().get(name)?.to_str().unwrap());
    assert_eq!(response.status().as_u16(), status);
    assert_eq!(field("etag"), Some(etag));
    assert_eq!(field("content-encoding"), coding);
}

async fn send(app: Router, method: Method, fields: Fields<'_>) -> Response<Body> {
    app.oneshot(request(method, fields)).await.unwrap()
}

#[tokio::test]
async fn each_coding_has_a_tag_of_its_own() {
    for (coding, tag) in [
        ("gzip", "\"x-gzip\""),
        ("br", "\"x-br\""),
        ("zstd", "\"x-zstd\""),
        ("deflate", "\"x-deflate\""),
    ] {
        let response = send(right(), Method::GET, &[("accept-encoding", coding)]).await;
        assert_answer(&response, 200, tag, Some(coding));
    }
    let response = send(right(), Method::GET, &[]).await;
    assert_answer(&response, 200, "\"x\"", None);
}

/// In the other order one strong tag identifies two sequences of bytes.
#[tokio::test]
async fn inside_of_the_compression_it_does_nothing() {
    let wrong = || {
        routes().layer(
            ServiceBuilder::new()
                .layer(CompressionLayer::new())
                .layer(CodingSuffixLayer::new())
                .layer(ConditionalLayer::new(source())),
        )
    };
    let gzip = send(wrong(), Method::GET, &[("accept-encoding", "gzip")]).await;
    assert_answer(&gzip, 200, "\"x\"", Some("gzip"));
    let identity = send(wrong(), Method::GET, &[]).await;
    assert_answer(&identity, 200, "\"x\"", None);
}

#[tokio::test]
async fn a_304_carries_the_tag_that_the_client_has() {
    for (held, expected) in [
        ("\"x-gzip\"", "\"x-gzip\""),
        ("\"y\", \"x-gzip\"", "\"x-gzip\""),
        ("W/\"x-gzip\"", "W/\"x-gzip\""),
        ("\"x\"", "\"x\""),
        ("\"x\", \"x-gzip\"", "\"x-gzip\""),
    ] {
        let fields = [("accept-encoding", "gzip, br"), ("if-none-match", held)];
        let response = send(right(), Method::GET, &fields).await;
        assert_answer(&response, 304, expected, None);
        assert_eq!(response.headers()["vary"], "accept-encoding");
    }
}

/// A 304 carries the `Vary` that the 200 would have (RFC 9110 section 15.4.5).
#[tokio::test]
async fn a_304_varies_whatever_the_request_accepts() {
    for accepted in [&[][..], &[("accept-encoding", "gzip")]] {
        let mut fields = accepted.to_vec();
        fields.push(("if-none-match", "\"x\""));
        let response = send(right(), Method::GET, &fields).await;
        assert_answer(&response, 304, "\"x\"", None);
        assert_eq!(response.headers()["vary"], "accept-encoding");
    }
}

/// The 304 of a weak tag, or of none, lacked the `Vary` that the 200 has.
#[tokio::test]
async fn a_304_with_any_validator_varies() {
    for (sent, validators) in [
        (
            ("if-none-match", "W/\"x\""),
            Validators::from(EntityTag::from_static("W/\"x\"")),
        ),
        (
            ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
            Validators::from(HttpDate::from_unix_seconds(784_111_777).unwrap()),
        ),
    ] {
        let source = ready_fn(move |_: &http::request::Parts| validators.clone());
        let app = routes().layer(
            ServiceBuilder::new()
                .layer(CodingSuffixLayer::new())
                .layer(CompressionLayer::new())
                .layer(ConditionalLayer::new(source)),
        );
        let gzip = ("accept-encoding", "gzip");
        let ok = send(app.clone(), Method::GET, &[gzip]).await;
        assert_eq!(ok.headers()["vary"], "accept-encoding");
        let not_modified = send(app, Method::GET, &[gzip, sent]).await;
        assert_eq!(not_modified.status(), 304);
        assert_eq!(not_modified.headers()["vary"], "accept-encoding");
        assert_eq!(not_modified.headers().get_all("vary").iter().count(), 1);
    }
}

/// The client joins the part with coded bytes. The tag without the suffix was added and matched, and
/// a part of the uncoded bytes was sent.
#[tokio::test]
async fn a_read_with_a_range_is_left_alone() {
    for (field, status) in [("if-match", 412), ("if-none-match", 200)] {
        for method in [Method::GET, Method::from_bytes(b"QUERY").unwrap()] {
            let fields = [
                (field, "\"x-gzip\""),
                ("accept-encoding", "gzip"),
                ("range", "bytes=0-1"),
            ];
            let mut app = routes();
            if method != Method::GET {
                app = Router::new().route("/", axum::routing::any(|| async { "result" }));
            }
            let app = app.layer(
                ServiceBuilder::new()
                    .layer(CodingSuffixLayer::new())
                    .layer(ConditionalLayer::new(source())),
            );
            let response = send(app, method, &fields).await;
            assert_eq!(response.status().as_u16(), status, "{field}");
        }
    }
    // A write has no range.
    let fields = [("if-match", "\"x-gzip\""), ("range", "bytes=0-1")];
    assert_eq!(send(right(), Method::PUT, &fields).await.status(), 204);
}

/// RFC 10008: QUERY is evaluated as GET.
#[tokio::test]
async fn a_query_is_treated_as_a_read() {
    let app = || {
        let content = || async { "content ".repeat(100) };
        Router::new().route("/", axum::routing::any(content)).layer(
            ServiceBuilder::new()
                .layer(CodingSuffixLayer::new())
                .layer(CompressionLayer::new())
                .layer(ConditionalLayer::new(source())),
        )
    };
    let query = || Method::from_bytes(b"QUERY").unwrap();
    for (accepted, status) in [("gzip", 304), ("br", 200)] {
        let fields = [
            ("accept-encoding", accepted),
            ("if-none-match", "\"x-gzip\""),
        ];
        let response = send(app(), query(), &fields).await;
        assert_eq!(response.status().as_u16(), status);
    }
}

/// The client has a coded representation and does not accept the coding: a 304 would be wrong.
#[tokio::test]
async fn a_coding_that_is_not_accepted_does_not_match() {
    for accepted in [&[][..], &[("accept-encoding", "br;q=1, gzip;q=0.0")]] {
        let mut fields = accepted.to_vec();
        fields.push(("if-none-match", "\"x-gzip\""));
        let response = send(right(), Method::GET, &fields).await;
        assert_eq!(response.status(), 200);
    }
    for accepted in ["gzip;q=0.1", "GZIP", "x-gzip", "*", "br;q=0, *;q=0.5"] {
        let fields = [
            ("accept-encoding", accepted),
            ("if-none-match", "\"x-gzip\""),
        ];
        assert_eq!(send(right(), Method::GET, &fields).await.status(), 304);
    }
}

#[tokio::test]
async fn a_write_is_guarded_by_the_tag_of_any_coding() {
    for (field, tag, status) in [
        ("if-match", "\"x-gzip\"", 204),
        ("if-match", "\"x-br\"", 204),
        ("if-match", "\"x\"", 204),
        ("if-match", "\"x-gzip-br\"", 204),
        ("if-match", "\"y-gzip\"", 412),
        ("if-match", "\"x-not-gzip\"", 412),
        ("if-match", "\"x-GZIP\"", 412),
        ("if-match", "W/\"x-gzip\"", 412),
        ("if-none-match", "\"x-gzip\"", 412),
        ("if-none-match", "\"y-gzip\"", 204),
    ] {
        let response = send(right(), Method::PUT, &[(field, tag)]).await;
        assert_eq!(response.status().as_u16(), status, "{field}: {tag}");
    }
}
