//! RESTHeart's entity tags: its document, in its order and with its values.

mod before_content;
mod config;
mod corner_cases;
mod failures;
mod files;
mod lists;
mod notes;
mod policies;
mod writers;

use example_restheart::{EtagCheckPolicy, app};
use example_support::scenario::{Response, Server};

const DOC: &str = "/test/coll/doc";

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A server whose configuration is this text.
async fn configured(config: &str) -> Server {
    Server::start(app(config.parse().expect("a configuration"))).await
}

/// A server with the document's database, collection and document.
async fn with_doc() -> Server {
    let server = Server::start(app(EtagCheckPolicy::default())).await;
    put(&server, "/test", r#"{"descr": "a db for testing"}"#)
        .await
        .expect(201);
    put(
        &server,
        "/test/coll",
        r#"{"descr": "a collection for testing"}"#,
    )
    .await
    .expect(201);
    put(&server, DOC, r#"{"descr": "a document for testing"}"#)
        .await
        .expect(201);
    server
}

async fn put(server: &Server, target: &str, content: &str) -> Response {
    server.send_content("PUT", target, &[JSON], content).await
}

async fn put_if_match(server: &Server, target: &str, tag: &str, content: &str) -> Response {
    server
        .send_content("PUT", target, &[JSON, ("If-Match", tag)], content)
        .await
}

async fn get(server: &Server, target: &str) -> Response {
    server.send("GET", target, &[]).await
}

/// The tag in the field, which has 24 digits and no quotes.
#[track_caller]
fn object_id(response: &Response) -> String {
    let tag = response.etag();
    let digits = tag
        .bytes()
        .filter(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    assert_eq!((tag.len(), digits.count()), (24, 24), "{tag}");
    tag.to_owned()
}

#[tokio::test]
async fn each_response_has_a_tag() {
    let server = Server::start(app(EtagCheckPolicy::default())).await;

    let db = put(&server, "/test", r#"{"descr": "a db for testing"}"#).await;
    assert_eq!(db.status_line, "HTTP/1.1 201 Created");
    let coll = put(
        &server,
        "/test/coll",
        r#"{"descr": "a collection for testing"}"#,
    )
    .await;
    assert_eq!(coll.status_line, "HTTP/1.1 201 Created");
    let doc = put(&server, DOC, r#"{"descr": "a document for testing"}"#).await;
    assert_eq!(doc.status_line, "HTTP/1.1 201 Created");
    assert_ne!(object_id(&db), object_id(&coll));
    assert_ne!(object_id(&coll), object_id(&doc));

    let found = get(&server, DOC).await;
    assert_eq!(found.status_line, "HTTP/1.1 200 OK");
    assert_eq!(object_id(&found), object_id(&doc));
    assert_eq!(found.json()["descr"], "a document for testing");
    for (target, created) in [("/test", &db), ("/test/coll", &coll)] {
        assert_eq!(object_id(&get(&server, target).await), object_id(created));
    }
}

#[tokio::test]
async fn a_forced_check_refuses_a_missing_and_a_wrong_tag() {
    const FORCED: &str = "/test/coll/doc?checkEtag";
    // The document's first request has this name, the others have `descr`.
    const MISSPELT: &str = r#"{"descry": "a document for testing but modified"}"#;
    const MODIFIED: &str = r#"{"descr": "a document for testing but modified"}"#;
    let server = with_doc().await;
    let current = object_id(&get(&server, DOC).await);

    let missing = put(&server, FORCED, MISSPELT).await;
    assert_eq!(missing.status_line, "HTTP/1.1 409 Conflict");
    assert_eq!(object_id(&missing), current);
    assert_eq!(missing.json()["http status code"], 409);

    let wrong = put_if_match(&server, FORCED, "wrong_etag", MODIFIED).await;
    assert_eq!(wrong.status_line, "HTTP/1.1 412 Precondition Failed");
    assert_eq!(object_id(&wrong), current);
    assert_eq!(
        get(&server, DOC).await.json()["descr"],
        "a document for testing"
    );

    let updated = put_if_match(&server, FORCED, &current, MODIFIED).await;
    assert_eq!(updated.status_line, "HTTP/1.1 200 OK");
    assert_ne!(object_id(&updated), current);

    let found = get(&server, DOC).await;
    assert_eq!(object_id(&found), object_id(&updated));
    assert_eq!(found.json()["descr"], "a document for testing but modified");
}

#[tokio::test]
async fn a_cache_revalidates_without_the_data() {
    let server = with_doc().await;
    let found = get(&server, DOC).await.expect(200);
    let tag = object_id(&found);

    let unchanged = server.send("GET", DOC, &[("If-None-Match", &tag)]).await;
    assert_eq!(unchanged.status_line, "HTTP/1.1 304 Not Modified");
    assert_eq!(unchanged.content, "");
    assert_eq!(object_id(&unchanged), tag);
    assert_eq!(
        unchanged.field("cache-control"),
        found.field("cache-control")
    );

    put(&server, DOC, r#"{"descr": "modified"}"#)
        .await
        .expect(200);
    server
        .send("GET", DOC, &[("If-None-Match", &tag)])
        .await
        .expect(200);
}

#[tokio::test]
async fn a_random_tag_creates_but_never_updates() {
    const FORCED: &str = "/db/coll/doc?checkEtag";
    let server = Server::start(app(EtagCheckPolicy::default())).await;
    put(&server, "/db", "").await.expect(201);
    put(&server, "/db/coll", "").await.expect(201);

    let created = put_if_match(&server, FORCED, "x", r#"{"by": "the first"}"#).await;
    assert_eq!(created.status_line, "HTTP/1.1 201 Created");
    let refused = put_if_match(&server, FORCED, "x", r#"{"by": "the second"}"#).await;
    assert_eq!(refused.status_line, "HTTP/1.1 412 Precondition Failed");
    assert_eq!(object_id(&refused), object_id(&created));
    assert_eq!(get(&server, "/db/coll/doc").await.json()["by"], "the first");
}

/// The AngularJS example: the tag is taken from `_etag.$oid` of what was loaded.
#[tokio::test]
async fn two_users_edit_a_note() {
    let server = with_doc().await;
    let note = get(&server, DOC).await.json();
    let tag = note["_etag"]["$oid"].as_str().expect("an ObjectId");
    let edited = |text: &str| {
        let mut note = note.clone();
        note["descr"] = text.into();
        note.to_string()
    };

    let saved = put_if_match(&server, DOC, tag, &edited("mine"))
        .await
        .expect(200);
    put_if_match(&server, DOC, tag, &edited("yours"))
        .await
        .expect(412);

    let reloaded = get(&server, DOC).await.json();
    assert_eq!(reloaded["descr"], "mine");
    assert_eq!(reloaded["_etag"]["$oid"], object_id(&saved));
    assert_eq!(reloaded["_id"], "doc");
}
