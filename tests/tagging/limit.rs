//! Which bodies the layer holds back.

use http::Response;
use tower_conditional::EtagLayer;

use crate::support::{HELLO_WORLD, Script, answer, field, get, receive};

#[tokio::test]
async fn the_limit_is_the_largest_size_that_is_held_back() {
    for (size, tag) in [(11, None), (12, Some(HELLO_WORLD))] {
        let layer = EtagLayer::new().max_size(size);
        let response = Response::new(Script::of(&["hello, world"]).exact(12));
        assert_eq!(field(&answer(layer, get(), response).await, "etag"), tag);
    }
}

#[tokio::test]
async fn a_body_of_another_size_or_an_unknown_one_passes_untouched() {
    for body in [
        Script::of(&["hello, ", "world"]),
        Script::of(&["hello, ", "world"]).at_most(101),
        // A short stream: nobody knows when the next frame comes.
        Script::of(&["hello, ", "world"]).at_most(100),
        Script::of(&["hello, ", "world"]).exact(101),
    ] {
        let (taken, hint) = (body.taken.clone(), body.hint);
        let layer = EtagLayer::new().max_size(100);
        let response = answer(layer, get(), Response::new(body)).await;
        assert_eq!(field(&response, "etag"), None);
        assert_eq!(*taken.lock().unwrap(), 0, "nothing was held back");
        let body = response.into_body();
        assert_eq!(http_body::Body::size_hint(&body).upper(), hint.upper());
        assert_eq!(receive(body).await.data, ["hello, ", "world"]);
    }
}

/// The next event may be minutes away, so each one is sent at once.
#[tokio::test]
async fn server_sent_events_pass_frame_by_frame() {
    use http_body_util::BodyExt;

    const EVENTS: [&str; 2] = ["data: 1\n\n", "data: 2\n\n"];
    for (body, content_type) in [
        (Script::of(&EVENTS), "text/event-stream"),
        (Script::of(&EVENTS).at_most(18), "text/event-stream"),
        (Script::of(&EVENTS).exact(18), "text/event-stream"),
        (
            Script::of(&EVENTS).exact(18),
            "Text/Event-Stream; charset=utf-8",
        ),
    ] {
        let taken = body.taken.clone();
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert("content-type", content_type.parse().unwrap());
        let response = answer(EtagLayer::new(), get(), response).await;
        assert_eq!(field(&response, "etag"), None);
        let mut body = response.into_body();
        for (n, event) in EVENTS.into_iter().enumerate() {
            assert_eq!(*taken.lock().unwrap(), n);
            let frame = body.frame().await.unwrap().unwrap();
            assert_eq!(frame.into_data().unwrap(), event);
        }
    }
}

/// The memory stays bounded, and no byte is lost.
#[tokio::test]
async fn a_body_that_is_larger_than_it_said_is_let_go() {
    let body = Script::of(&["hello, ", "world", "!", "!"]).exact(7);
    let taken = body.taken.clone();
    let response = answer(EtagLayer::new().max_size(10), get(), Response::new(body)).await;
    assert_eq!(field(&response, "etag"), None);
    assert_eq!(*taken.lock().unwrap(), 2, "one frame past the limit");
    let received = receive(response.into_body()).await;
    assert_eq!(received.data, ["hello, ", "world", "!", "!"]);
}
