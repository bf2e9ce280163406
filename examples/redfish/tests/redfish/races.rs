//! Writes that pass the layer, and find that another writer was faster.

use std::convert::Infallible;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use bytes::Bytes;
use example_redfish::{Options, Tags, app};
use futures_util::StreamExt;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tower::ServiceExt;

const SYSTEM: &str = "/redfish/v1/Systems/1";

fn patch(field: Option<(&str, &str)>, content: Body) -> Request<Body> {
    let builder = Request::patch(SYSTEM);
    match field {
        Some((name, value)) => builder.header(name, value),
        None => builder,
    }
    .body(content)
    .unwrap()
}

/// Another writer comes between the check of this precondition and the write: the status, and the
/// value that is there in the end.
async fn raced(
    tags: Tags,
    precondition: impl FnOnce(&str) -> Option<(&str, &str)>,
) -> (StatusCode, Value) {
    let app = app(Options {
        tags,
        require_if_match: false,
    });
    let read = || async {
        let request = Request::get(SYSTEM).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice::<Value>(&body).unwrap()
    };
    let tag = read().await["@odata.etag"]
        .as_str()
        .unwrap_or_default()
        .to_owned();

    // The handler waits for the content, which comes when the other has written.
    let (waits, mut is_waiting) = mpsc::channel::<()>(1);
    let (content, mut chunks) = mpsc::channel::<Bytes>(1);
    let stream = futures_util::stream::once(async move {
        waits.send(()).await.unwrap();
        Ok::<_, Infallible>(chunks.recv().await.unwrap())
    });
    let slow = patch(precondition(&tag), Body::from_stream(stream.boxed()));
    let slow = tokio::spawn(app.clone().oneshot(slow));
    is_waiting.recv().await.unwrap();
    let theirs = json!({ "AssetTag": "theirs" }).to_string();
    let faster = app.clone().oneshot(patch(None, theirs.into())).await;
    assert_eq!(faster.unwrap().status(), 200);
    content
        .send(json!({ "AssetTag": "mine" }).to_string().into())
        .await
        .unwrap();
    let status = slow.await.unwrap().unwrap().status();
    (status, read().await["AssetTag"].clone())
}

#[tokio::test]
async fn the_tag_that_was_checked_has_to_be_there_still() {
    for tags in [Tags::Weak, Tags::Strong] {
        let (status, value) = raced(tags, |tag| Some(("if-match", tag))).await;
        assert_eq!((status.as_u16(), value), (412, json!("theirs")));
    }
}

#[tokio::test]
async fn any_representation_satisfies_an_asterisk_and_no_precondition() {
    for tags in [Tags::Weak, Tags::Strong, Tags::None] {
        for field in [Some(("if-match", "*")), None] {
            let (status, value) = raced(tags, |_| field).await;
            assert_eq!((status.as_u16(), value), (200, json!("mine")), "{field:?}");
        }
    }
}
