//! What the specification leaves open: forms of tags, versions, what belongs together, bad input.

use super::{
    CHASSIS, EXTRA, HEARTBEAT, JSON, NODE, OTHER_PORT, PORT, PORTGROUP, VERSION, WITH_TAGS,
    delete_if_match, get, patch, patch_if_match, start, tag,
};

const EMPTY: &str = "[]";

#[tokio::test]
async fn forms_of_tags() {
    let server = start().await;
    let current = tag(&get(&server, NODE).await);
    let digits = &current[2..];
    let accepted = [
        current.clone(),
        format!("W/\"{digits}\""),
        format!("\"{digits}\""),
        digits.to_owned(),
        format!("W/\"x\", {current}"),
        "*".to_owned(),
    ];
    for tag in &accepted {
        patch_if_match(&server, NODE, tag, EMPTY).await.expect(200);
    }
    let refused = [
        String::new(),
        "W/eeeeeeeeeeeeee".to_owned(),
        format!("w/{digits}"),
        current.to_uppercase(),
        current[..129].to_owned(),
        format!("{current}-gzip"),
    ];
    for tag in &refused {
        patch_if_match(&server, NODE, tag, EXTRA).await.expect(412);
    }
    assert_eq!(tag(&get(&server, NODE).await), current);
}

#[tokio::test]
async fn every_response_tells_the_versions() {
    let server = start().await;
    let current = tag(&get(&server, NODE).await);
    let responses = [
        patch_if_match(&server, NODE, &current, EMPTY)
            .await
            .expect(200),
        patch_if_match(&server, NODE, "W/eeee", EXTRA)
            .await
            .expect(412),
        get(&server, "/v1/nodes/none").await.expect(404),
    ];
    for response in responses {
        assert_eq!(response.field(VERSION), Some("1.40"));
        assert_eq!(
            response.field("x-openstack-ironic-api-minimum-version"),
            Some("1.1")
        );
        assert_eq!(
            response.field("x-openstack-ironic-api-maximum-version"),
            Some("1.51")
        );
        assert_eq!(
            response.field("vary"),
            Some("x-openstack-ironic-api-version")
        );
    }
    for version in ["1.52", "1.0", "2.1", "1", "", "1.-1", "newest"] {
        let refused = server
            .send("GET", NODE, &[(VERSION, version)])
            .await
            .expect(406);
        assert_eq!(refused.field(VERSION), None);
    }
    let latest = server
        .send("GET", NODE, &[(VERSION, "latest")])
        .await
        .expect(200);
    assert_eq!(latest.field(VERSION), Some("1.51"));
}

#[tokio::test]
async fn where_nothing_exists_if_match_is_false() {
    let server = start().await;
    for tag in ["W/eeee", "*"] {
        patch_if_match(&server, "/v1/nodes/none", tag, EXTRA)
            .await
            .expect(412);
    }
    patch(&server, "/v1/nodes/none", EXTRA).await.expect(404);
    delete_if_match(&server, "/v1/ports/none", "W/eeee")
        .await
        .expect(412);
    server
        .send("DELETE", "/v1/ports/none", &[WITH_TAGS])
        .await
        .expect(404);
    for target in ["/v1/volumes", "/v1/volumes/1", "/v2/nodes", "/"] {
        get(&server, target).await.expect(404);
    }
    server.send("POST", NODE, &[WITH_TAGS]).await.expect(405);
}

#[tokio::test]
async fn a_node_can_be_named() {
    let server = start().await;
    let by_uuid = get(&server, NODE).await.expect(200);
    let by_name = get(&server, "/v1/nodes/test_node_classic")
        .await
        .expect(200);
    assert_eq!(by_name.json(), by_uuid.json());
    let target = "/v1/nodes/test%5Fnode%5Fclassic";
    patch_if_match(&server, target, &tag(&by_uuid), EXTRA)
        .await
        .expect(200);
    patch_if_match(&server, target, &tag(&by_uuid), EXTRA)
        .await
        .expect(412);
}

