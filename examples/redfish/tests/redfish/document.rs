//! What rackfish's document says, where no other file here shows it.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    http::{HeaderMap, Method, StatusCode, header::ETAG},
    response::IntoResponse,
    routing::get,
};
use example_redfish::Tags;
use serde_json::{Value, json};

use crate::bmc::Bmc;

const SYSTEM: &str = "/redfish/v1/Systems/1";

/// "Example: Attribute Assignment", line by line.
#[tokio::test]
async fn the_first_example() {
    let bmc = Bmc::locked(Tags::Weak).await;
    let client = bmc.client();
    client.connect().await.unwrap();
    let mut system = client.find("Systems[0]").await.unwrap();
    let tag = system.tag().await.unwrap();
    bmc.sent();
    system.set("AssetTag", "MyNewServer").await.unwrap();
    assert_eq!(bmc.written_with(), tag);
    assert_eq!(bmc.now("AssetTag").await, "MyNewServer");
}

/// "Example: Resources Without ETags": "PATCH is sent without If-Match header (no error)".
#[tokio::test]
async fn the_power_state_is_set_without_a_tag() {
    let bmc = Bmc::start(Tags::None, false).await;
    let mut system = bmc.system();
    system.set("PowerState", "Off").await.unwrap();
    assert_eq!(bmc.written_with(), None);
    assert_eq!(bmc.now("PowerState").await, "Off");
    bmc.sent();
    let client = bmc.client();
    client
        .assign("system.PowerState", "On", None)
        .await
        .unwrap();
    assert_eq!(bmc.written_with(), None);
    assert_eq!(bmc.now("PowerState").await, "On");
}

/// What a handler has got: the method, some fields, and the content.
type Wire = Arc<Mutex<Vec<(Method, HeaderMap, String)>>>;

/// A BMC with the document's own JSON, and with this `ETag`. It answers a PATCH with this status.
async fn documented(field: Option<&'static str>, status: StatusCode) -> (Bmc, Wire) {
    let wire = Wire::default();
    let log = Arc::clone(&wire);
    let resource = json!({
        "@odata.id": SYSTEM,
        "@odata.type": "#ComputerSystem.v1_0_0.ComputerSystem",
        "@odata.etag": "W/\"12345678\"",
        "Id": "1",
        "AssetTag": "MyServer",
    });
    let read = move || {
        let mut response = Json(resource.clone()).into_response();
        if let Some(tag) = field {
            response.headers_mut().insert(ETAG, tag.parse().unwrap());
        }
        std::future::ready(response)
    };
    let patch = move |method: Method, headers: HeaderMap, content: String| {
        log.lock().unwrap().push((method, headers, content));
        std::future::ready(status)
    };
    let app = Router::new().route(SYSTEM, get(read).patch(patch));
    (Bmc::serve(app).await, wire)
}

/// "ETag Extraction" and "ETag Inclusion in PATCH": the request as it is printed there. A proxy may
/// have rewritten the tag in `ETag`, and not the one in the body.
#[tokio::test]
async fn the_request_is_the_documented_one() {
    for field in [None, Some("\"12345678-gzip\"")] {
        let (bmc, wire) = documented(field, StatusCode::NO_CONTENT).await;
        bmc.system().set("AssetTag", "NewValue").await.unwrap();
        let (method, headers, content) = wire.lock().unwrap().remove(0);
        assert_eq!(method, "PATCH");
        assert_eq!(headers["host"], bmc.address.to_string());
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers["if-match"], "W/\"12345678\"");
        assert_eq!(content, "{\"AssetTag\":\"NewValue\"}");
    }
}

/// `RedfishClient.patch(path, data, etag=None)`: nothing is read, and the tag is sent as it is. The
/// path may be a URL.
#[tokio::test]
async fn patch_takes_a_tag() {
    let (bmc, wire) = documented(None, StatusCode::OK).await;
    let client = bmc.client();
    let changes = json!({ "AssetTag": "x" });
    let url = bmc.url() + SYSTEM;
    for path in [SYSTEM, "Systems/1", &url] {
        let done = client.patch(path, &changes, Some("W/\"12345678\""));
        done.await.unwrap();
        let (_, headers, content) = wire.lock().unwrap().remove(0);
        assert_eq!(headers["if-match"], "W/\"12345678\"");
        assert_eq!(content, changes.to_string());
    }
    client.patch(SYSTEM, &changes, None).await.unwrap();
    let (_, headers, _) = wire.lock().unwrap().remove(0);
    assert!(!headers.contains_key("if-match"));
    assert!(bmc.sent().iter().all(|sent| sent.method == "PATCH"));
}

/// Without `etag=`, what this client has last seen guards the write.
#[tokio::test]
async fn patch_without_a_tag_carries_the_one_that_was_seen() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let client = bmc.client();
    let tag = client.at(SYSTEM).tag().await.unwrap();
    assert!(tag.is_some());
    bmc.sent();
    let changes = json!({ "AssetTag": "ours" });
    client.patch(SYSTEM, &changes, None).await.unwrap();
    assert_eq!(bmc.written_with(), tag);
    assert_eq!(bmc.now("AssetTag").await, "ours");
}

