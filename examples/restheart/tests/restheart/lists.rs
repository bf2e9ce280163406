//! Collections list their documents, and take new ones.

use example_support::scenario::{Response, Server};
use serde_json::Value;

use super::{DOC, JSON, get, object_id, put, put_if_match, with_doc};

async fn post(server: &Server, fields: &[(&str, &str)], content: &str) -> Response {
    let fields = [&[JSON], fields].concat();
    server
        .send_content("POST", "/test/coll", &fields, content)
        .await
}

async fn list(server: &Server, query: &str) -> Value {
    let list = get(server, &format!("/test/coll?{query}")).await;
    list.expect(200).json()
}

#[track_caller]
fn names(list: &Value) -> Vec<&str> {
    let documents = list["_embedded"]["rh:doc"].as_array();
    let documents = documents.into_iter().flatten();
    documents
        .map(|document| document["name"].as_str().expect("a name"))
        .collect()
}

/// Documents `a` to `e`, in place of the document's own.
async fn with_five() -> Server {
    let server = with_doc().await;
    server.send("DELETE", DOC, &[]).await.expect(204);
    for (index, name) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        let content = format!(
            r#"{{"name": "{name}", "date": {{"$date": {}}}}}"#,
            index % 3
        );
        put(&server, &format!("/test/coll/{name}"), &content)
            .await
            .expect(201);
    }
    server
}

#[tokio::test]
async fn a_collection_lists_its_documents_with_their_tags() {
    let server = with_doc().await;
    put(&server, "/test/collection", "{}").await.expect(201);
    put(&server, "/test/collection/other", "{}")
        .await
        .expect(201);

    let listed = list(&server, "").await;
    assert_eq!(listed["descr"], "a collection for testing");
    assert_eq!(listed["_returned"], 1);
    assert_eq!(
        listed["_embedded"]["rh:doc"][0],
        get(&server, DOC).await.json()
    );
    assert_eq!(listed.get("_size"), None);

    // The tag in the field guards the collection.
    let tag = object_id(&get(&server, "/test/coll").await);
    assert_eq!(listed["_etag"]["$oid"], tag);
    server
        .send("DELETE", "/test/coll", &[("If-Match", &tag)])
        .await
        .expect(204);
    get(&server, "/test/collection/other").await.expect(200);
}

#[tokio::test]
async fn page_and_pagesize() {
    let server = with_five().await;
    for (query, expected) in [
        ("", "edcba"),
        ("pagesize=2", "ed"),
        ("pagesize=2&page=2", "cb"),
        ("pagesize=2&page=3", "a"),
        ("pagesize=2&page=4", ""),
        ("page=18446744073709551615&pagesize=1000", ""),
        ("pagesize=0", ""),
        ("sort_by=name", "abcde"),
        ("sort_by=-name&pagesize=1", "e"),
        ("sort_by=-date", "cebda"),
        ("sort_by=%2Bdate&sort_by=name", "adbec"),
        ("sort_by=none&sort_by=name", "abcde"),
    ] {
        let page = list(&server, query).await;
        assert_eq!(names(&page).concat(), expected, "{query}");
        assert_eq!(page["_returned"], expected.len(), "{query}");
    }
    let page = list(&server, "pagesize=2&count=true").await;
    assert_eq!(
        (&page["_size"], &page["_total_pages"]),
        (&5.into(), &3.into())
    );

    for query in [
        "page=0",
        "page=-1",
        "page=x",
        "page=18446744073709551616",
        "pagesize=1001",
        "pagesize=",
        "filter={}",
    ] {
        let refused = get(&server, &format!("/test/coll?{query}")).await;
        assert_eq!(refused.expect(400).json()["http status code"], 400);
    }
}

/// The collection's tag does not tell of its documents.
#[tokio::test]
async fn a_list_is_never_not_modified() {
    let server = with_doc().await;
    for target in ["/test", "/test/coll"] {
        let tag = object_id(&get(&server, target).await);
        for tag in [tag.as_str(), "*"] {
            let again = server
                .send("GET", target, &[("If-None-Match", tag)])
                .await
                .expect(200);
            assert_eq!(object_id(&again), object_id(&get(&server, target).await));
            assert_eq!(again.field("cache-control"), Some("no-cache"));
        }
        server
            .send("GET", target, &[("If-Match", "wrong_etag")])
            .await
            .expect(412);
    }
}