#[tokio::test]
async fn what_cannot_be_without_a_node_goes_with_it() {
    let server = start().await;
    let group = PORTGROUP.rsplit('/').next().expect("a UUID");
    let join = format!(r#"[{{"op": "add", "path": "/portgroup_uuid", "value": "{group}"}}]"#);
    patch(&server, PORT, &join).await.expect(200);
    server
        .send("DELETE", PORTGROUP, &[WITH_TAGS])
        .await
        .expect(409);

    let current = tag(&get(&server, NODE).await);
    delete_if_match(&server, NODE, &current).await.expect(204);
    for gone in [NODE, PORT, OTHER_PORT, PORTGROUP] {
        get(&server, gone).await.expect(404);
    }
    get(&server, CHASSIS).await.expect(200);
}

#[tokio::test]
async fn patches_are_checked_and_none_is_half_applied() {
    let server = start().await;
    let before = get(&server, NODE).await.json();
    let deep = "/x".repeat(40);
    for (patch_status, operations) in [
        (400, r#"{"op": "add"}"#.to_owned()),
        (400, r#"[{"op": "add", "path": "/extra"}]"#.to_owned()),
        (400, r#"[{"op": "test", "path": "/extra", "value": {}}]"#.to_owned()),
        (400, r#"[{"op": "copy", "from": "/extra", "path": "/properties/a"}]"#.to_owned()),
        (400, r#"[{"op": "replace", "path": "", "value": {}}]"#.to_owned()),
        (400, r#"[{"op": "add", "path": "/uuid", "value": "x"}]"#.to_owned()),
        (400, r#"[{"op": "add", "path": "/etag", "value": "W/x"}]"#.to_owned()),
        (400, r#"[{"op": "add", "path": "/driver_internal_info/a", "value": 1}]"#.to_owned()),
        (400, r#"[{"op": "add", "path": "/unheard", "value": 1}]"#.to_owned()),
        (400, r#"[{"op": "remove", "path": "/driver"}]"#.to_owned()),
        (400, r#"[{"op": "remove", "path": "/extra/none"}]"#.to_owned()),
        (400, r#"[{"op": "replace", "path": "/driver", "value": null}]"#.to_owned()),
        (400, r#"[{"op": "replace", "path": "/extra", "value": []}]"#.to_owned()),
        (400, r#"[{"op": "replace", "path": "/maintenance", "value": null}]"#.to_owned()),
        (400, r#"[{"op": "replace", "path": "/chassis_uuid", "value": "rack"}]"#.to_owned()),
        (
            400,
            r#"[{"op": "add", "path": "/chassis_uuid", "value": "00000000-0000-0000-0000-000000000000"}]"#
                .to_owned(),
        ),
        (400, format!(r#"[{{"op": "add", "path": "/extra{deep}", "value": 1}}]"#)),
        (406, r#"[{"op": "add", "path": "/description", "value": "new"}]"#.to_owned()),
        (
            400,
            r#"[{"op": "add", "path": "/extra/a", "value": 1}, {"op": "remove", "path": "/extra/b"}]"#
                .to_owned(),
        ),
    ] {
        let refused = patch(&server, NODE, &operations).await.expect(patch_status);
        assert_eq!(refused.json()["error_message"]["faultcode"], "Client", "{operations}");
    }
    assert_eq!(get(&server, NODE).await.json(), before);
    let text = [("Content-Type", "text/plain"), WITH_TAGS];
    server
        .send_content("PATCH", NODE, &text, EXTRA)
        .await
        .expect(415);

    let reset = r#"[{"op": "remove", "path": "/name"}, {"op": "remove", "path": "/driver_info"}]"#;
    let node = patch(&server, NODE, reset).await.expect(200).json();
    assert_eq!(
        (node["name"].is_null(), node["driver_info"].to_string()),
        (true, "{}".to_owned())
    );
}

#[tokio::test]
async fn new_objects_are_checked() {
    let server = start().await;
    let node = NODE.rsplit('/').next().expect("a UUID");
    let port = |address: &str| format!(r#"{{"address": "{address}", "node_uuid": "{node}"}}"#);
    for (list, content, status) in [
        ("/v1/nodes", "{}".to_owned(), 400),
        (
            "/v1/nodes",
            r#"{"driver": "fake", "uuid": "x"}"#.to_owned(),
            400,
        ),
        (
            "/v1/nodes",
            r#"{"driver": "fake", "created_at": null}"#.to_owned(),
            400,
        ),
        (
            "/v1/nodes",
            r#"{"driver": "fake", "colour": "red"}"#.to_owned(),
            400,
        ),
        (
            "/v1/nodes",
            r#"{"driver": "fake", "description": "new"}"#.to_owned(),
            406,
        ),
        (
            "/v1/nodes",
            format!(r#"{{"driver": "fake", "uuid": "{node}"}}"#),
            409,
        ),
        (
            "/v1/nodes",
            r#"{"driver": "fake", "name": "test_node_classic"}"#.to_owned(),
            409,
        ),
        ("/v1/ports", port("22:22:22:22:22:22"), 409),
        ("/v1/ports", port("22:22:22:22:22"), 400),
        ("/v1/ports", port("not:a:mac:ad:dr:es"), 400),
        ("/v1/ports", "[]".to_owned(), 400),
    ] {
        let fields = [JSON, WITH_TAGS];
        let refused = server.send_content("POST", list, &fields, &content).await;
        refused.expect(status);
    }
    assert_eq!(
        get(&server, "/v1/nodes").await.json()["nodes"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    server
        .send_content("POST", HEARTBEAT, &[JSON], "{}")
        .await
        .expect(400);
    let url = r#"{"callback_url": "http://192.0.2.7:9999"}"#;
    server
        .send_content("POST", "/v1/heartbeat/none", &[JSON], url)
        .await
        .expect(404);
}
