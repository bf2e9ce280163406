//! Ironic's entity tags: what its specification says, in its order.

mod before_content;
mod client;
mod command;
mod conductor;
mod corner_cases;
mod heartbeat;
mod notifications;
mod put;
mod subresources;
mod unsupported;
mod writers;

use std::collections::BTreeMap;

use example_ironic::app;
use example_support::scenario::{Response, Server};
use serde_json::Value;
use sha2::{Digest, Sha512};

const NODE: &str = "/v1/nodes/6d85703a-565d-469a-96ce-30b6de53079d";
const HEARTBEAT: &str = "/v1/heartbeat/6d85703a-565d-469a-96ce-30b6de53079d";
const CHASSIS: &str = "/v1/chassis/dff29d23-1ded-43b4-8ae1-5eebb3e30de1";
const PORTGROUP: &str = "/v1/portgroups/e43c722c-248e-4c6e-8ce8-0d8ff129387a";
const PORT: &str = "/v1/ports/11111111-2222-3333-4444-555555555555";
const OTHER_PORT: &str = "/v1/ports/66666666-7777-8888-9999-222222222222";

const ONE_OF_EACH: [&str; 4] = [NODE, PORT, PORTGROUP, CHASSIS];

const JSON: (&str, &str) = ("Content-Type", "application/json");
const VERSION: &str = "X-OpenStack-Ironic-API-Version";
const WITH_TAGS: (&str, &str) = (VERSION, "1.40");
const WITHOUT_TAGS: (&str, &str) = (VERSION, "1.39");

/// Something that an object of any kind can have.
const EXTRA: &str = r#"[{"op": "add", "path": "/extra/foo", "value": "bar"}]"#;

async fn start() -> Server {
    Server::start(app()).await
}

async fn get(server: &Server, target: &str) -> Response {
    server.send("GET", target, &[WITH_TAGS]).await
}

async fn patch(server: &Server, target: &str, patch: &str) -> Response {
    server
        .send_content("PATCH", target, &[JSON, WITH_TAGS], patch)
        .await
}

async fn patch_if_match(server: &Server, target: &str, tag: &str, patch: &str) -> Response {
    let fields = [JSON, WITH_TAGS, ("If-Match", tag)];
    server.send_content("PATCH", target, &fields, patch).await
}

async fn delete_if_match(server: &Server, target: &str, tag: &str) -> Response {
    server
        .send("DELETE", target, &[WITH_TAGS, ("If-Match", tag)])
        .await
}

/// The tag in the field, which is the one in the body, and has the form of the specification.
#[track_caller]
fn tag(response: &Response) -> String {
    let tag = response.etag();
    assert_eq!(response.json()["etag"], tag);
    let digits = tag.strip_prefix("W/").expect("the tag is weak");
    assert!(
        digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
        "{tag}"
    );
    assert_eq!(tag.len(), 130);
    tag.to_owned()
}

#[tokio::test]
async fn a_resource_has_its_tag_in_the_field_and_in_the_body() {
    let server = start().await;
    let mut tags = Vec::new();
    for target in ONE_OF_EACH {
        tags.push(tag(&get(&server, target).await.expect(200)));
    }
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(tags.len(), ONE_OF_EACH.len());
}

#[tokio::test]
async fn each_item_of_a_list_has_its_own_tag() {
    let server = start().await;
    let list = get(&server, "/v1/ports").await.expect(200);
    assert_eq!(list.field("etag"), None);
    let list = list.json();
    let items = list["ports"].as_array().expect("a list of ports");
    assert_eq!(items.len(), 2);
    for (item, target) in items.iter().zip([PORT, OTHER_PORT]) {
        let port = get(&server, target).await.expect(200);
        assert_eq!(*item, port.json());
        assert_eq!(item["etag"], tag(&port));
    }
}

#[tokio::test]
async fn if_match_is_optional_and_a_stale_tag_is_refused() {
    let server = start().await;
    for target in ONE_OF_EACH {
        let old = tag(&get(&server, target).await);
        let new = tag(&patch_if_match(&server, target, &old, EXTRA)
            .await
            .expect(200));
        assert_ne!(old, new);
        assert_eq!(tag(&get(&server, target).await), new);

        let other = r#"[{"op": "replace", "path": "/extra/foo", "value": "overwritten"}]"#;
        let refused = patch_if_match(&server, target, &old, other).await;
        assert_eq!(refused.status_line, "HTTP/1.1 412 Precondition Failed");
        assert_eq!(refused.etag(), new);
        delete_if_match(&server, target, &old).await.expect(412);
        assert_eq!(get(&server, target).await.json()["extra"]["foo"], "bar");

        // "SHOULD": without If-Match the request goes through.
        let newest = tag(&patch(&server, target, other).await.expect(200));
        assert_ne!(newest, new);
    }
    for target in ONE_OF_EACH.into_iter().rev() {
        let current = tag(&get(&server, target).await);
        delete_if_match(&server, target, &current).await.expect(204);
        get(&server, target).await.expect(404);
    }
}

