//! The policy by configuration, by metadata and by request.

use example_support::scenario::Server;

use super::{configured, get, object_id, put, put_if_match, with_doc};

const PATHS: [&str; 3] = ["/db", "/db/coll", "/db/coll/doc"];

/// What a write that a policy covers is answered, and one that it does not.
const REFUSED: u16 = 409;
const REPLACED: u16 = 200;
const REMOVED: u16 = 204;

/// The documents' snippet, and the other values.
const CONFIGURATIONS: [(&str, [u16; 2]); 3] = [
    ("REQUIRED", [REFUSED, REFUSED]),
    ("REQUIRED_FOR_DELETE", [REPLACED, REFUSED]),
    ("OPTIONAL", [REPLACED, REMOVED]),
];

async fn create_all(server: &Server) {
    for path in PATHS {
        put(server, path, "").await.expect(201);
    }
}

/// Writes each resource without `If-Match`, the innermost first.
async fn assert_unconditional_writes(server: &Server, path: &str, [write, delete]: [u16; 2]) {
    let before = get(server, path.split('?').next().unwrap()).await;
    put(server, path, "").await.expect(write);
    server.send("PATCH", path, &[]).await.expect(write);
    server.send("DELETE", path, &[]).await.expect(delete);
    if write == REFUSED && delete == REFUSED {
        let after = get(server, path.split('?').next().unwrap()).await;
        assert_eq!(object_id(&after), object_id(&before), "nothing was written");
    }
}

#[tokio::test]
async fn the_configuration_has_a_policy_for_each_kind() {
    for (kind, path) in ["db", "coll", "doc"].into_iter().zip(PATHS) {
        for (policy, expected) in CONFIGURATIONS {
            let server = configured(&format!("{kind}: {policy}")).await;
            create_all(&server).await;
            assert_unconditional_writes(&server, path, expected).await;
        }
    }
}

#[tokio::test]
async fn the_default_requires_a_tag_to_delete_databases_and_collections() {
    const SNIPPET: &str = "
        db: REQUIRED_FOR_DELETE
        coll: REQUIRED_FOR_DELETE
        doc: OPTIONAL";
    for config in ["", SNIPPET] {
        let server = configured(config).await;
        create_all(&server).await;
        assert_unconditional_writes(&server, "/db/coll/doc", [REPLACED, REMOVED]).await;
        assert_unconditional_writes(&server, "/db/coll", [REPLACED, REFUSED]).await;
        assert_unconditional_writes(&server, "/db", [REPLACED, REFUSED]).await;
    }
}

#[tokio::test]
async fn a_required_tag_that_is_sent_lets_the_write_through() {
    let server = configured("db: REQUIRED, coll: REQUIRED, doc: REQUIRED").await;
    create_all(&server).await;
    for path in PATHS.into_iter().rev() {
        let refused = put(&server, path, "").await.expect(REFUSED);
        let replaced = put_if_match(&server, path, &object_id(&refused), "")
            .await
            .expect(200);
        assert_ne!(object_id(&replaced), object_id(&refused));
        let current = object_id(&get(&server, path).await);
        assert_eq!(current, object_id(&replaced));
        server
            .send("DELETE", path, &[("If-Match", &current)])
            .await
            .expect(REMOVED);
        get(&server, path).await.expect(404);
    }
}

#[tokio::test]
async fn metadata_of_a_collection_goes_for_it_and_for_its_documents() {
    let server = with_doc().await;
    put(
        &server,
        "/test/coll",
        r#"{"etagPolicy": "REQUIRED", "etagDocPolicy": "REQUIRED"}"#,
    )
    .await
    .expect(200);

    assert_unconditional_writes(&server, "/test/coll/doc", [REFUSED, REFUSED]).await;
    assert_unconditional_writes(&server, "/test/coll", [REFUSED, REFUSED]).await;
    put(&server, "/test", "").await.expect(200);
    put(&server, "/test/other", "").await.expect(201);
    put(&server, "/test/other", "").await.expect(200);
}

