//! The check comes before the content is read, and before what is wrong with it.

use example_support::scenario::Server;

use super::{DOC, JSON, configured, get, object_id, put, put_if_match, with_doc};

const FORCED: &str = "/test/coll/doc?checkEtag";

const MALFORMED: &str = "{";

const WRONG: (&str, &str) = ("If-Match", "wrong_etag");

/// Writes without a tag are refused by their head, and the handler has its say after a right tag only.
async fn assert_required(server: &Server, target: &str) {
    let current = object_id(&get(server, target).await.expect(200));
    for method in ["PUT", "PATCH"] {
        let head = server.send_head(method, target, &[JSON]).await.expect(409);
        assert_eq!(object_id(&head), current);
    }
    let malformed = put(server, target, MALFORMED).await.expect(409);
    assert_eq!(object_id(&malformed), current);
    put_if_match(server, target, &current, MALFORMED)
        .await
        .expect(400);
    assert_eq!(object_id(&get(server, target).await), current);
}

#[tokio::test]
async fn when_the_request_forces_it() {
    let server = with_doc().await;
    put(&server, DOC, MALFORMED).await.expect(400);
    assert_required(&server, FORCED).await;
}

#[tokio::test]
async fn when_the_metadata_demand_it() {
    let server = with_doc().await;
    put(&server, "/test/coll", r#"{"etagDocPolicy": "REQUIRED"}"#)
        .await
        .expect(200);
    assert_required(&server, DOC).await;

    put(&server, "/test", r#"{"etagPolicy": "REQUIRED"}"#)
        .await
        .expect(200);
    for target in ["/test/coll", "/test"] {
        assert_required(&server, target).await;
    }
}

#[tokio::test]
async fn when_the_configuration_demands_it() {
    let server = configured("db: REQUIRED, coll: REQUIRED, doc: REQUIRED").await;
    for target in ["/db", "/db/coll", "/db/coll/doc"] {
        put(&server, target, "").await.expect(201);
        assert_required(&server, target).await;
    }
}

#[tokio::test]
async fn when_the_tag_is_wrong() {
    let server = with_doc().await;
    let current = object_id(&get(&server, DOC).await);
    for target in [DOC, FORCED, "/test/coll", "/test"] {
        for method in ["PUT", "PATCH"] {
            server
                .send_head(method, target, &[JSON, WRONG])
                .await
                .expect(412);
        }
    }
    let refused = put_if_match(&server, FORCED, WRONG.1, MALFORMED)
        .await
        .expect(412);
    assert_eq!(object_id(&refused), current);
    let text = [("Content-Type", "text/plain"), WRONG];
    server
        .send_content("PATCH", DOC, &text, "new")
        .await
        .expect(412);
    server
        .send_head("PUT", DOC, &[JSON, ("If-None-Match", "*")])
        .await
        .expect(412);
    assert_eq!(object_id(&get(&server, DOC).await), current);
}

#[tokio::test]
async fn but_not_where_nothing_exists() {
    let server = with_doc().await;
    for tag in [&[JSON][..], &[JSON, WRONG]] {
        server
            .send_content("PUT", "/test/coll/new?checkEtag", tag, MALFORMED)
            .await
            .expect(400);
    }
}

#[tokio::test]
async fn and_again_when_the_policy_has_changed_since() {
    let server = with_doc().await;
    let optional = server
        .begin("PUT", DOC, &[JSON], r#"{"by": "the slow one"}"#)
        .await;
    let new = server
        .begin(
            "PUT",
            "/test/coll/new",
            &[JSON],
            r#"{"by": "the slow one"}"#,
        )
        .await;
    let current = object_id(&get(&server, DOC).await);
    let tagged = [JSON, ("If-Match", current.as_str())];
    let guarded = server
        .begin("PATCH", DOC, &tagged, r#"{"by": "the guarded one"}"#)
        .await;

    put(&server, "/test/coll", r#"{"etagDocPolicy": "REQUIRED"}"#)
        .await
        .expect(200);
    let created = put(&server, "/test/coll/new", "").await.expect(201);

    assert_eq!(object_id(&optional.finish().await.expect(409)), current);
    let refused = new.finish().await.expect(409);
    assert_eq!(object_id(&refused), object_id(&created));
    assert_eq!(refused.json()["http status code"], 409);
    guarded.finish().await.expect(200);
    assert_eq!(get(&server, DOC).await.json()["by"], "the guarded one");
}
