//! Bodies that are not held back, hashed while they are sent.

use http::{HeaderMap, Request, Response, Version};
use http_body::Body;
use tower_conditional::EtagLayer;

use crate::support::{HELLO_WORLD, Script, Step, answer, field, get, head, receive, te_trailers};

fn layer() -> EtagLayer {
    EtagLayer::new().max_size(5).trailers(true)
}

fn hello() -> Response<Script> {
    let mut response = Response::new(Script::of(&["hello, ", "world"]).exact(12));
    let headers = response.headers_mut();
    headers.insert("content-length", "12".parse().unwrap());
    response
}

fn tag() -> HeaderMap {
    let mut trailers = HeaderMap::new();
    trailers.insert("etag", HELLO_WORLD.parse().unwrap());
    trailers
}

#[tokio::test]
async fn the_tag_comes_after_the_body() {
    for (version, length) in [(Version::HTTP_11, None), (Version::HTTP_2, Some("12"))] {
        let response = hello();
        let taken = response.body().taken.clone();
        let response = answer(layer(), te_trailers(version), response).await;
        assert_eq!(*taken.lock().unwrap(), 0, "nothing was held back");
        assert_eq!(field(&response, "etag"), None);
        assert_eq!(field(&response, "trailer"), Some("etag"));
        assert_eq!(field(&response, "content-length"), length);
        assert_eq!(response.body().size_hint().exact(), None);
        let received = receive(response.into_body()).await;
        assert_eq!(received.data, ["hello, ", "world"]);
        assert_eq!(received.trailers, Some(tag()));
    }
}

#[tokio::test]
async fn it_joins_the_trailers_that_there_are() {
    let mut others = HeaderMap::new();
    others.insert("x-checksum", "1".parse().unwrap());
    let steps = [Step::Data("hello, world"), Step::Trailers(others.clone())];
    let response = Response::new(Script::new(steps));
    let response = answer(layer(), te_trailers(Version::HTTP_2), response).await;
    others.extend(tag());
    assert_eq!(receive(response.into_body()).await.trailers, Some(others));
}

#[tokio::test]
async fn a_tag_in_the_handlers_trailers_wins() {
    let mut own = HeaderMap::new();
    own.insert("etag", "\"1\"".parse().unwrap());
    let steps = [Step::Data("hello, world"), Step::Trailers(own.clone())];
    let response = Response::new(Script::new(steps));
    let response = answer(layer(), te_trailers(Version::HTTP_2), response).await;
    assert_eq!(receive(response.into_body()).await.trailers, Some(own));
}

#[tokio::test]
async fn a_body_that_fails_has_no_tag() {
    let steps = [Step::Data("hello"), Step::Error("disk failed")];
    let response = Response::new(Script::new(steps));
    let response = answer(layer(), te_trailers(Version::HTTP_2), response).await;
    let received = receive(response.into_body()).await;
    assert_eq!(received.error, Some("disk failed"));
    assert_eq!(received.trailers, None);
}

/// A client that reads on after the error gets no tag of the frames before it.
#[tokio::test]
async fn a_body_that_has_failed_has_no_tag_later() {
    use http_body_util::BodyExt;

    let steps = [Step::Data("hello"), Step::Error("disk failed")];
    let response = Response::new(Script::new(steps));
    let response = answer(layer(), te_trailers(Version::HTTP_2), response).await;
    let mut body = response.into_body();
    assert!(body.frame().await.unwrap().unwrap().is_data());
    assert_eq!(body.frame().await.unwrap().unwrap_err(), "disk failed");
    assert!(body.frame().await.is_none());
}

#[tokio::test]
async fn nobody_else_gets_trailers() {
    let with = |te: &'static str| {
        let mut request = get();
        request.headers_mut().insert("te", te.parse().unwrap());
        request
    };
    let mut head_with = head();
    *head_with.headers_mut() = with("trailers").headers().clone();
    let asked: [(EtagLayer, Request<()>); 5] = [
        (layer(), get()),
        (layer(), with("deflate, x-trailers")),
        (layer(), te_trailers(Version::HTTP_10)),
        (layer(), head_with),
        (layer().trailers(false), te_trailers(Version::HTTP_2)),
    ];
    for (layer, request) in asked {
        let response = answer(layer, request, hello()).await;
        assert_eq!(field(&response, "trailer"), None);
        assert_eq!(field(&response, "content-length"), Some("12"));
        assert_eq!(receive(response.into_body()).await.trailers, None);
    }
}

#[tokio::test]
async fn a_small_body_has_its_tag_up_front() {
    let layer = layer().max_size(12);
    let response = answer(layer, te_trailers(Version::HTTP_2), hello()).await;
    assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));
    assert_eq!(field(&response, "trailer"), None);
    assert_eq!(receive(response.into_body()).await.trailers, None);
}
