//! What the document leaves open: absent resources, forms of tags, races, bad input.

use super::{DOC, JSON, get, object_id, put, put_if_match, with_doc};

#[tokio::test]
async fn where_nothing_exists_the_tag_is_not_checked() {
    let server = with_doc().await;
    let delete = [("If-Match", "x")];
    server
        .send("DELETE", "/test/coll/none?checkEtag", &delete)
        .await
        .expect(404);
    server
        .send("DELETE", "/test/coll/none?checkEtag", &[])
        .await
        .expect(404);
    server.send("DELETE", "/none", &[]).await.expect(404);
    put_if_match(&server, "/none/coll", "x", "")
        .await
        .expect(404);

    let upsert = [JSON, ("If-Match", "x")];
    server
        .send_content("PATCH", "/test/coll/a", &upsert, "{}")
        .await
        .expect(201);
    server
        .send_content("PATCH", "/test/coll/a", &upsert, "{}")
        .await
        .expect(412);
    server
        .send_content("PATCH", "/test/coll/b?checkEtag", &[], "")
        .await
        .expect(201);
    put_if_match(&server, "/other", "*", "").await.expect(201);
}

#[tokio::test]
async fn tags_with_quotes_lists_and_the_asterisk_are_as_in_the_rfc() {
    let server = with_doc().await;
    let tag = object_id(&get(&server, DOC).await);
    for accepted in [
        tag.clone(),
        format!("\"{tag}\""),
        format!("x, {tag}"),
        "*".to_owned(),
    ] {
        server
            .send("GET", DOC, &[("If-None-Match", &accepted)])
            .await
            .expect(304);
        server
            .send("GET", DOC, &[("If-Match", &accepted)])
            .await
            .expect(200);
    }
    for other in [
        "",
        "x",
        "\"",
        &tag.to_uppercase(),
        &tag[1..],
        &format!("{tag}-gzip"),
    ] {
        server
            .send("GET", DOC, &[("If-None-Match", other)])
            .await
            .expect(200);
        put_if_match(&server, DOC, other, "").await.expect(412);
    }
    let weak = format!("W/{tag}");
    server
        .send("GET", DOC, &[("If-None-Match", &weak)])
        .await
        .expect(304);
    put_if_match(&server, DOC, &weak, "").await.expect(412);
    assert_eq!(object_id(&get(&server, DOC).await), tag);

    // RFC 9110's own way to create only.
    let create = [("If-None-Match", "*")];
    server.send("PUT", DOC, &create).await.expect(412);
    server
        .send("PUT", "/test/coll/new?checkEtag", &create)
        .await
        .expect(201);
}

#[tokio::test]
async fn a_writer_that_comes_between_check_and_write_is_noticed() {
    let server = with_doc().await;
    let tag = object_id(&get(&server, DOC).await);
    let fields = [JSON, ("If-Match", tag.as_str())];

    let slow = server.begin("PUT", DOC, &fields, r#"{"by": "slow"}"#).await;
    let quick = put_if_match(&server, DOC, &tag, r#"{"by": "quick"}"#)
        .await
        .expect(200);
    let refused = slow.finish().await.expect(412);
    assert_eq!(object_id(&refused), object_id(&quick));
    assert_eq!(get(&server, DOC).await.json()["by"], "quick");
}

#[tokio::test]
async fn a_creator_that_comes_between_check_and_write_is_noticed() {
    let server = with_doc().await;
    let forced = "/test/coll/new?checkEtag";

    // Nothing exists, so that nothing is checked and nothing is required yet.
    let random = [JSON, ("If-Match", "x")];
    let with_tag = server
        .begin("PUT", forced, &random, r#"{"by": "the second"}"#)
        .await;
    let without = server
        .begin("PUT", forced, &[JSON], r#"{"by": "the third"}"#)
        .await;
    let first = put(&server, forced, r#"{"by": "the first"}"#)
        .await
        .expect(201);

    assert_eq!(
        object_id(&with_tag.finish().await.expect(412)),
        object_id(&first)
    );
    assert_eq!(
        object_id(&without.finish().await.expect(409)),
        object_id(&first)
    );
    assert_eq!(
        get(&server, "/test/coll/new").await.json()["by"],
        "the first"
    );
}

#[tokio::test]
async fn names_are_compared_decoded() {
    let server = with_doc().await;
    server.send("DELETE", "/%74est", &[]).await.expect(409);
    put(&server, "/test/coll/a%2Fb%20c", r#"{"_id": "a/b c"}"#)
        .await
        .expect(201);
    let found = get(&server, "/test/coll/a%2fb%20c").await.expect(200);
    assert_eq!(found.json()["_id"], "a/b c");
}

#[tokio::test]
async fn a_patch_keeps_what_it_does_not_name() {
    let server = with_doc().await;
    let before = get(&server, DOC).await.expect(200);
    let changes = r#"{"size": 3}"#;
    let patched = server
        .send_content("PATCH", DOC, &[JSON], changes)
        .await
        .expect(200);
    assert_ne!(object_id(&patched), object_id(&before));
    let after = get(&server, DOC).await.json();
    assert_eq!(
        (&after["size"], &after["descr"]),
        (&3.into(), &before.json()["descr"])
    );
}

#[tokio::test]
async fn what_is_in_a_removed_resource_is_gone() {
    let server = with_doc().await;
    put(&server, "/testing", "").await.expect(201);
    let tag = object_id(&get(&server, "/test").await);
    server
        .send("DELETE", "/test", &[("If-Match", &tag)])
        .await
        .expect(204);
    for path in ["/test", "/test/coll", DOC] {
        get(&server, path).await.expect(404);
    }
    get(&server, "/testing").await.expect(200);
}

#[tokio::test]
async fn input_is_checked() {
    let server = with_doc().await;
    for (content, status) in [
        ("[]", 400),
        ("{", 400),
        (r#"{"_id": "another"}"#, 406),
        (r#"{"_id": {"$oid": "55e84c0ac2e66d1e0a8e46b4"}}"#, 406),
    ] {
        let refused = put(&server, DOC, content).await.expect(status);
        assert_eq!(refused.json()["http status code"], status);
    }
    let text = [("Content-Type", "text/plain")];
    server
        .send_content("PUT", DOC, &text, "{}")
        .await
        .expect(415);
    put(&server, "/_logic", "").await.expect(403);
    put(&server, "/test/coll/%FF", "").await.expect(400);
    server
        .send("POST", DOC, &[("If-Match", "x")])
        .await
        .expect(405);
    for path in ["/", "/test/coll/doc/more", "/none"] {
        get(&server, path).await.expect(404);
    }
    let descr = &get(&server, DOC).await.json()["descr"];
    assert_eq!(descr, "a document for testing");
}
