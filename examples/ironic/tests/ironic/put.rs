//! PUT puts the content in place of what the client can write.

use example_support::scenario::{Response, Server};
use serde_json::{Value, json};

use super::{
    EXTRA, HEARTBEAT, JSON, NODE, ONE_OF_EACH, PORT, VERSION, WITH_TAGS, WITHOUT_TAGS, get, patch,
    start, tag,
};

async fn put(server: &Server, target: &str, fields: &[(&str, &str)], content: &Value) -> Response {
    let fields = [&[JSON], fields].concat();
    server
        .send_content("PUT", target, &fields, &content.to_string())
        .await
}

#[tokio::test]
async fn what_was_read_can_be_sent_back_changed() {
    let server = start().await;
    for target in ONE_OF_EACH {
        let read = get(&server, target).await;
        let current = tag(&read);
        let mut object = read.json();
        object["extra"] = json!({ "by": "me" });
        let guarded = [WITH_TAGS, ("If-Match", current.as_str())];
        let put_back = put(&server, target, &guarded, &object).await.expect(200);
        let new = tag(&put_back);
        assert_ne!(new, current);
        assert_eq!(get(&server, target).await.json(), put_back.json());
        assert_eq!(put_back.json()["extra"]["by"], "me");

        object["extra"] = json!({ "by": "another" });
        let refused = put(&server, target, &guarded, &object).await.expect(412);
        assert_eq!(refused.etag(), new);
        assert_eq!(get(&server, target).await.json(), put_back.json());

        // "SHOULD": without If-Match it goes through, and what changes nothing leaves the tag.
        let same = put(&server, target, &[WITH_TAGS], &put_back.json()).await;
        assert_eq!(tag(&same.expect(200)), new);
    }
}

#[tokio::test]
async fn what_is_not_named_is_reset() {
    let server = start().await;
    patch(&server, NODE, EXTRA).await.expect(200);
    let put = put(&server, NODE, &[WITH_TAGS], &json!({ "driver": "fake" })).await;
    let node = put.expect(200).json();
    assert_eq!(node["driver"], "fake");
    assert_eq!(
        (node["name"].is_null(), node["extra"].to_string()),
        (true, "{}".to_owned())
    );
    assert_eq!(node["uuid"], NODE.rsplit('/').next().unwrap());
    assert!(node["created_at"].is_string() && node["updated_at"].is_string());
}

#[tokio::test]
async fn what_the_version_does_not_show_stays() {
    let server = start().await;
    let describe = r#"[{"op": "add", "path": "/description", "value": "in rack 7"}]"#;
    let newest = [JSON, (VERSION, "1.51")];
    server
        .send_content("PATCH", NODE, &newest, describe)
        .await
        .expect(200);
    let read = get(&server, NODE).await;
    let guarded = [WITH_TAGS, ("If-Match", read.etag())];
    put(&server, NODE, &guarded, &json!({ "driver": "fake" }))
        .await
        .expect(200);
    let node = server.send("GET", NODE, &newest[1..]).await.json();
    assert_eq!(node["description"], "in rack 7");
    let unheard = json!({ "driver": "fake", "description": "in rack 8" });
    put(&server, NODE, &[WITH_TAGS], &unheard).await.expect(406);
    let node = server.send("GET", NODE, &newest[1..]).await.json();
    assert_eq!(node["description"], "in rack 7");
}

/// A heartbeat moves `updated_at` and not the tag: what was read before is still current.
#[tokio::test]
async fn what_is_internal_has_no_effect() {
    let server = start().await;
    let read = get(&server, NODE).await;
    server
        .send_content(
            "POST",
            HEARTBEAT,
            &[JSON],
            r#"{"callback_url": "http://192.0.2.7"}"#,
        )
        .await
        .expect(202);
    let guarded = [WITH_TAGS, ("If-Match", read.etag())];
    let put = put(&server, NODE, &guarded, &read.json()).await.expect(200);
    let node = put.json();
    assert_eq!(
        node["driver_internal_info"]["agent_url"],
        "http://192.0.2.7"
    );
    assert_eq!(put.etag(), read.etag());
}

#[tokio::test]
async fn content_is_checked() {
    let server = start().await;
    let before = get(&server, PORT).await.json();
    let mut of_another = before.clone();
    of_another["uuid"] = json!("66666666-7777-8888-9999-222222222222");
    let mut unheard = before.clone();
    unheard["colour"] = json!("red");
    for (content, status) in [
        (json!({}), 400),
        (json!([]), 400),
        (of_another, 400),
        (unheard, 400),
        (
            json!({ "address": "22:22:22:22:22:22", "node_uuid": "x" }),
            400,
        ),
    ] {
        put(&server, PORT, &[WITH_TAGS], &content)
            .await
            .expect(status);
    }
    let large = json!({ "extra": { "a": "x".repeat(300 * 1024) } });
    put(&server, PORT, &[WITH_TAGS], &large).await.expect(400);
    let larger = json!({ "extra": { "a": "x".repeat(3 * 1024 * 1024) } });
    let refused = put(&server, PORT, &[WITH_TAGS], &larger).await.expect(413);
    assert_eq!(refused.json()["error_message"]["faultcode"], "Client");
    assert_eq!(get(&server, PORT).await.json(), before);

    put(&server, "/v1/ports/none", &[WITH_TAGS], &before)
        .await
        .expect(404);
    for tag in ["W/eeee", "*"] {
        put(
            &server,
            "/v1/ports/none",
            &[WITH_TAGS, ("If-Match", tag)],
            &before,
        )
        .await
        .expect(412);
    }
    let old = [WITHOUT_TAGS, ("If-Match", "*")];
    put(&server, PORT, &old, &before).await.expect(406);
    let text = [("Content-Type", "text/plain"), WITH_TAGS];
    server
        .send_content("PUT", PORT, &text, "{}")
        .await
        .expect(415);
}
