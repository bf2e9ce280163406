//! Bodies reach the caller as they are, frame by frame.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Full, StreamBody};
use tower::{Layer, ServiceExt, service_fn};

use crate::{
    body::layer,
    support::{get, put},
};

/// Frames, and which of them the caller gets: all, in order, as they are.
async fn pass(frames: Vec<Result<Frame<Bytes>, &'static str>>) -> (Vec<String>, Vec<String>) {
    let told: Vec<String> = frames.iter().map(|frame| format!("{frame:?}")).collect();
    let frames = Arc::new(Mutex::new(Some(frames)));
    let sent = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&sent);
    let inner = service_fn(move |request: Request<Full<Bytes>>| {
        let tag = request.headers().get("if-match").cloned();
        log.lock().unwrap().push(tag);
        let frames = frames.lock().unwrap().take().unwrap_or_default();
        let body = StreamBody::new(futures_util::stream::iter(frames));
        let mut response = Response::new(body);
        let json = http::HeaderValue::from_static("application/json");
        response.headers_mut().insert("content-type", json);
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let client = layer().layer(inner);
    let mut body = client.clone().oneshot(get()).await.unwrap().into_body();
    let mut got = Vec::new();
    while let Some(frame) = body.frame().await {
        got.push(format!("{frame:?}"));
    }
    assert_eq!(got, told);
    client.oneshot(put()).await.unwrap();
    let tags = sent.lock().unwrap();
    let tag = tags[1].iter().map(|tag| format!("{tag:?}")).collect();
    (got, tag)
}

#[tokio::test]
async fn trailers_survive() {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checksum", http::HeaderValue::from_static("1"));
    let (got, tag) = pass(vec![
        Ok(Frame::data(Bytes::from_static(b"{\"etag\":"))),
        Ok(Frame::data(Bytes::from_static(b"\"x\"}"))),
        Ok(Frame::trailers(trailers)),
    ])
    .await;
    assert!(got[2].contains("x-checksum"));
    assert_eq!(tag, ["\"x\""]);
}

#[tokio::test]
async fn errors_survive_and_teach_nothing() {
    let (got, tag) = pass(vec![
        Ok(Frame::data(Bytes::from_static(b"{\"etag\":\"x\"}"))),
        Err("reset"),
    ])
    .await;
    assert!(got[1].contains("reset"));
    assert!(tag.is_empty());
}

/// Says that it has ended with its last frame, as bodies with a Content-Length do.
struct Eager(Option<Bytes>);

impl Body for Eager {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }
}

#[tokio::test]
async fn who_stops_at_the_last_frame_has_read_all() {
    let inner = service_fn(|_: Request<Full<Bytes>>| async {
        Response::builder()
            .header("content-type", "application/json")
            .body(Eager(Some(Bytes::from_static(b"{\"etag\":\"x\"}"))))
    });
    let response = layer().layer(inner).oneshot(get()).await.unwrap();
    let mut body = response.into_body();
    assert!(!body.is_end_stream() && body.tag().is_none());
    body.frame().await.unwrap().unwrap();
    assert!(body.is_end_stream());
    assert_eq!(body.tag().unwrap().as_bytes(), b"x");
}
