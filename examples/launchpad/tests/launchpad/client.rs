//! What the real client needs: forms without a media type, a root with a description, absolute links.

use super::{BUG, get_bug, post_message, start};

#[tokio::test]
async fn a_post_without_a_content_type_is_a_form() {
    let server = start().await;
    let form = "ws.op=newMessage&subject=s&content=%22in+JSON%22";
    let created = server
        .send_content("POST", BUG, &[], form)
        .await
        .expect(201);
    let message = server
        .send("GET", path_of(created.field("location").unwrap()), &[])
        .await
        .expect(200)
        .json();
    assert_eq!(message["subject"], "s");
    assert_eq!(message["content"], "in JSON");

    // What names another media type is none, and an empty name is another.
    let before = get_bug(&server).await;
    for media_type in ["text/plain", "application/json", ""] {
        server
            .send_content("POST", BUG, &[("Content-Type", media_type)], form)
            .await
            .expect(415);
    }
    // A document is not, whatever the method of a form.
    for method in ["PATCH", "PUT"] {
        server
            .send_content(method, BUG, &[], "{}")
            .await
            .expect(415);
    }
    assert_eq!(get_bug(&server).await, before);
}

#[tokio::test]
async fn the_root_describes_the_service() {
    let server = start().await;
    let root = server.send("GET", "/", &[]).await.expect(200);
    assert_eq!(root.field("vary"), Some("accept"));
    let root = root.json();
    assert_eq!(root["bugs_collection_link"], "http://localhost/bugs");
    assert_eq!(root["resource_type_link"], "http://localhost/#service-root");

    const WADL: &str = "application/vnd.sun.wadl+xml";
    for accept in [
        WADL,
        "text/html;q=0.1, application/vnd.sun.wadl+xml;q=0.9, */*",
    ] {
        let wadl = server
            .send("GET", "/", &[("Accept", accept)])
            .await
            .expect(200);
        assert_eq!(wadl.field("content-type"), Some(WADL));
        assert!(wadl.content.contains(r#"base="http://localhost/""#));
        assert!(!wadl.content.contains("@BASE@"), "{}", wadl.content);
    }
}

#[tokio::test]
async fn links_are_absolute() {
    let server = start().await;
    let bug = get_bug(&server).await;
    assert_eq!(bug["self_link"], "http://localhost/bugs/1");
    assert_eq!(bug["resource_type_link"], "http://localhost/#bug");
    let created = post_message(&server).await.expect(201);
    let link = created.field("location").unwrap();
    assert_eq!(link, "http://localhost/bugs/1/comments/1");
    let message = server
        .send("GET", path_of(link), &[])
        .await
        .expect(200)
        .json();
    assert_eq!(message["self_link"], link);
}

/// The state is one, however the service is called: the tag is too.
#[tokio::test]
async fn the_name_of_the_service_is_not_in_the_tag() {
    let server = start().await;
    let bug = get_bug(&server).await;
    let elsewhere = server
        .send("GET", "http://bugs.example/bugs/1", &[])
        .await
        .expect(200)
        .json();
    assert_eq!(elsewhere["self_link"], "http://bugs.example/bugs/1");
    assert_eq!(elsewhere["http_etag"], bug["http_etag"]);

    // Nothing of the name gets out of its place in the description.
    let wadl = server
        .send(
            "GET",
            "http://a&b/",
            &[("Accept", "application/vnd.sun.wadl+xml")],
        )
        .await
        .expect(200);
    assert!(wadl.content.contains(r#"base="http://a&amp;b/""#));
}

fn path_of(link: &str) -> &str {
    link.strip_prefix("http://localhost").expect("a link here")
}
