//! The content of a body that was held back.

use bytes::Bytes;
use http::{HeaderMap, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use tower::{Layer, ServiceExt, service_fn};
use tower_conditional::EtagLayer;

use crate::support::{HELLO_WORLD, Received, Script, Step, answer, field, get, receive};

fn checksum() -> HeaderMap {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checksum", "1".parse().unwrap());
    trailers
}

#[tokio::test]
async fn trailers_survive() {
    let steps = [Step::Data("hello, world"), Step::Trailers(checksum())];
    let response = Response::new(Script::new(steps).exact(12));
    let response = answer(EtagLayer::new(), get(), response).await;
    assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));
    let received = receive(response.into_body()).await;
    assert_eq!(received.data, ["hello, world"]);
    assert_eq!(received.trailers, Some(checksum()));
}

#[tokio::test]
async fn an_error_survives_and_leaves_no_tag() {
    let steps = [
        Step::Data("hello"),
        Step::Pending,
        Step::Error("disk failed"),
    ];
    let response = Response::new(Script::new(steps).exact(12));
    let response = answer(EtagLayer::new(), get(), response).await;
    assert_eq!(field(&response, "etag"), None);
    assert!(!response.body().is_end_stream());
    let expected = Received {
        data: vec![Bytes::from_static(b"hello")],
        error: Some("disk failed"),
        ..Received::default()
    };
    assert_eq!(receive(response.into_body()).await, expected);
}

#[tokio::test]
async fn a_body_that_has_to_be_waited_for_is_waited_for() {
    let (hello, world) = (Step::Data("hello, "), Step::Data("world"));
    let steps = [Step::Pending, hello, Step::Pending, world, Step::Pending];
    let response = Response::new(Script::new(steps).exact(12));
    let response = answer(EtagLayer::new(), get(), response).await;
    assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));
    assert_eq!(
        receive(response.into_body()).await.data,
        ["hello, ", "world"]
    );
}

#[tokio::test]
async fn the_size_is_that_of_the_data_still_to_come() {
    let response = Response::new(Script::of(&["hello, ", "world"]).exact(12));
    let mut body = answer(EtagLayer::new(), get(), response).await.into_body();
    for size in [12, 5] {
        assert_eq!(body.size_hint().exact(), Some(size));
        assert!(!body.is_end_stream());
        body.frame().await.unwrap().unwrap();
    }
    assert_eq!(body.size_hint().exact(), Some(0));
    assert!(body.is_end_stream());
}

/// The data of the handler is not copied.
#[tokio::test]
async fn the_bytes_are_the_handlers_own() {
    static CONTENT: &[u8] = b"hello, world";
    let service = service_fn(|_: http::Request<()>| async {
        let body = Full::new(Bytes::from_static(CONTENT));
        Ok::<_, std::convert::Infallible>(Response::new(body))
    });
    let response = EtagLayer::new()
        .layer(service)
        .oneshot(get())
        .await
        .unwrap();
    assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));
    let frame = response.into_body().frame().await.unwrap().unwrap();
    assert_eq!(frame.into_data().unwrap().as_ptr(), CONTENT.as_ptr());
}
