//! A heartbeat writes to its node, and so it can name the node's tag.

use example_support::scenario::{Response, Server};

use super::{
    EXTRA, HEARTBEAT, JSON, NODE, VERSION, WITH_TAGS, WITHOUT_TAGS, get, patch, start, tag,
};

async fn heartbeat(server: &Server, target: &str, fields: &[(&str, &str)]) -> Response {
    let fields = [&[JSON], fields].concat();
    let content = r#"{"callback_url": "http://192.0.2.7:9999"}"#;
    server.send_content("POST", target, &fields, content).await
}

#[tokio::test]
async fn a_stale_tag_is_refused() {
    let server = start().await;
    let stale = tag(&get(&server, NODE).await);
    let current = tag(&patch(&server, NODE, EXTRA).await.expect(200));

    for target in [HEARTBEAT, "/v1/heartbeat/test_node_classic"] {
        let refused = heartbeat(&server, target, &[WITH_TAGS, ("If-Match", &stale)]).await;
        assert_eq!(refused.status_line, "HTTP/1.1 412 Precondition Failed");
        assert_eq!(refused.etag(), current);
        assert_eq!(refused.json()["error_message"]["faultcode"], "Client");
    }
    let node = get(&server, NODE).await.json();
    assert_eq!(node["driver_internal_info"].to_string(), "{}");

    for accepted in [&current, "*"] {
        heartbeat(&server, HEARTBEAT, &[WITH_TAGS, ("If-Match", accepted)])
            .await
            .expect(202);
    }
    assert_eq!(tag(&get(&server, NODE).await), current);
}

#[tokio::test]
async fn a_version_that_knows_no_tags_refuses_if_match() {
    let server = start().await;
    let current = tag(&get(&server, NODE).await);
    for version in [WITHOUT_TAGS, (VERSION, "1.1")] {
        for tag in [current.as_str(), "W/eeee", "*"] {
            let refused = heartbeat(&server, HEARTBEAT, &[version, ("If-Match", tag)]).await;
            assert_eq!(refused.status_line, "HTTP/1.1 406 Not Acceptable");
            assert_eq!(refused.field("etag"), None);
        }
    }
    heartbeat(&server, HEARTBEAT, &[WITHOUT_TAGS])
        .await
        .expect(202);
}

#[tokio::test]
async fn of_a_node_that_there_is_not() {
    let server = start().await;
    let none = "/v1/heartbeat/none";
    heartbeat(&server, none, &[WITH_TAGS, ("If-Match", "*")])
        .await
        .expect(412);
    heartbeat(&server, none, &[WITH_TAGS]).await.expect(404);
}