#[tokio::test]
async fn post_makes_a_document_with_an_object_id() {
    let server = with_doc().await;
    let created = post(&server, &[], r#"{"name": "new"}"#).await.expect(201);
    let location = created.field("location").unwrap().to_owned();
    let found = get(&server, &location).await.expect(200);
    assert_eq!(object_id(&found), object_id(&created));

    let document = found.json();
    let id = document["_id"]["$oid"].as_str().expect("an ObjectId");
    assert_eq!(location, format!("/test/coll/{id}"));
    assert_eq!(document["name"], "new");

    // As a client sends it back that has edited it.
    put_if_match(&server, &location, &object_id(&found), &found.content)
        .await
        .expect(200);
    let upper = format!("/test/coll/{}", id.to_uppercase());
    let again = get(&server, &upper).await.expect(200).json();
    assert_eq!(again["_id"], document["_id"]);
    assert_ne!(again["_etag"], document["_etag"]);
    assert_eq!(again.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn post_takes_an_id_and_replaces_nothing() {
    let server = with_doc().await;
    for (content, path) in [
        (r#"{"_id": "a b"}"#, "/test/coll/a%20b"),
        (
            r#"{"_id": {"$oid": "55E84C0AC2E66D1E0A8E46B4"}}"#,
            "/test/coll/55e84c0ac2e66d1e0a8e46b4",
        ),
    ] {
        let created = post(&server, &[], content).await.expect(201);
        assert_eq!(created.field("location"), Some(path));
        let refused = post(&server, &[], content).await.expect(409);
        assert_eq!(object_id(&refused), object_id(&created));
        assert_eq!(object_id(&get(&server, path).await), object_id(&created));
    }
    for (content, status) in [
        (r#"{"_id": ""}"#, 400),
        (r#"{"_id": 1}"#, 400),
        (r#"{"_id": {"$oid": "55e8"}}"#, 400),
        (
            r#"{"_id": {"$oid": "55e84c0ac2e66d1e0a8e46b4", "a": 1}}"#,
            400,
        ),
        (r#"{"_id": "_own"}"#, 403),
        ("[]", 400),
    ] {
        let refused = post(&server, &[], content).await.expect(status);
        assert_eq!(refused.json()["http status code"], status);
    }
    assert_eq!(list(&server, "").await["_returned"], 3);
}

/// `If-Match` names the collection, which is the target of the request.
#[tokio::test]
async fn post_under_if_match_is_checked_against_the_collection() {
    let server = with_doc().await;
    let tag = object_id(&get(&server, "/test/coll").await);
    post(&server, &[("If-Match", "wrong_etag")], "{}")
        .await
        .expect(412);
    post(&server, &[("If-Match", &tag)], "{}").await.expect(201);

    // And again when it is written.
    let fields = [JSON, ("If-Match", tag.as_str())];
    let slow = server.begin("POST", "/test/coll", &fields, "{}").await;
    let changed = put(&server, "/test/coll", "{}").await.expect(200);
    assert_eq!(
        object_id(&slow.finish().await.expect(412)),
        object_id(&changed)
    );
    assert_eq!(list(&server, "").await["_returned"], 2);

    server
        .send_content("POST", "/test/none", &[JSON], "{}")
        .await
        .expect(404);
}

#[tokio::test]
async fn what_a_list_adds_is_not_stored_when_it_comes_back() {
    let server = with_doc().await;
    let mut collection = list(&server, "count=true").await;
    collection["descr"] = "edited".into();
    let tag = collection["_etag"]["$oid"].as_str().unwrap().to_owned();
    put_if_match(&server, "/test/coll", &tag, &collection.to_string())
        .await
        .expect(200);
    server.send("DELETE", DOC, &[]).await.expect(204);
    let edited = list(&server, "").await;
    assert_eq!(edited["descr"], "edited");
    assert_eq!(edited["_embedded"].to_string(), "{}");
    assert_eq!(edited.get("_size"), None);
}
