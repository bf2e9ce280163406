//! Launchpad's conditional writes: both transcripts of its document, in their order and with their
//! values.

mod before_content;
mod client;
mod corner_cases;
mod lazr;
mod process;
mod writers;

use example_launchpad::app;
use example_support::scenario::{Response, Server};
use serde_json::Value;

const BUG: &str = "/bugs/1";

const NEW_TITLE: &str = r#"{"title": "New title"}"#;

async fn start() -> Server {
    Server::start(app()).await
}

async fn get_bug(server: &Server) -> Value {
    let response = server.send("GET", BUG, &[]).await.expect(200);
    let bug = response.json();
    assert_eq!(response.etag(), tag_in(&bug));
    bug
}

/// A GET of the bug that revalidates this tag.
async fn revalidate(server: &Server, tag: &str) -> Response {
    server.send("GET", BUG, &[("If-None-Match", tag)]).await
}

async fn post_message(server: &Server) -> Response {
    const FORM: [(&str, &str); 1] = [("Content-Type", "application/x-www-form-urlencoded")];
    let form = "ws.op=newMessage&subject=subject&content=content";
    server.send_content("POST", BUG, &FORM, form).await
}

async fn patch(server: &Server, document: &str, if_match: &[&str]) -> Response {
    let fields: Vec<_> = std::iter::once(("Content-Type", "application/json"))
        .chain(if_match.iter().map(|tag| ("If-Match", *tag)))
        .collect();
    server.send_content("PATCH", BUG, &fields, document).await
}

#[track_caller]
fn tag_in(bug: &Value) -> &str {
    bug["http_etag"].as_str().expect("http_etag is a string")
}

/// The halves with the quote that each has, as the document's `rsplit` gives them.
#[track_caller]
fn halves(tag: &str) -> (&str, &str) {
    tag.rsplit_once('-').expect("a tag has two halves")
}

fn read_half_only(tag: &str) -> String {
    format!("{}-0\"", halves(tag).0)
}

fn write_half_only(tag: &str) -> String {
    format!("\"0-{}", halves(tag).1)
}

#[tokio::test]
async fn conditional_writes_work_even_when_the_tags_are_not_identical() {
    let server = start().await;
    let bug = get_bug(&server).await;
    let old_etag = tag_in(&bug);

    // A message changes 'date_last_message' as a side effect, and with it the tag.
    let created = post_message(&server).await;
    assert_eq!(created.status_line, "HTTP/1.1 201 Created");
    let new_bug = get_bug(&server).await;
    assert_ne!(bug["date_last_message"], new_bug["date_last_message"]);
    let new_etag = tag_in(&new_bug);
    assert_ne!(old_etag, new_etag);

    // A conditional GET with the old tag hears of the new 'date_last_message'.
    let heard = revalidate(&server, old_etag).await.expect(200).json();
    assert_eq!(heard, new_bug);

    // Only the first half of the tag has changed.
    let (old_read, old_write) = halves(old_etag);
    let (new_read, new_write) = halves(new_etag);
    assert_ne!(old_read, new_read);
    assert_eq!(old_write, new_write);

    // So long as the second half matches, a conditional write succeeds.
    let written = patch(&server, NEW_TITLE, &[old_etag]).await;
    assert_eq!(written.status_line, "HTTP/1.1 209 Content Returned");
    let newer_bug = get_bug(&server).await;
    assert_eq!(written.json(), newer_bug);
    let newer_etag = tag_in(&newer_bug);
    assert_eq!(written.etag(), newer_etag);
    assert_eq!(newer_bug["title"], "New title");

    // Both halves have changed: 'date_last_updated' is a side effect.
    let (newer_read, newer_write) = halves(newer_etag);
    assert_ne!(new_read, newer_read);
    assert_ne!(new_write, newer_write);
    assert_ne!(new_bug["date_last_updated"], newer_bug["date_last_updated"]);

    // A conditional write fails when the write half does not match.
    let refused = patch(&server, NEW_TITLE, &[new_etag]).await;
    assert_eq!(refused.status_line, "HTTP/1.1 412 Precondition Failed");
    assert_eq!(refused.etag(), newer_etag);
    assert_eq!(get_bug(&server).await, newer_bug);

    // "... even if the read portion matches."
    patch(
        &server,
        r#"{"title": "No"}"#,
        &[&read_half_only(newer_etag)],
    )
    .await
    .expect(412);
    assert_eq!(get_bug(&server).await, newer_bug);
    patch(&server, "{}", &[&write_half_only(newer_etag)])
        .await
        .expect(209);
}