/// "if etag:" takes an empty tag for none. Here it is a mistake, since nothing would guard the write.
#[tokio::test]
async fn an_empty_tag_is_not_taken_for_none() {
    let bmc = Bmc::start(Tags::Weak, false).await;
    let changes = json!({ "AssetTag": "lost" });
    for tag in ["", " ", "a\nb"] {
        let sent = bmc.client().patch(SYSTEM, &changes, Some(tag)).await;
        assert!(sent.unwrap_err().to_string().contains("no tag"), "{tag:?}");
        let sent = bmc
            .client()
            .assign("system.AssetTag", "lost", Some(tag))
            .await;
        assert!(sent.unwrap_err().to_string().contains("no tag"), "{tag:?}");
        assert!(bmc.system().with_etag(tag).is_err());
    }
    assert!(bmc.sent().is_empty());
    assert_eq!(bmc.now("AssetTag").await, "MyServer");
}

#[tokio::test]
async fn patch_with_a_tag_that_is_no_longer_true_changes_nothing() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let client = bmc.client();
    let mut system = client.find("system").await.unwrap();
    let stale = system.tag().await.unwrap().unwrap();
    system.set("AssetTag", "theirs").await.unwrap();
    let before = bmc.system().json().await.unwrap().clone();

    let changes = json!({ "AssetTag": "mine" });
    let failure = client.patch(SYSTEM, &changes, Some(&stale)).await;
    assert!(failure.unwrap_err().is_refused());
    // After a refusal, there is no second attempt without a tag.
    bmc.sent();
    let failure = client.patch(SYSTEM, &changes, None).await.unwrap_err();
    assert!(!failure.is_refused());
    assert!(bmc.sent().is_empty(), "{failure}");
    let failure = client.assign("system.AssetTag", "mine", Some(&stale)).await;
    assert!(failure.unwrap_err().is_refused());
    let failure = bmc.system().with_etag(&stale).unwrap().patch(changes).await;
    assert!(failure.unwrap_err().is_refused());
    assert_eq!(bmc.system().json().await.unwrap(), &before);
}

/// "if resp.status_code not in (200, 204)". A 202 is a success here: the BMC has begun a task.
#[tokio::test]
async fn any_success_is_one() {
    for (status, succeeds) in [
        (200, true),
        (202, true),
        (204, true),
        (302, false),
        (503, false),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let (bmc, wire) = documented(None, status).await;
        let set = bmc.system().set("AssetTag", "x").await;
        assert_eq!(set.is_ok(), succeeds, "{status}: {set:?}");
        assert_eq!(wire.lock().unwrap().len(), 1, "no attempt is repeated");
    }
}

/// "Workaround: Fetch a fresh instance".
#[tokio::test]
async fn a_fresh_instance_can_write_after_a_refusal() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let client = bmc.client();
    let mut mine = client.find("Systems[0]").await.unwrap();
    mine.json().await.unwrap();
    bmc.system().set("AssetTag", "theirs").await.unwrap();
    assert!(mine.set("AssetTag", "mine").await.unwrap_err().is_refused());
    assert_eq!(bmc.now("AssetTag").await, "theirs");
    let mut fresh = client.find("Systems[0]").await.unwrap();
    fresh.set("AssetTag", "mine").await.unwrap();
    assert_eq!(bmc.now("AssetTag").await, "mine");
}

#[tokio::test]
async fn expressions_are_followed_as_in_python() {
    let bmc = Bmc::start(Tags::Strong, true).await;
    let client = bmc.client();
    for (text, path) in [
        ("system", SYSTEM),
        ("Systems", "/redfish/v1/Systems"),
        ("Systems[0]", SYSTEM),
        ("Systems.Members[0]", SYSTEM),
        (
            "AccountService.Accounts[0].Links.Role",
            "/redfish/v1/AccountService/Roles/Administrator",
        ),
    ] {
        assert_eq!(client.find(text).await.unwrap().path(), path, "{text}");
    }
    let place = client
        .place("system.Boot.BootSourceOverrideTarget", None)
        .await;
    assert_eq!(place.unwrap().value().await.unwrap(), Some(&json!("None")));
    let target = "system.Boot.BootSourceOverrideTarget";
    client.assign(target, "Pxe", None).await.unwrap();
    assert_eq!(bmc.now("Boot").await["BootSourceOverrideTarget"], "Pxe");

    bmc.sent();
    for text in [
        "",
        ".",
        "a..b",
        "Systems[",
        "Systems[x]",
        "Systems[-1]",
        "Systems[1]",
        "Systems[0]]",
        "Nonsense",
        "system.Nonsense.More",
        "system.AssetTag.More",
        "system.PowerState[0]",
        "Systems[99999999999999999999]",
    ] {
        assert!(client.find(text).await.is_err(), "{text}");
        assert!(client.assign(text, "x", None).await.is_err(), "{text}");
    }
    for text in [
        "system",
        "system.Boot",
        "Systems.Members",
        "system.Nonsense",
    ] {
        let failure = client.assign(text, Value::from("x"), None).await;
        assert!(failure.is_err(), "{text}");
    }
    assert!(bmc.sent().iter().all(|sent| sent.method == Method::GET));
}
