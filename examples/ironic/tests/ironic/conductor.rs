//! The second check: what only the conductor can notice.
//!
//! The API and the conductor are apart, so that a test can hold a call back in the message queue. A
//! call in the queue has passed the check of the API.

use std::{future::Future, pin::pin};

use example_ironic::{Conductor, parts};
use example_support::scenario::{Response, Server};

use super::{
    EXTRA, HEARTBEAT, JSON, NODE, WITH_TAGS, delete_if_match, get, patch, patch_if_match, start,
    tag,
};

const SLOW: &str = r#"[{"op": "add", "path": "/extra/by", "value": "the slow one"}]"#;
const QUICK: &str = r#"[{"op": "add", "path": "/extra/by", "value": "the quick one"}]"#;

/// Sends both requests, and performs the one that was sent second before the one that was sent first.
async fn overtake(
    conductor: &mut Conductor,
    slow: impl Future<Output = Response>,
    quick: impl Future<Output = Response>,
) -> (Response, Response) {
    let (mut slow, mut quick) = (pin!(slow), pin!(quick));
    let slow_call = call_for(slow.as_mut(), conductor.next()).await;
    let quick_call = call_for(quick.as_mut(), conductor.next()).await;
    conductor.perform(quick_call);
    conductor.perform(slow_call);
    tokio::join!(slow, quick)
}

/// Waits for the call that the API makes for a request, when it has checked it.
async fn call_for<C>(
    request: impl Future<Output = Response>,
    next: impl Future<Output = Option<C>>,
) -> C {
    tokio::select! {
        call = next => call.expect("the API is there"),
        response = request => panic!("the API answers by itself: {response:?}"),
    }
}

#[tokio::test]
async fn a_tag_that_was_current_at_the_api_is_refused_by_the_conductor() {
    let (api, mut conductor) = parts();
    let server = Server::start(api).await;
    let before = get(&server, NODE).await;
    let current = tag(&before);

    let (slow, quick) = overtake(
        &mut conductor,
        patch_if_match(&server, NODE, &current, SLOW),
        patch_if_match(&server, NODE, &current, QUICK),
    )
    .await;
    let quick = quick.expect(200);
    let slow = slow.expect(412);
    assert_eq!(slow.etag(), tag(&quick));
    assert_eq!(slow.json()["error_message"]["faultcode"], "Client");
    assert_eq!(get(&server, NODE).await.json(), quick.json());
    assert_eq!(quick.json()["extra"]["by"], "the quick one");
}

#[tokio::test]
async fn the_conductor_refuses_to_delete_what_has_changed() {
    let (api, mut conductor) = parts();
    let server = Server::start(api).await;
    let current = tag(&get(&server, NODE).await);

    let (delete, quick) = overtake(
        &mut conductor,
        delete_if_match(&server, NODE, &current),
        patch_if_match(&server, NODE, &current, QUICK),
    )
    .await;
    assert_eq!(delete.expect(412).etag(), tag(&quick.expect(200)));
    get(&server, NODE).await.expect(200);
}

#[tokio::test]
async fn the_conductor_refuses_the_heartbeat_of_a_node_that_has_changed() {
    let (api, mut conductor) = parts();
    let server = Server::start(api).await;
    let current = tag(&get(&server, NODE).await);

    let fields = [JSON, WITH_TAGS, ("If-Match", current.as_str())];
    let content = r#"{"callback_url": "http://192.0.2.7:9999"}"#;
    let (heartbeat, quick) = overtake(
        &mut conductor,
        server.send_content("POST", HEARTBEAT, &fields, content),
        patch_if_match(&server, NODE, &current, QUICK),
    )
    .await;
    assert_eq!(heartbeat.expect(412).etag(), tag(&quick.expect(200)));
    let node = get(&server, NODE).await.json();
    assert_eq!(node["driver_internal_info"].to_string(), "{}");
}

#[tokio::test]
async fn the_conductor_compares_no_tag_that_the_client_did_not_name() {
    let (api, mut conductor) = parts();
    let server = Server::start(api).await;

    let (slow, quick) = overtake(
        &mut conductor,
        patch_if_match(&server, NODE, "*", EXTRA),
        patch(&server, NODE, QUICK),
    )
    .await;
    quick.expect(200);
    let extra = slow.expect(200).json()["extra"].clone();
    assert_eq!(
        (&extra["foo"], &extra["by"]),
        (&"bar".into(), &"the quick one".into())
    );
}

#[tokio::test]
async fn a_patch_that_arrives_slowly_is_checked_when_it_is_written() {
    let server = start().await;
    let current = tag(&get(&server, NODE).await);
    let fields = [JSON, WITH_TAGS, ("If-Match", current.as_str())];

    let slow = server.begin("PATCH", NODE, &fields, SLOW).await;
    let quick = patch_if_match(&server, NODE, &current, QUICK)
        .await
        .expect(200);
    assert_eq!(slow.finish().await.expect(412).etag(), tag(&quick));
    assert_eq!(get(&server, NODE).await.json(), quick.json());
}

#[tokio::test]
async fn a_put_that_arrives_slowly_is_checked_when_it_is_written() {
    let server = start().await;
    let current = tag(&get(&server, NODE).await);
    let fields = [JSON, WITH_TAGS, ("If-Match", current.as_str())];

    let slow = server
        .begin("PUT", NODE, &fields, r#"{"driver": "slow"}"#)
        .await;
    let quick = patch_if_match(&server, NODE, &current, QUICK)
        .await
        .expect(200);
    assert_eq!(slow.finish().await.expect(412).etag(), tag(&quick));
    assert_eq!(get(&server, NODE).await.json(), quick.json());
}

#[tokio::test]
async fn without_a_conductor_nothing_is_written() {
    let (api, conductor) = parts();
    let server = Server::start(api).await;
    drop(conductor);
    let before = get(&server, NODE).await.json();
    patch(&server, NODE, EXTRA).await.expect(503);
    assert_eq!(get(&server, NODE).await.json(), before);
}
