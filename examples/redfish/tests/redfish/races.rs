//! Writes that pass the layer, and find that another writer was faster.

use std::convert::Infallible;

use axum::{
    Router,
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

/// Sends a request whose content comes when another one has been answered. Returns the status of
/// both.
async fn overtaken(
    app: &Router,
    slow: impl FnOnce(Body) -> Request<Body>,
    content: Value,
    faster: Request<Body>,
) -> (StatusCode, StatusCode) {
    let (waits, mut is_waiting) = mpsc::channel::<()>(1);
    let (sender, mut chunks) = mpsc::channel::<Bytes>(1);
    let stream = futures_util::stream::once(async move {
        waits.send(()).await.unwrap();
        Ok::<_, Infallible>(chunks.recv().await.unwrap())
    });
    let slow = slow(Body::from_stream(stream.boxed()));
    let slow = tokio::spawn(app.clone().oneshot(slow));
    is_waiting.recv().await.unwrap();
    let faster = app.clone().oneshot(faster).await.unwrap().status();
    sender.send(content.to_string().into()).await.unwrap();
    (slow.await.unwrap().unwrap().status(), faster)
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

    let theirs = json!({ "AssetTag": "theirs" }).to_string();
    let mine = json!({ "AssetTag": "mine" });
    let slow = |content| patch(precondition(&tag), content);
    let (status, faster) = overtaken(&app, slow, mine, patch(None, theirs.into())).await;
    assert_eq!(faster, 200);
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

/// The account was added, although the collection was no longer what its tag says.
#[tokio::test]
async fn a_member_is_added_only_to_the_collection_that_was_checked() {
    const ACCOUNTS: &str = "/redfish/v1/AccountService/Accounts";
    for (tags, field) in [
        (Tags::Weak, "if-match"),
        (Tags::Strong, "if-match"),
        (Tags::Strong, "none"),
    ] {
        let app = app(Options {
            tags,
            require_if_match: false,
        });
        let members = || async {
            let request = Request::get(ACCOUNTS).body(Body::empty()).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            serde_json::from_slice::<Value>(&body).unwrap()
        };
        let before = members().await;
        let count = before["Members@odata.count"].as_u64().unwrap();
        let tag = before["@odata.etag"].as_str().unwrap();
        let account = |name: &str| json!({"UserName": name, "Password": "x", "RoleId": "Operator"});
        let post = |content| Request::post(ACCOUNTS).body(content).unwrap();
        let slow = |content| {
            let mut request = post(content);
            request.headers_mut().insert(field, tag.parse().unwrap());
            request
        };
        let faster = post(account("theirs").to_string().into());
        let statuses = overtaken(&app, slow, account("mine"), faster).await;
        let after = members().await["Members@odata.count"].as_u64().unwrap();
        let is_refused = field == "if-match";
        let expected = if is_refused { 412 } else { 201 };
        assert_eq!(
            statuses,
            (StatusCode::from_u16(expected).unwrap(), StatusCode::CREATED)
        );
        assert_eq!(after, count + 1 + u64::from(!is_refused));
    }
}
