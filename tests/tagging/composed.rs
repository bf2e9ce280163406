//! `EtagLayer` together with other layers, in an axum router.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
    routing::get,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tower::{Layer, ServiceExt};
use tower_conditional::{
    ByHead, ConditionalLayer, EtagLayer, FromResponse, coding::CodingSuffixLayer,
};
use tower_http::compression::CompressionLayer;

use crate::support::{HELLO_WORLD, field};

fn request(method: Method, name: &str, value: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri("/");
    request.header(name, value).body(Body::empty()).unwrap()
}

async fn hello() -> &'static str {
    "hello, world"
}

#[tokio::test]
async fn a_tag_that_was_made_revalidates() {
    let app: Router = Router::new()
        .route("/", get(hello))
        .layer(EtagLayer::new())
        .layer(ConditionalLayer::new(FromResponse));
    for method in [Method::GET, Method::HEAD] {
        let held = request(method.clone(), "if-none-match", HELLO_WORLD);
        let response = app.clone().oneshot(held).await.unwrap();
        assert_eq!(response.status(), 304);
        assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));

        let other = request(method, "if-none-match", "\"other\"");
        let response = app.clone().oneshot(other).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));
        assert_eq!(field(&response, "content-length"), Some("12"));
    }
}

/// A response to HEAD has the tag, so `ByHead` can guard writes with it.
#[tokio::test]
async fn a_tag_that_was_made_guards_writes() {
    let pages: Router = Router::new().route("/", get(hello).put(|| async {}));
    let app = ConditionalLayer::new(ByHead::<Body>::new()).layer(EtagLayer::new().layer(pages));
    for (tag, status) in [(HELLO_WORLD, 200), ("\"other\"", 412)] {
        let put = request(Method::PUT, "if-match", tag);
        let response = app.clone().oneshot(put).await.unwrap();
        assert_eq!(response.status(), status);
    }
}

#[tokio::test]
async fn a_head_handler_of_its_own_gets_no_tag_of_nothing() {
    let app: Router = Router::new()
        .route("/", get(hello).head(|| async {}))
        .layer(EtagLayer::new());
    let head = request(Method::HEAD, "accept", "*/*");
    let response = app.oneshot(head).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(field(&response, "etag"), None);
}

/// The handler does not know the tags of the layer. With `If-Range` of an older version it sent a part
/// of the current one.
#[tokio::test]
async fn a_part_of_another_version_is_never_sent() {
    let ranged = |headers: HeaderMap| async move {
        assert!(!headers.contains_key("if-range"));
        match headers.contains_key("range") {
            true => (StatusCode::PARTIAL_CONTENT, "world"),
            false => (StatusCode::OK, "hello, world"),
        }
    };
    let app: Router = Router::new()
        .route("/", get(ranged))
        .layer(EtagLayer::new());
    let part = |if_range: &str| {
        let mut part = request(Method::GET, "range", "bytes=7-");
        part.headers_mut()
            .insert("if-range", if_range.parse().unwrap());
        part
    };
    for if_range in ["\"other\"", HELLO_WORLD, "Sun, 06 Nov 1994 08:49:37 GMT"] {
        let response = app.clone().oneshot(part(if_range)).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));
        let content = to_bytes(response.into_body(), 100).await.unwrap();
        assert_eq!(content, "hello, world");
    }
    // Without If-Range the client joins nothing. The part has no tag.
    let range = request(Method::GET, "range", "bytes=7-");
    let response = app.clone().oneshot(range).await.unwrap();
    assert_eq!(response.status(), 206);
    assert_eq!(field(&response, "etag"), None);

    // A layer around it evaluates If-Range by HEAD, and the part still is not sent.
    let pages: Router = Router::new().route("/", get(ranged));
    let app = ConditionalLayer::new(ByHead::<Body>::new()).layer(EtagLayer::new().layer(pages));
    let response = app.oneshot(part(HELLO_WORLD)).await.unwrap();
    assert_eq!(response.status(), 200);
}

/// The tag is that of the result, so it is true for a QUERY too.
#[tokio::test]
async fn the_result_of_a_query_is_revalidated() {
    let app: Router = Router::new()
        .route("/", axum::routing::any(hello))
        .layer(EtagLayer::new())
        .layer(ConditionalLayer::new(FromResponse));
    let query = || Method::from_bytes(b"QUERY").unwrap();
    for (tag, status) in [("\"other\"", 200), (HELLO_WORLD, 304)] {
        let asked = request(query(), "if-none-match", tag);
        let response = app.clone().oneshot(asked).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));
    }
}

#[tokio::test]
async fn it_is_of_use_alone() {
    let app: Router = Router::new().route("/", get(hello)).layer(EtagLayer::new());
    let response = app
        .oneshot(request(Method::GET, "accept", "*/*"))
        .await
        .unwrap();
    assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));
    let content = to_bytes(response.into_body(), 100).await.unwrap();
    assert_eq!(content, "hello, world");
}

/// A compressed body has no exact size, so the layer does not hold it back.
#[tokio::test]
async fn tags_are_made_inside_of_the_compression() {
    let content = || async { "content ".repeat(100) };
    let routes = || Router::<()>::new().route("/", get(content));
    let inside = routes()
        .layer(EtagLayer::new())
        .layer(CompressionLayer::new())
        .layer(CodingSuffixLayer::new());
    let outside = routes()
        .layer(CompressionLayer::new())
        .layer(EtagLayer::new());

    let gzip = || request(Method::GET, "accept-encoding", "gzip");
    let response = inside.clone().oneshot(gzip()).await.unwrap();
    assert_eq!(field(&response, "content-encoding"), Some("gzip"));
    let coded = field(&response, "etag").unwrap().to_owned();
    let response = outside.oneshot(gzip()).await.unwrap();
    assert_eq!(field(&response, "content-encoding"), Some("gzip"));
    assert_eq!(field(&response, "etag"), None);

    let identity = request(Method::GET, "accept-encoding", "identity");
    let response = inside.oneshot(identity).await.unwrap();
    let tag = field(&response, "etag").unwrap();
    assert_eq!(coded, format!("\"{}-gzip\"", tag.trim_matches('"')));
}

/// A chunked message with a trailer section, read from the socket.
#[tokio::test]
async fn trailers_arrive_in_http_1_1() {
    let stream = || async {
        let chunks = ["hello, ", "world"].map(Ok::<_, std::io::Error>);
        Body::from_stream(futures_util::stream::iter(chunks))
    };
    let layer = EtagLayer::new().trailers(true);
    let app = Router::new().route("/", get(stream)).layer(layer);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap())
        .await
        .unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });

    let get = "GET / HTTP/1.1\r\nhost: a\r\nte: trailers\r\nconnection: te, close\r\n\r\n";
    client.write_all(get.as_bytes()).await.unwrap();
    let mut received = String::new();
    client.read_to_string(&mut received).await.unwrap();
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("\r\ntrailer: etag\r\n"), "{head}");
    assert!(
        head.contains("\r\ntransfer-encoding: chunked\r\n"),
        "{head}"
    );
    let chunks = format!("7\r\nhello, \r\n5\r\nworld\r\n0\r\netag: {HELLO_WORLD}\r\n\r\n");
    assert_eq!(body, chunks);
}
