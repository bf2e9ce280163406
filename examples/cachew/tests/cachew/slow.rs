//! Slow stores and slow clients.

use std::{pin::pin, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
    routing::get,
};
use bytes::Bytes;
use example_cachew::{
    app,
    patience::{PATIENCE, patient},
};
use futures_util::{StreamExt, stream};
use object_store::{ObjectStoreExt, path::Path};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::{
    backend::{Backend, options, target},
    state::unchanged,
};

/// Longer than the client of the object store gives a whole response by default.
const SECONDS: u64 = 33;

/// An S3 server that sends one byte a second.
async fn trickle() -> Response<Body> {
    let bytes = stream::unfold(0, |n| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        (n < SECONDS).then(|| (Ok::<_, std::io::Error>(Bytes::from_static(b"x")), n + 1))
    });
    Response::builder()
        .header("content-length", SECONDS)
        .header("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")
        .body(Body::from_stream(bytes))
        .unwrap()
}

#[tokio::test]
#[ignore = "needs half a minute"]
async fn a_download_may_take_as_long_as_it_does() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = Router::new().fallback(get(trickle));
    let server = tokio::spawn(async move { axum::serve(listener, server).await });
    let backend = Backend::open("s3://bucket/", None, &options(&endpoint));
    let opened = backend.objects.get(&Path::from("a")).await.unwrap();
    let frames: Vec<_> = opened.into_stream().collect().await;
    let received: usize = (frames.into_iter()).map(|frame| frame.unwrap().len()).sum();
    assert_eq!(received as u64, SECONDS);
    server.abort();
}

/// The client's connection stays, but nothing comes.
#[tokio::test(start_paused = true)]
async fn an_upload_that_stops_is_given_up() {
    let backend = Backend::memory();
    let begun = stream::once(async { Ok::<_, std::io::Error>("content") });
    let body = Body::from_stream(begun.chain(stream::pending()));
    let upload = Request::post(target("stops")).body(body).unwrap();
    let sent = app(backend.store()).oneshot(upload);
    let begun = tokio::time::Instant::now();
    let refused = unchanged(&backend, "stops", sent).await.unwrap();
    assert_eq!(refused.status(), 408);
    // Once for the content, and once for the rest of it that is thrown away.
    assert!(begun.elapsed() < 3 * PATIENCE);
}

/// Only the time that the store takes counts, not that of a reader who is slower still.
#[tokio::test(start_paused = true)]
async fn a_reader_may_take_its_time() {
    let frames = (0..3).map(|_| Ok::<_, std::io::Error>(Bytes::from_static(b"x")));
    let mut content = pin!(patient(stream::iter(frames)));
    for _ in 0..3 {
        tokio::time::sleep(10 * PATIENCE).await;
        assert_eq!(content.next().await.unwrap().unwrap(), "x");
    }
    assert!(content.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_store_may_not() {
    let slow = |seconds| {
        let frame = async move {
            tokio::time::sleep(PATIENCE + seconds - Duration::from_secs(2)).await;
            Ok::<_, std::io::Error>(Bytes::from_static(b"x"))
        };
        Box::pin(stream::once(frame))
    };
    let second = Duration::from_secs(1);
    let mut content = pin!(patient(slow(second)));
    assert_eq!(content.next().await.unwrap().unwrap(), "x");
    let mut content = pin!(patient(slow(3 * second)));
    let error = content.next().await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "the store does not answer");
    assert!(content.next().await.is_none());
}
