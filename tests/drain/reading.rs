//! Which content is read: what the handler has left unread, and nothing that it still has.

use std::{convert::Infallible, future::ready, time::Duration};

use futures_util::FutureExt;
use http::{Request, Response};
use http_body::Body;
use http_body_util::BodyExt;
use tower::{Layer, Service, ServiceBuilder, service_fn};
use tower_conditional::drain::DrainLayer;
use tower_http::timeout::TimeoutLayer;

use crate::support::{
    Incoming, Step, Steps, assert_closes, assert_whole, peek, put, refusal, refuse, send,
};

fn three() -> Steps {
    Steps::new([Step::Data(3), Step::Later, Step::Data(4), Step::Trailers])
}

#[tokio::test]
async fn untouched_content_is_read_to_its_end() {
    let body = three();
    let fate = body.fate();
    assert_whole(&send(put(body), refuse).await);
    assert_eq!(fate.polls(), 5);
    assert!(fate.is_dropped());
}

#[tokio::test]
async fn content_that_was_read_in_part_is_read_to_its_end() {
    let body = three();
    let fate = body.fate();
    assert_whole(&send(put(body), peek).await);
    assert_eq!(fate.polls(), 5);
    assert!(fate.is_dropped());
}

#[tokio::test]
async fn every_status_waits_for_the_content() {
    for status in [200, 204, 302, 304, 400, 401, 404, 412, 413, 428, 500, 503] {
        let body = three();
        let fate = body.fate();
        let response = send(put(body), move |_| {
            ready(Ok(Response::builder()
                .status(status)
                .body(String::new())
                .unwrap()))
        });
        let response = response.await;
        assert_eq!(response.status(), status);
        assert!(response.headers().is_empty());
        assert_eq!(fate.polls(), 5, "{status}");
    }
}

#[tokio::test]
async fn a_handler_that_reads_notices_nothing() {
    let body = three().of_size(7);
    let fate = body.fate();
    let handler = |request: Incoming| async {
        let mut body = request.into_body();
        assert_eq!(body.size_hint().exact(), Some(7));
        assert!(!body.is_end_stream());
        let mut frames = Vec::new();
        while let Some(frame) = body.frame().await {
            frames.push(match frame.unwrap().into_data() {
                Ok(data) => data.len(),
                Err(_) => 0,
            });
        }
        assert_eq!(frames, [3, 4, 0]);
        Ok(refusal())
    };
    assert_whole(&send(put(body), handler).await);
    assert_eq!(fate.polls(), 5, "the end is read once");
}

#[tokio::test]
async fn a_failure_is_the_handlers_to_see() {
    let body = Steps::new([Step::Data(3), Step::Fail]);
    let handler = |request: Incoming| async {
        assert!(request.into_body().collect().await.is_err());
        Ok(refusal())
    };
    // The rest is not there to be read, so the connection cannot be used again.
    assert_closes(&send(put(body), handler).await);
}

#[tokio::test]
async fn a_failure_while_draining_is_not_the_responses() {
    let body = Steps::new([Step::Data(3), Step::Fail, Step::Stall]);
    let fate = body.fate();
    assert_closes(&send(put(body), refuse).await);
    assert_eq!(fate.polls(), 2);
    assert!(fate.is_dropped());
}

// Its task reads it, or does not: the response does not depend on it.
#[tokio::test]
async fn content_that_a_task_keeps_is_not_waited_for() {
    let body = Steps::new([Step::Stall]);
    let fate = body.fate();
    let (keep, kept) = tokio::sync::oneshot::channel();
    let mut keep = Some(keep);
    let response = send(put(body), move |request: Incoming| {
        keep.take().unwrap().send(request.into_body()).unwrap();
        ready(Ok(refusal()))
    });
    assert_whole(&response.now_or_never().expect("a response at once"));
    assert_eq!(fate.polls(), 0);
    assert!(!fate.is_dropped());

    // Nobody waits for it any more.
    drop(kept.await.unwrap());
    assert!(fate.is_dropped());
}

#[tokio::test]
async fn content_that_is_the_response_is_not_waited_for() {
    let echo = service_fn(|request: Incoming| {
        ready(Ok::<_, Infallible>(Response::new(request.into_body())))
    });
    let response = DrainLayer::new().layer(echo).call(put(three()));
    let response = response.now_or_never().expect("a response at once");
    let content = response.unwrap().into_body().collect().await.unwrap();
    assert_eq!(content.to_bytes().len(), 7);
}

// The future of a timeout responds while it still has the handler's, which has the content.
#[tokio::test(start_paused = true)]
async fn content_in_a_future_that_was_given_up_is_read() {
    let body = three();
    let fate = body.fate();
    let timeout =
        TimeoutLayer::with_status_code(http::StatusCode::REQUEST_TIMEOUT, Duration::from_secs(1));
    let mut service = ServiceBuilder::new()
        .layer(DrainLayer::new())
        .layer(timeout)
        .service_fn(|request: Incoming| async move {
            std::future::pending::<()>().await;
            drop(request);
            Ok::<_, Infallible>(refusal())
        });
    let response = service.call(put(body)).await.unwrap();
    assert_eq!(response.status(), 408);
    assert_eq!(fate.polls(), 5);
}

#[tokio::test]
async fn an_error_of_the_handler_is_returned_at_once() {
    let body = Steps::new([Step::Stall]);
    let fate = body.fate();
    let failing = service_fn(|_: Incoming| ready(Err::<Response<String>, _>("broken")));
    let response = DrainLayer::new().layer(failing).call(put(body));
    let response = response.now_or_never().expect("an error at once");
    assert_eq!(response.unwrap_err(), "broken");
    assert_eq!(fate.polls(), 0);
    assert!(fate.is_dropped());
}

#[tokio::test]
async fn two_layers_read_the_content_once() {
    let body = three();
    let fate = body.fate();
    let service = service_fn(|_: Request<_>| ready(Ok::<_, Infallible>(refusal())));
    let layers = (DrainLayer::new(), DrainLayer::new());
    let response = layers.layer(service).call(put(body)).await;
    assert_whole(&response.unwrap());
    assert_eq!(fate.polls(), 5);
}

// The inner layer gives up, and the outer one continues where it has stopped.
#[tokio::test]
async fn an_outer_layer_with_a_larger_limit_reads_what_an_inner_one_leaves() {
    let body = Steps::new([Step::Data(3), Step::Data(3), Step::Data(3)]);
    let fate = body.fate();
    let service = service_fn(|_: Request<_>| ready(Ok::<_, Infallible>(refusal())));
    let layers = (DrainLayer::new(), DrainLayer::new().limit(4));
    let response = layers.layer(service).call(put(body)).await;
    assert_closes(&response.unwrap());
    assert_eq!(fate.polls(), 4);
}