/// `ironic node-update --etag <etag_string> driver_info/foo=value`
#[tokio::test]
async fn the_workflow_of_the_shell() {
    let server = start().await;
    let etag = get(&server, NODE).await.json()["etag"].clone();
    let etag = etag.as_str().expect("a tag in the body");
    let update = r#"[{"op": "add", "path": "/driver_info/foo", "value": "value"}]"#;
    let updated = patch_if_match(&server, NODE, etag, update)
        .await
        .expect(200);
    assert_eq!(updated.json()["driver_info"]["foo"], "value");
    patch_if_match(&server, NODE, etag, update)
        .await
        .expect(412);
    assert_eq!(get(&server, NODE).await.json(), updated.json());
}

#[tokio::test]
async fn a_new_resource_has_a_tag_at_once() {
    let server = start().await;
    for (list, content) in [
        ("/v1/chassis", r#"{"description": "new"}"#),
        ("/v1/nodes", r#"{"driver": "fake", "name": "new"}"#),
        (
            "/v1/ports",
            r#"{"address": "44:44:44:44:44:44", "node_uuid": "6d85703a-565d-469a-96ce-30b6de53079d"}"#,
        ),
    ] {
        let fields = [JSON, WITH_TAGS];
        let created = server
            .send_content("POST", list, &fields, content)
            .await
            .expect(201);
        let location = created.field("location").expect("the new resource's path");
        assert_eq!(
            tag(&get(&server, location).await.expect(200)),
            tag(&created)
        );
    }
}

#[tokio::test]
async fn the_tag_is_the_digest_of_the_fields_but_for_the_ignored() {
    let server = start().await;
    for (target, ignored) in [
        (NODE, &["driver_internal_info", "etag", "updated_at"][..]),
        (PORT, &["etag", "updated_at"]),
        (PORTGROUP, &["etag", "updated_at"]),
        (CHASSIS, &["etag", "updated_at"]),
    ] {
        patch(&server, target, EXTRA).await.expect(200);
        let object = server
            .send("GET", target, &[(VERSION, "latest")])
            .await
            .expect(200);
        let mut fields: BTreeMap<String, Value> =
            serde_json::from_str(&object.content).expect("an object");
        fields.retain(|name, _| !ignored.contains(&name.as_str()));
        let json = serde_json::to_string(&fields).expect("JSON");
        let digits: String = Sha512::digest(&json)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(tag(&object), format!("W/{digits}"), "{json}");
    }
}

#[tokio::test]
async fn ignored_fields_do_not_move_the_tag() {
    let server = start().await;
    let before = get(&server, NODE).await;
    let content = r#"{"callback_url": "http://192.0.2.7:9999"}"#;
    server
        .send_content("POST", HEARTBEAT, &[JSON], content)
        .await
        .expect(202);

    let after = get(&server, NODE).await;
    let (old, new) = (before.json(), after.json());
    assert_eq!(
        new["driver_internal_info"]["agent_url"],
        "http://192.0.2.7:9999"
    );
    assert_ne!(old["driver_internal_info"], new["driver_internal_info"]);
    assert_ne!(old["updated_at"], new["updated_at"]);
    assert_eq!(tag(&before), tag(&after));
    patch_if_match(&server, NODE, &tag(&before), EXTRA)
        .await
        .expect(200);
}

#[tokio::test]
async fn the_tag_does_not_depend_on_the_version() {
    let server = start().await;
    let older = get(&server, NODE).await.expect(200);
    let newer = server
        .send("GET", NODE, &[(VERSION, "1.51")])
        .await
        .expect(200);
    assert_eq!(older.json().get("description"), None);
    assert_eq!(newer.json().get("description"), Some(&Value::Null));
    assert_eq!(tag(&older), tag(&newer));

    let describe = r#"[{"op": "add", "path": "/description", "value": "in rack 7"}]"#;
    let fields = [JSON, (VERSION, "1.51"), ("If-Match", older.etag())];
    let described = server
        .send_content("PATCH", NODE, &fields, describe)
        .await
        .expect(200);
    assert_eq!(tag(&get(&server, NODE).await), tag(&described));
    assert_ne!(tag(&older), tag(&described));
}

#[tokio::test]
async fn a_version_that_knows_no_tags_shows_none_and_refuses_if_match() {
    let server = start().await;
    let current = tag(&get(&server, NODE).await);
    for version in [&[WITHOUT_TAGS][..], &[(VERSION, "1.1")], &[]] {
        let node = server.send("GET", NODE, version).await.expect(200);
        assert_eq!(node.field("etag"), None);
        assert_eq!(node.json().get("etag"), None);
        let list = server
            .send("GET", "/v1/ports", version)
            .await
            .expect(200)
            .json();
        assert_eq!(list["ports"][0].get("etag"), None);

        for tag in [current.as_str(), "*", ""] {
            let fields = [version, &[JSON, ("If-Match", tag)]].concat();
            let refused = server.send_content("PATCH", NODE, &fields, EXTRA).await;
            assert_eq!(refused.status_line, "HTTP/1.1 406 Not Acceptable");
            assert_eq!(refused.field("etag"), None);
            server.send("DELETE", NODE, &fields).await.expect(406);
        }
        assert_eq!(tag(&get(&server, NODE).await), current);
    }

    let fields = [WITHOUT_TAGS, JSON];
    let written = server
        .send_content("PATCH", NODE, &fields, EXTRA)
        .await
        .expect(200);
    assert_eq!(written.field("etag"), None);
    assert_eq!(written.json().get("etag"), None);
    assert_ne!(tag(&get(&server, NODE).await), current);
}
