//! The limits: in bytes, in time, and in what one poll does.

use std::{
    convert::Infallible,
    future::{pending, ready},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use futures_util::{FutureExt, poll};
use http::{Request, Response, Version, header::CONNECTION};
use tokio::time::{Instant, sleep};
use tower::{Layer, Service, service_fn};
use tower_conditional::drain::DrainLayer;

use crate::support::{Step, Steps, assert_closes, assert_whole, peek, put, refuse};

async fn send(layer: DrainLayer, request: Request<Steps>) -> Response<String> {
    layer.layer(service_fn(refuse)).call(request).await.unwrap()
}

#[tokio::test]
async fn content_of_the_limit_is_read_to_its_end() {
    let body = Steps::new([Step::Data(3), Step::Data(4), Step::Trailers]);
    let fate = body.fate();
    assert_whole(&send(DrainLayer::new().limit(7), put(body)).await);
    assert_eq!(fate.polls(), 4);
}

#[tokio::test]
async fn no_more_than_the_limit_is_read() {
    let body = Steps::new([Step::Data(3), Step::Data(4), Step::Stall]);
    let fate = body.fate();
    let response = send(DrainLayer::new().limit(6), put(body)).now_or_never();
    assert_closes(&response.expect("a response at once"));
    assert_eq!(fate.polls(), 2);
    assert!(fate.is_dropped());
}

// Reading it would only take time: the rest would be unread all the same.
#[tokio::test]
async fn content_that_announces_more_than_the_limit_is_not_read() {
    let body = Steps::new([Step::Data(7)]).of_size(7);
    let fate = body.fate();
    assert_closes(&send(DrainLayer::new().limit(6), put(body)).await);
    assert_eq!(fate.polls(), 0);
}

#[tokio::test]
async fn the_default_limit_is_64_mebibytes() {
    for (size, closes) in [(64 << 20, false), ((64 << 20) + 1, true)] {
        let response = send(DrainLayer::new(), put(Steps::new([]).of_size(size))).await;
        assert_eq!(response.headers().contains_key(CONNECTION), closes);
    }
}

#[tokio::test]
async fn what_the_handler_has_read_does_not_count() {
    let body = Steps::new([Step::Data(9), Step::Data(4)]);
    let fate = body.fate();
    let mut service = DrainLayer::new().limit(4).layer(service_fn(peek));
    assert_whole(&service.call(put(body)).await.unwrap());
    assert_eq!(fate.polls(), 3);
}

#[tokio::test]
async fn with_a_limit_of_0_the_end_is_read() {
    let body = Steps::new([Step::Data(9), Step::Later, Step::Trailers]);
    let fate = body.fate();
    let mut service = DrainLayer::new().limit(0).layer(service_fn(peek));
    assert_whole(&service.call(put(body)).await.unwrap());
    assert_eq!(fate.polls(), 4);
}

#[tokio::test]
async fn only_http_1_is_closed() {
    for (version, closes) in [
        (Version::HTTP_10, true),
        (Version::HTTP_11, true),
        (Version::HTTP_2, false),
        (Version::HTTP_3, false),
    ] {
        for step in [Step::Data(7), Step::Fail] {
            let mut request = put(Steps::new([step]));
            *request.version_mut() = version;
            let response = send(DrainLayer::new().limit(6), request).await;
            assert_eq!(response.headers().contains_key(CONNECTION), closes);
        }
    }
}

// A 426 has to name `upgrade`; a client that reads the first line only reads `close`.
#[tokio::test]
async fn other_options_of_the_connection_stay() {
    for (connection, expected) in [
        ("upgrade", &["close", "upgrade"][..]),
        ("keep-alive", &["close", "keep-alive"]),
        ("Close", &["close"]),
    ] {
        let handler = service_fn(move |_: Request<_>| {
            let response = Response::builder().status(426);
            let response = response.header(CONNECTION, connection);
            ready(Ok::<_, Infallible>(response.body(String::new()).unwrap()))
        });
        let mut service = DrainLayer::new().limit(6).layer(handler);
        let response = service.call(put(Steps::new([Step::Data(7)]))).await;
        let response = response.unwrap();
        let lines = response.headers().get_all(CONNECTION);
        assert_eq!(lines.iter().collect::<Vec<_>>(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn content_that_does_not_end_in_time_is_given_up() {
    let layer = DrainLayer::new().timeout(|| sleep(Duration::from_secs(30)));
    let start = Instant::now();
    let body = Steps::new([Step::Data(3), Step::Stall]);
    let fate = body.fate();
    let handler = |request| async {
        // The handler's time is its own.
        sleep(Duration::from_secs(100)).await;
        refuse(request).await
    };
    let response = layer.layer(service_fn(handler)).call(put(body)).await;
    assert_closes(&response.unwrap());
    assert_eq!(start.elapsed().as_secs(), 130);
    assert!(fate.is_dropped());
}

#[tokio::test]
async fn the_time_limit_begins_when_the_layer_reads() {
    let begun = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&begun);
    let layer = DrainLayer::new().timeout(move || {
        count.fetch_add(1, Ordering::SeqCst);
        pending::<()>()
    });
    let mut service = layer.layer(service_fn(refuse));
    let waits = Request::put("/").header("expect", "100-continue");
    for (request, times) in [
        (put(Steps::new([]).of_size(0)), 1),
        (put(Steps::new([Step::Data(3)])), 2),
        (waits.body(Steps::new([Step::Data(3)])).unwrap(), 2),
    ] {
        service.call(request).await.unwrap();
        assert_eq!(begun.load(Ordering::SeqCst), times);
    }
}

// A body that is always ready must not keep the thread: nothing could time it out.
#[tokio::test]
async fn one_poll_reads_a_few_frames() {
    let body = Steps::new([Step::Data(1); 1_000]);
    let fate = body.fate();
    let mut service = DrainLayer::new().layer(service_fn(refuse));
    let mut response = pin!(service.call(put(body)));
    let mut last = 0;
    let mut pauses = 0;
    let response = loop {
        match poll!(&mut response) {
            Poll::Ready(response) => break response.unwrap(),
            Poll::Pending => {
                assert!(fate.polls() > last && fate.polls() - last <= 64);
                last = fate.polls();
                pauses += 1;
            }
        }
    };
    assert_whole(&response);
    assert_eq!(fate.polls(), 1_001);
    assert!(pauses > 10);
}

#[tokio::test]
async fn a_body_that_is_always_ready_can_be_timed_out() {
    let layer = DrainLayer::new().timeout(|| ready(()));
    let body = Steps::new([Step::Data(1); 1_000]);
    let fate = body.fate();
    let response = layer.layer(service_fn(refuse)).call(put(body)).await;
    assert_closes(&response.unwrap());
    assert!(fate.polls() <= 64);
}
