//! Resources below the one that they name, each with its own tag.

use super::{
    EXTRA, NODE, OTHER_PORT, PORT, PORTGROUP, WITH_TAGS, WITHOUT_TAGS, delete_if_match, get, patch,
    patch_if_match, start, tag,
};

const PORTS: &str = "/v1/nodes/6d85703a-565d-469a-96ce-30b6de53079d/ports";

#[tokio::test]
async fn a_list_has_the_tag_of_each() {
    let server = start().await;
    for target in [PORTS, "/v1/nodes/test_node_classic/ports"] {
        let list = get(&server, target).await.expect(200);
        assert_eq!(list.field("etag"), None);
        let list = list.json();
        let items = list["ports"].as_array().expect("a list of ports");
        assert_eq!(items.len(), 2);
        for (item, target) in items.iter().zip([PORT, OTHER_PORT]) {
            assert_eq!(*item, get(&server, target).await.json());
        }
    }
    let old = server.send("GET", PORTS, &[WITHOUT_TAGS]).await.expect(200);
    assert_eq!(old.json()["ports"][0].get("etag"), None);
}

#[tokio::test]
async fn a_list_has_only_what_names_the_resource() {
    let server = start().await;
    let group = format!("{PORTGROUP}/ports");
    assert_eq!(get(&server, &group).await.json()["ports"].to_string(), "[]");
    let uuid = PORTGROUP.rsplit('/').next().unwrap();
    let join = format!(r#"[{{"op": "add", "path": "/portgroup_uuid", "value": "{uuid}"}}]"#);
    let joined = patch(&server, OTHER_PORT, &join).await.expect(200);
    let list = get(&server, &group).await.json();
    assert_eq!(list["ports"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["ports"][0]["etag"], tag(&joined));
    let groups = get(&server, &format!("{NODE}/portgroups")).await.json();
    assert_eq!(groups["portgroups"][0]["uuid"], uuid);
}

#[tokio::test]
async fn one_of_them_is_guarded_by_its_own_tag() {
    let server = start().await;
    let path = format!("{PORTS}/11111111-2222-3333-4444-555555555555");
    let node = tag(&get(&server, NODE).await);
    let old = tag(&get(&server, &path).await.expect(200));
    assert_eq!(old, tag(&get(&server, PORT).await));

    let new = tag(&patch_if_match(&server, &path, &old, EXTRA)
        .await
        .expect(200));
    assert_eq!(tag(&get(&server, PORT).await), new);
    for stale in [&old, &node] {
        let refused = patch_if_match(&server, &path, stale, EXTRA).await;
        assert_eq!(refused.expect(412).etag(), new);
        delete_if_match(&server, &path, stale).await.expect(412);
    }
    assert_eq!(tag(&get(&server, PORT).await), new);
    assert_eq!(tag(&get(&server, NODE).await), node);
    delete_if_match(&server, &path, &new).await.expect(204);
    get(&server, PORT).await.expect(404);
    get(&server, NODE).await.expect(200);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let server = start().await;
    let create = r#"{"driver": "fake", "name": "other"}"#;
    let json = [("Content-Type", "application/json"), WITH_TAGS];
    server
        .send_content("POST", "/v1/nodes", &json, create)
        .await
        .expect(201);
    // A port of another node.
    let port = PORT.rsplit('/').next().unwrap();
    let elsewhere = format!("/v1/nodes/other/ports/{port}");
    for target in [
        &*elsewhere,
        "/v1/nodes/none/ports",
        "/v1/nodes/none/ports/x",
        "/v1/ports/x/nodes",
        "/v1/nodes/other/chassis",
        "/v1/nodes/other/volumes",
        "/v1/nodes/other/ports/x/y",
    ] {
        get(&server, target).await.expect(404);
    }
    let before = tag(&get(&server, PORT).await);
    patch(&server, &elsewhere, EXTRA).await.expect(404);
    patch_if_match(&server, &elsewhere, &before, EXTRA)
        .await
        .expect(412);
    assert_eq!(tag(&get(&server, PORT).await), before);
    server.send("POST", PORTS, &[WITH_TAGS]).await.expect(405);
    let list = get(&server, "/v1/nodes/other/ports").await.expect(200);
    assert_eq!(list.json()["ports"].to_string(), "[]");
}
