//! A response to HEAD has the same tag as the response to GET.

use http::{Method, Response, StatusCode};
use http_body::Body;
use tokio_test::{assert_pending, assert_ready, assert_ready_ok, task};
use tower::{Layer, Service, ServiceExt};
use tower_conditional::EtagLayer;
use tower_test::mock;

use crate::support::{HELLO_WORLD, Script, Step, answer, field, head};

#[tokio::test]
async fn head_has_the_tag_and_the_size_of_get_and_no_body() {
    let response = Response::new(Script::of(&["hello, world"]).exact(12));
    let response = answer(EtagLayer::new(), head(), response).await;
    assert_eq!(field(&response, "etag"), Some(HELLO_WORLD));
    assert_eq!(field(&response, "content-length"), Some("12"));
    assert!(response.body().is_end_stream());
}

#[tokio::test]
async fn head_is_performed_as_get_of_the_whole_representation() {
    let (service, mut handle) = mock::pair::<http::Request<()>, Response<Script>>();
    let mut layered = EtagLayer::new().layer(service);
    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let mut request = head();
    for name in ["range", "if-range", "accept"] {
        request.headers_mut().insert(name, "x".parse().unwrap());
    }
    let mut answered = task::spawn(layered.call(request));
    assert_pending!(answered.poll());
    let mut asked = task::spawn(handle.next_request());
    let (request, _) = assert_ready!(asked.poll()).unwrap();
    assert_eq!(request.method(), Method::GET);
    let names: Vec<_> = request.headers().keys().collect();
    assert_eq!(names, ["accept"]);
}

#[tokio::test]
async fn a_body_that_is_not_held_back_is_dropped_unread() {
    for (body, size) in [
        (
            Script::of(&["hello, world"]).exact(1 << 30),
            Some("1073741824"),
        ),
        (Script::of(&["hello, world"]), None),
    ] {
        let taken = body.taken.clone();
        let response = answer(EtagLayer::new(), head(), Response::new(body)).await;
        assert_eq!(field(&response, "etag"), None);
        assert_eq!(field(&response, "content-length"), size);
        assert_eq!(*taken.lock().unwrap(), 0);
        assert!(response.body().is_end_stream());
        assert_eq!(
            response.body().size_hint().exact(),
            None,
            "not that of a GET"
        );
    }
}

#[tokio::test]
async fn a_size_that_the_handler_gave_stays() {
    let mut response = Response::new(Script::of(&["hello, world"]).exact(12));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
        .headers_mut()
        .insert("content-length", "13".parse().unwrap());
    let response = answer(EtagLayer::new(), head(), response).await;
    assert_eq!(field(&response, "content-length"), Some("13"));
    assert_eq!(field(&response, "etag"), None);
}

/// RFC 9110 section 8.6: a 204 has no `Content-Length`, and in a 304 it is that of the 200.
#[tokio::test]
async fn a_response_that_never_has_content_gets_no_size() {
    for status in [103, 204, 304] {
        let mut response = Response::new(Script::of(&[]).exact(0));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        let response = answer(EtagLayer::new(), head(), response).await;
        assert_eq!(field(&response, "content-length"), None, "{status}");
    }
}

#[tokio::test]
async fn a_body_that_fails_leaves_neither_tag_nor_size() {
    let steps = [Step::Data("hello"), Step::Error("disk failed")];
    let response = Response::new(Script::new(steps).exact(12));
    let response = answer(EtagLayer::new(), head(), response).await;
    assert_eq!(field(&response, "etag"), None);
    assert_eq!(field(&response, "content-length"), None);
}

/// axum's `get(g).head(h)` answers HEAD with `h`, without content. The digest of nothing was the tag
/// of every version, so clients got a 304 for ever.
#[tokio::test]
async fn an_empty_answer_to_head_gets_neither_tag_nor_size() {
    for status in [200, 404] {
        for body in [
            Script::of(&[]).exact(0),
            Script::of(&[""]).exact(0),
            Script::of(&[]),
        ] {
            let mut response = Response::new(body);
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            let response = answer(EtagLayer::new(), head(), response).await;
            assert_eq!(response.status(), status);
            assert_eq!(field(&response, "etag"), None);
            assert_eq!(field(&response, "content-length"), None);
        }
    }
    // The handler's own tag stays, and its empty answer still does not tell the size.
    let mut response = Response::new(Script::of(&[]).exact(0));
    response
        .headers_mut()
        .insert("etag", "\"1\"".parse().unwrap());
    let response = answer(EtagLayer::new(), head(), response).await;
    assert_eq!(field(&response, "etag"), Some("\"1\""));
    assert_eq!(field(&response, "content-length"), None);
}
