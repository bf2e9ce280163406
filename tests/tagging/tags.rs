//! Which responses get a tag, and which one.

use http::{Method, Response, StatusCode};
use sha2::{Sha384, Sha512_256};
use tower_conditional::EtagLayer;

use crate::support::{HELLO_WORLD, NOTHING, Script, answer, field, get, receive};

fn hello() -> Response<Script> {
    Response::new(Script::of(&["hello, ", "world"]).exact(12))
}

#[tokio::test]
async fn a_200_to_get_gets_the_digest_of_its_body() {
    let response = answer(EtagLayer::new(), get(), hello()).await;
    assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));
    let received = receive(response.into_body()).await;
    assert_eq!(received.data, ["hello, ", "world"], "frame by frame");
}

#[tokio::test]
async fn an_empty_body_has_a_tag_too() {
    let response = Response::new(Script::default().exact(0));
    let response = answer(EtagLayer::new(), get(), response).await;
    assert_eq!(field(&response, "etag"), Some(NOTHING));
}

#[tokio::test]
async fn the_tag_may_be_weak() {
    let response = answer(EtagLayer::new().weak(true), get(), hello()).await;
    assert_eq!(field(&response, "etag"), Some(&*format!("W/{HELLO_WORLD}")));
}

#[tokio::test]
async fn any_digest_will_do() {
    let layer = EtagLayer::new().digest::<Sha512_256>();
    let response = answer(layer, get(), hello()).await;
    assert_eq!(field(&response, "etag").unwrap().len(), 64 + 2);
    assert_ne!(field(&response, "etag"), Some(HELLO_WORLD));
    let layer = EtagLayer::new().digest::<Sha384>();
    let response = answer(layer, get(), hello()).await;
    assert_eq!(field(&response, "etag").unwrap().len(), 96 + 2);
}

#[tokio::test]
async fn the_handlers_own_tag_wins() {
    let mut response = hello();
    response
        .headers_mut()
        .insert("etag", "W/\"1\"".parse().unwrap());
    let taken = response.body().taken.clone();
    let response = answer(EtagLayer::new(), get(), response).await;
    assert_eq!(field(&response, "etag"), Some("W/\"1\""));
    assert_eq!(*taken.lock().unwrap(), 0, "nothing was held back");
}

#[tokio::test]
async fn no_other_status_gets_a_tag() {
    for status in [201, 203, 204, 206, 304, 404, 500] {
        let mut response = hello();
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        let taken = response.body().taken.clone();
        let response = answer(EtagLayer::new(), get(), response).await;
        assert_eq!(field(&response, "etag"), None, "{status}");
        assert_eq!(*taken.lock().unwrap(), 0);
    }
}

#[tokio::test]
async fn no_other_method_gets_a_tag() {
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let mut request = get();
        *request.method_mut() = method;
        let response = hello();
        let taken = response.body().taken.clone();
        let response = answer(EtagLayer::new(), request, response).await;
        assert_eq!(field(&response, "etag"), None);
        assert_eq!(*taken.lock().unwrap(), 0);
    }
}
