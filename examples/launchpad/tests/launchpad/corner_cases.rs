//! What the transcripts leave open: lists, media types, read-only fields, collections, bad input.

use super::{
    BUG, NEW_TITLE, get_bug, halves, patch, post_message, revalidate, start, tag_in,
    write_half_only,
};

#[tokio::test]
async fn tags_in_if_match() {
    let server = start().await;
    let bug = get_bug(&server).await;
    let etag = tag_in(&bug);
    let opaque = etag.trim_matches('"');
    let accepted = [
        etag.to_owned(),
        write_half_only(etag),
        format!("\"x\", {etag}"),
        format!(",{etag},"),
        format!("{etag}-gzip-gzip"),
        "*".to_owned(),
    ];
    for tags in accepted {
        patch(&server, "{}", &[&tags]).await.expect(209);
    }
    let refused = [
        String::new(),
        opaque.to_owned(),
        format!("\"{}", halves(etag).1),
        format!("\"0-1-{}", halves(etag).1),
        format!("\"{}\"", halves(opaque).0),
        format!("W/{etag}"),
    ];
    for tags in refused {
        patch(&server, NEW_TITLE, &[&tags]).await.expect(412);
    }
    // Members may be on several lines.
    patch(&server, "{}", &["\"x\"", etag]).await.expect(209);
    assert_eq!(
        get_bug(&server).await,
        bug,
        "a document that changes nothing leaves the tag"
    );
}

#[tokio::test]
async fn the_write_half_is_that_of_a_media_type() {
    let server = start().await;
    let bug = get_bug(&server).await;
    let fields = [
        ("Content-Type", "application/json; charset=utf-8"),
        ("If-Match", tag_in(&bug)),
    ];

    let refused = server
        .send_content("PATCH", BUG, &fields, NEW_TITLE)
        .await
        .expect(412);
    let (read, write) = halves(refused.etag());
    assert_eq!(read, halves(tag_in(&bug)).0);
    assert_ne!(write, halves(tag_in(&bug)).1);
    assert_eq!(get_bug(&server).await, bug, "nothing was written");

    let written = server
        .send_content("PATCH", BUG, &fields[..1], NEW_TITLE)
        .await
        .expect(209);
    assert_eq!(written.etag(), tag_in(&get_bug(&server).await));
}

#[tokio::test]
async fn read_only_fields_may_be_sent_back_unchanged() {
    let server = start().await;
    let old_bug = get_bug(&server).await;
    post_message(&server).await.expect(201);
    let json = ("Content-Type", "application/json");

    // The write half of the old tag is current, but the document names the whole tag.
    let fields = [json, ("If-Match", tag_in(&old_bug))];
    let refused = server
        .send_content("PUT", BUG, &fields, &old_bug.to_string())
        .await
        .expect(400);
    let mut complaints: Vec<_> = refused.content.lines().collect();
    complaints.sort_unstable();
    assert_eq!(
        complaints,
        [
            "date_last_message: You tried to modify a read-only attribute.",
            "http_etag: You tried to modify a read-only attribute.",
            "message_count: You tried to modify a read-only attribute.",
        ]
    );

    let mut bug = get_bug(&server).await;
    bug["title"] = "Replaced".into();
    let fields = [json, ("If-Match", tag_in(&bug))];
    let written = server
        .send_content("PUT", BUG, &fields, &bug.to_string())
        .await
        .expect(209);
    assert_eq!(written.json()["title"], "Replaced");
}

#[tokio::test]
async fn members_of_the_collection_carry_their_own_tags() {
    let server = start().await;
    let bugs = server.send("GET", "/bugs", &[]).await.expect(200);
    assert_eq!(bugs.field("etag"), None);
    assert_eq!(bugs.json()["total_size"], 1);
    assert_eq!(bugs.json()["entries"][0], get_bug(&server).await);
}

#[tokio::test]
async fn a_304_repeats_what_the_200_says_to_caches() {
    let server = start().await;
    let found = server.send("GET", BUG, &[]).await.expect(200);
    let not_modified = revalidate(&server, found.etag()).await.expect(304);
    for name in ["vary", "cache-control"] {
        assert!(found.field(name).is_some(), "{name}");
        assert_eq!(found.field(name), not_modified.field(name));
    }
    assert_eq!(not_modified.field("content-type"), None);
}

#[tokio::test]
async fn input_is_checked_and_nothing_is_half_changed() {
    let server = start().await;
    let bug = get_bug(&server).await;
    for document in [
        r#"{"title": "Changed", "id": 2}"#,
        r#"{"title": "Changed", "owner": "me"}"#,
        r#"{"title": "Changed", "description": 1}"#,
        r#"{"title": "Changed", "tags": [1]}"#,
        r#"{"title": " "}"#,
        r#"["title"]"#,
        r#"{"title": "#,
        "\u{0}",
    ] {
        patch(&server, document, &[]).await.expect(400);
    }
    let xml = [("Content-Type", "text/xml")];
    server
        .send_content("PATCH", BUG, &xml, "<title/>")
        .await
        .expect(415);
    let partial = [("Content-Type", "application/json")];
    server
        .send_content("PUT", BUG, &partial, NEW_TITLE)
        .await
        .expect(400);
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    for content in ["", "ws.op=other", "ws.op=newMessage&subject=s", "%ff=%"] {
        server
            .send_content("POST", BUG, &form, content)
            .await
            .expect(400);
    }
    assert_eq!(get_bug(&server).await, bug);

    for absent in ["/bugs/2", "/bugs/x", "/bugs/1/comments/9", "/people"] {
        server
            .send("GET", absent, &[("If-None-Match", "*")])
            .await
            .expect(404);
    }
    server
        .send("DELETE", BUG, &[("If-Match", "\"x-y\"")])
        .await
        .expect(405);
    server
        .send("PATCH", "/bugs/2", &[("If-Match", tag_in(&bug))])
        .await
        .expect(412);
    let link = post_message(&server).await.expect(201);
    let link = link.field("location").expect("the message has a link");
    let link = link.strip_prefix("http://localhost").expect("it is here");
    assert_eq!(
        server.send("GET", link, &[]).await.expect(200).json()["content"],
        "content"
    );
}
