//! The first check: the API's, before it reads the content and before it calls the conductor.

use example_ironic::parts;
use example_support::scenario::Server;

use super::{
    EXTRA, HEARTBEAT, JSON, NODE, ONE_OF_EACH, WITH_TAGS, WITHOUT_TAGS, delete_if_match, get,
    patch, patch_if_match, start, tag,
};

const MALFORMED: &str = r#"[{"op": "#;

#[tokio::test]
async fn a_stale_tag_needs_no_conductor() {
    let (api, conductor) = parts();
    let server = Server::start(api).await;
    drop(conductor);
    for target in ONE_OF_EACH {
        let current = tag(&get(&server, target).await);
        for stale in ["W/eeeeeeeeeeeeee", ""] {
            let refused = patch_if_match(&server, target, stale, EXTRA)
                .await
                .expect(412);
            assert_eq!(refused.etag(), current);
            delete_if_match(&server, target, stale).await.expect(412);
        }
        patch_if_match(&server, target, &current, EXTRA)
            .await
            .expect(503);
        delete_if_match(&server, target, &current).await.expect(503);
        assert_eq!(tag(&get(&server, target).await), current);
    }
    for (tag, status) in [("W/eeeeeeeeeeeeee", 412), ("*", 503)] {
        let fields = [JSON, WITH_TAGS, ("If-Match", tag)];
        let content = r#"{"callback_url": "http://192.0.2.7:9999"}"#;
        server
            .send_content("POST", HEARTBEAT, &fields, content)
            .await
            .expect(status);
    }
}

#[tokio::test]
async fn a_stale_tag_needs_no_content() {
    let server = start().await;
    let stale = tag(&get(&server, NODE).await);
    let current = tag(&patch(&server, NODE, EXTRA).await.expect(200));
    for (method, target) in [("PATCH", NODE), ("PUT", NODE), ("POST", HEARTBEAT)] {
        let refused = server
            .send_head(method, target, &[JSON, WITH_TAGS, ("If-Match", &stale)])
            .await
            .expect(412);
        assert_eq!(refused.etag(), current);
        server
            .send_head(method, target, &[JSON, WITHOUT_TAGS, ("If-Match", &stale)])
            .await
            .expect(406);
    }
    assert_eq!(tag(&get(&server, NODE).await), current);
}

#[tokio::test]
async fn a_stale_tag_comes_before_a_malformed_patch() {
    let server = start().await;
    for target in ONE_OF_EACH {
        let current = tag(&get(&server, target).await);
        patch_if_match(&server, target, &current, MALFORMED)
            .await
            .expect(400);
        let refused = patch_if_match(&server, target, "W/eeeeeeeeeeeeee", MALFORMED)
            .await
            .expect(412);
        assert_eq!(refused.etag(), current);

        let text = [
            ("Content-Type", "text/plain"),
            WITH_TAGS,
            ("If-Match", "W/eeeeeeeeeeeeee"),
        ];
        server
            .send_content("PATCH", target, &text, EXTRA)
            .await
            .expect(412);
        assert_eq!(tag(&get(&server, target).await), current);
    }
}
