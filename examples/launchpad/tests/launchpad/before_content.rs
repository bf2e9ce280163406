//! Preconditions are evaluated before the content is read, and before what is wrong with it.

use super::{BUG, NEW_TITLE, get_bug, patch, post_message, start, tag_in};

const JSON: (&str, &str) = ("Content-Type", "application/json");

const MALFORMED: &str = r#"{"title": "#;

#[tokio::test]
async fn a_stale_tag_is_refused_without_the_content() {
    let server = start().await;
    let bug = get_bug(&server).await;
    let stale = tag_in(&bug);
    let current = patch(&server, NEW_TITLE, &[stale]).await.expect(209);

    for method in ["PATCH", "PUT", "POST"] {
        let refused = server
            .send_head(method, BUG, &[JSON, ("If-Match", stale)])
            .await
            .expect(412);
        assert_eq!(refused.etag(), current.etag());
        server
            .send_head(method, BUG, &[JSON, ("If-None-Match", "*")])
            .await
            .expect(412);
    }
    server
        .send_head("PATCH", "/bugs/2", &[JSON, ("If-Match", stale)])
        .await
        .expect(412);
    assert_eq!(get_bug(&server).await, current.json());
}

#[tokio::test]
async fn a_stale_tag_comes_before_malformed_content() {
    let server = start().await;
    let bug = get_bug(&server).await;
    let stale = tag_in(&bug);
    let current = patch(&server, NEW_TITLE, &[stale]).await.expect(209);

    patch(&server, MALFORMED, &[current.etag()])
        .await
        .expect(400);
    let refused = patch(&server, MALFORMED, &[stale]).await.expect(412);
    assert_eq!(refused.etag(), current.etag());

    let text = ("Content-Type", "text/plain");
    server
        .send_content("PUT", BUG, &[text], "new")
        .await
        .expect(415);
    // The write half is that of a media type in which nobody has a tag.
    for tag in [stale, current.etag()] {
        server
            .send_content("PUT", BUG, &[text, ("If-Match", tag)], "new")
            .await
            .expect(412);
    }
    assert_eq!(get_bug(&server).await, current.json());
}

#[tokio::test]
async fn a_read_half_that_has_changed_is_no_reason_to_refuse_the_content() {
    let server = start().await;
    let bug = get_bug(&server).await;
    post_message(&server).await.expect(201);
    patch(&server, MALFORMED, &[tag_in(&bug)]).await.expect(400);
}
