//! Whatever fails, fails in RESTHeart's own JSON.

use example_restheart::LARGEST_CONTENT;

use super::{DOC, JSON, get, put, with_doc};

#[tokio::test]
async fn content_that_is_too_large() {
    let server = with_doc().await;
    let before = get(&server, DOC).await.json();
    let fits = LARGEST_CONTENT - r#"{"a":""}"#.len();
    let content = |length| format!(r#"{{"a":"{}"}}"#, "x".repeat(length));
    put(&server, "/test/coll/large", &content(fits))
        .await
        .expect(201);
    for method in ["PUT", "PATCH"] {
        let refused = server
            .send_content(method, DOC, &[JSON], &content(fits + 1))
            .await
            .expect(413);
        assert_eq!(refused.field("content-type"), Some("application/json"));
        let error = refused.json();
        assert_eq!(error["http status code"], 413);
        assert_eq!(error["http status description"], "Payload Too Large");
        assert!(error["message"].is_string());
    }
    assert_eq!(get(&server, DOC).await.json(), before);
}

#[tokio::test]
async fn everything_else() {
    let server = with_doc().await;
    for (method, target, content, status) in [
        ("GET", "/", "", 404),
        ("GET", "/test/coll/doc/more", "", 404),
        ("GET", "/test/coll/none", "", 404),
        ("POST", DOC, "", 405),
        ("PUT", "/test/coll/doc/binary", "", 405),
        ("PUT", "/test/coll/%FF", "", 400),
        ("PUT", "/test/_indexes", "", 403),
        ("PUT", DOC, "{", 400),
        ("PUT", "/none/coll", "", 404),
    ] {
        let response = server
            .send_content(method, target, &[JSON], content)
            .await
            .expect(status);
        assert_eq!(response.json()["http status code"], status, "{target}");
        assert_eq!(response.field("allow").is_some(), status == 405, "{target}");
    }
}

#[tokio::test]
async fn what_is_kept_is_bounded() {
    let server = with_doc().await;
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(LARGEST_CONTENT - 8));
    let mut stored = 0;
    let refused = loop {
        let response = put(&server, &format!("/test/coll/{stored}"), &large).await;
        if !response.status_line.contains(" 201 ") {
            break response.expect(507);
        }
        stored += 1;
        assert!(stored < 100, "nothing is refused");
    };
    assert_eq!(refused.json()["http status code"], 507);
    get(&server, &format!("/test/coll/{stored}"))
        .await
        .expect(404);
    // There is still room for what takes less than it replaces.
    put(&server, "/test/coll/0", "{}").await.expect(200);
    put(&server, "/test/coll/new", &large).await.expect(201);
}