#[tokio::test]
async fn mod_compress_may_modify_outgoing_tags() {
    let server = start().await;
    let bug = get_bug(&server).await;
    let etag = tag_in(&bug);
    let within = format!("{}-gzip\"", etag.strip_suffix('"').unwrap());
    let after = format!("{etag}-gzip");

    for form in [etag, &after, &within] {
        let response = revalidate(&server, form).await;
        assert_eq!(response.status_line, "HTTP/1.1 304 Not Modified");
        assert_eq!(response.etag(), etag, "the tag is the service's own");
        assert_eq!(response.content, "");
    }
    let other = revalidate(&server, &format!("{etag}-not-gzip")).await;
    assert_eq!(other.status_line, "HTTP/1.1 200 OK");

    // A write accepts the same three forms, and no other.
    for form in [etag, &after, &within] {
        patch(&server, "{}", &[form]).await.expect(209);
    }
    for (suffix, closing) in [
        ("-not-gzip", ""),
        ("-GZIP", ""),
        ("-not-gzip", "\""),
        ("-br", "\""),
    ] {
        let opening = if closing.is_empty() {
            etag
        } else {
            etag.trim_end_matches('"')
        };
        let other = format!("{opening}{suffix}{closing}");
        revalidate(&server, &other).await.expect(200);
        patch(&server, NEW_TITLE, &[&other]).await.expect(412);
    }
    assert_eq!(get_bug(&server).await, bug, "nothing was written");
}

#[tokio::test]
async fn the_later_of_two_overlapping_writers_is_refused() {
    let server = start().await;
    let bug = get_bug(&server).await;
    let etag = tag_in(&bug);

    patch(&server, r#"{"description": "The first writer's"}"#, &[etag])
        .await
        .expect(209);
    patch(
        &server,
        r#"{"description": "The second writer's"}"#,
        &[etag],
    )
    .await
    .expect(412);
    assert_eq!(get_bug(&server).await["description"], "The first writer's");
}

#[tokio::test]
async fn a_writer_that_comes_between_check_and_write_is_noticed() {
    let server = start().await;
    let bug = get_bug(&server).await;
    let fields = [
        ("Content-Type", "application/json"),
        ("If-Match", tag_in(&bug)),
    ];

    // The layer has found the tag current, and the handler waits for the content.
    let slow = server
        .begin("PATCH", BUG, &fields, r#"{"title": "Slow"}"#)
        .await;
    let quick = patch(&server, r#"{"title": "Quick"}"#, &[tag_in(&bug)])
        .await
        .expect(209);

    let refused = slow.finish().await.expect(412);
    assert_eq!(refused.etag(), quick.etag());
    assert_eq!(get_bug(&server).await["title"], "Quick");
}

#[tokio::test]
async fn a_message_that_comes_between_check_and_write_does_no_harm() {
    let server = start().await;
    let bug = get_bug(&server).await;
    let fields = [
        ("Content-Type", "application/json"),
        ("If-Match", tag_in(&bug)),
    ];

    let slow = server.begin("PATCH", BUG, &fields, NEW_TITLE).await;
    post_message(&server).await.expect(201);

    let written = slow.finish().await.expect(209).json();
    assert_eq!(written["title"], "New title");
    assert_eq!(written["message_count"], 2);
}