#[tokio::test]
async fn the_nearest_metadata_decides() {
    let server = configured("db: OPTIONAL, coll: OPTIONAL, doc: REQUIRED_FOR_DELETE").await;
    create_all(&server).await;
    let steps = [
        // The database speaks, for all that is in it.
        ("REQUIRED", None, [REFUSED, REFUSED]),
        ("REQUIRED_FOR_DELETE", None, [REPLACED, REFUSED]),
        // The collection knows better.
        ("REQUIRED", Some("\"OPTIONAL\""), [REPLACED, REMOVED]),
        ("OPTIONAL", Some("\"REQUIRED\""), [REFUSED, REFUSED]),
        // What is no policy ends the search: the configuration decides, not the database.
        ("REQUIRED", Some("\"required\""), [REPLACED, REFUSED]),
        ("REQUIRED", Some("true"), [REPLACED, REFUSED]),
    ];
    for (of_db, of_coll, expected) in steps {
        put(
            &server,
            "/db",
            &format!(r#"{{"etagDocPolicy": "{of_db}"}}"#),
        )
        .await
        .expect(200);
        let of_coll = of_coll.map(|policy| format!(r#"{{"etagDocPolicy": {policy}}}"#));
        put(&server, "/db/coll", &of_coll.unwrap_or_default())
            .await
            .expect(200);
        server
            .send("PUT", "/db/coll/new", &[("If-None-Match", "*")])
            .await
            .expect(201);
        assert_unconditional_writes(&server, "/db/coll/new", expected).await;
        let left = get(&server, "/db/coll/new").await;
        if expected[1] == REFUSED {
            let tag = object_id(&left.expect(200));
            server
                .send("DELETE", "/db/coll/new", &[("If-Match", &tag)])
                .await
                .expect(REMOVED);
        }
    }
}

#[tokio::test]
async fn a_database_speaks_for_itself_and_for_its_collections() {
    let server = configured("db: OPTIONAL, coll: OPTIONAL, doc: OPTIONAL").await;
    create_all(&server).await;
    put(&server, "/db", r#"{"etagPolicy": "REQUIRED"}"#)
        .await
        .expect(200);
    put(&server, "/db", "").await.expect(REFUSED);
    put(&server, "/db/coll", "").await.expect(REFUSED);
    put(&server, "/db/coll/doc", "").await.expect(200);

    let tag = object_id(&get(&server, "/db/coll").await);
    put_if_match(&server, "/db/coll", &tag, r#"{"etagPolicy": "OPTIONAL"}"#)
        .await
        .expect(200);
    put(&server, "/db/coll", "").await.expect(200);
}

#[tokio::test]
async fn the_request_can_force_the_check_on_anything() {
    let server = configured("db: OPTIONAL, coll: OPTIONAL, doc: OPTIONAL").await;
    create_all(&server).await;
    for path in PATHS {
        for parameter in [
            "checkEtag",
            "checkEtag=",
            "checkEtag=false",
            "a=b&checkETag=true",
        ] {
            let forced = format!("{path}?{parameter}");
            assert_unconditional_writes(&server, &forced, [REFUSED, REFUSED]).await;
        }
        assert_unconditional_writes(&server, &format!("{path}?check=Etag"), [200, 204]).await;
        create_all_again(&server).await;
    }
}

async fn create_all_again(server: &Server) {
    for path in PATHS {
        server.send("PUT", path, &[("If-None-Match", "*")]).await;
        get(server, path).await.expect(200);
    }
}

#[tokio::test]
async fn a_tag_that_is_sent_is_checked_although_nothing_requires_it() {
    let server = configured("db: OPTIONAL, coll: OPTIONAL, doc: OPTIONAL").await;
    create_all(&server).await;
    for path in PATHS {
        let current = object_id(&get(&server, path).await);
        put_if_match(&server, path, "wrong_etag", "")
            .await
            .expect(412);
        server
            .send("DELETE", path, &[("If-Match", "wrong_etag")])
            .await
            .expect(412);
        assert_eq!(object_id(&get(&server, path).await), current);
    }
}

#[test]
fn a_configuration_that_cannot_be_read_is_refused() {
    for text in [
        "db",
        "db: required",
        "file: REQUIRED",
        "doc: REQUIRED_FOR_PUT",
    ] {
        assert!(text.parse::<super::EtagCheckPolicy>().is_err(), "{text}");
    }
}
