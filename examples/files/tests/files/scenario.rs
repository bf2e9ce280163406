//! What a client sees: tags, refusals, and the new tag of what it wrote.

use crate::Service;

#[tokio::test]
async fn a_file_is_created_read_replaced_and_deleted() {
    let service = Service::start().await;
    let server = &service.server;
    server.send("GET", "/note", &[]).await.expect(404);

    let created = server
        .send_content("PUT", "/note", &[], "one")
        .await
        .expect(201);
    let first = created.etag().to_owned();
    let read = server.send("GET", "/note", &[]).await.expect(200);
    assert_eq!(
        (read.content.as_str(), read.etag()),
        ("one", first.as_str())
    );
    server
        .send("GET", "/note", &[("If-None-Match", &first)])
        .await
        .expect(304);

    let guarded = [("If-Match", first.as_str())];
    let replaced = server
        .send_content("PUT", "/note", &guarded, "two")
        .await
        .expect(204);
    let second = replaced.etag().to_owned();
    assert_ne!(first, second);
    let read = server.send("GET", "/note", &guarded[..0]).await.expect(200);
    assert_eq!(
        (read.content.as_str(), read.etag()),
        ("two", second.as_str())
    );

    let deleted = server
        .send("DELETE", "/note", &[("If-Match", &second)])
        .await
        .expect(204);
    assert_eq!(deleted.field("etag"), None);
    server.send("GET", "/note", &[]).await.expect(404);
    server.send("DELETE", "/note", &[]).await.expect(404);
}

#[tokio::test]
async fn a_write_that_would_lose_something_is_refused() {
    let service = Service::start().await;
    let server = &service.server;
    let create = [("If-None-Match", "*")];
    let tag = server
        .send_content("PUT", "/a", &create, "one")
        .await
        .expect(201);
    let tag = tag.etag().to_owned();
    for (method, fields, status) in [
        ("PUT", &[][..], 428),
        ("DELETE", &[], 428),
        ("PUT", &create, 412),
        ("PUT", &[("If-Match", "\"old\"")], 412),
        ("DELETE", &[("If-Match", "\"old\"")], 412),
        ("POST", &[], 405),
    ] {
        let refused = server
            .send_content(method, "/a", fields, "two")
            .await
            .expect(status);
        if status != 405 {
            assert_eq!(refused.etag(), tag, "{method} {fields:?}");
        }
        assert_eq!(service.content("a"), "one");
    }
    let absent = [("If-Match", "*")];
    server
        .send_content("PUT", "/b", &absent, "two")
        .await
        .expect(412);
    assert_eq!(service.names(), ["a"]);
}

/// Two versions of one size, written as fast as can be, have two tags.
#[tokio::test]
async fn each_version_has_a_tag_of_its_own() {
    let service = Service::start().await;
    let mut tags = Vec::new();
    for n in 100..200 {
        let guard = match tags.last() {
            Some(tag) => ("If-Match".to_owned(), String::clone(tag)),
            None => ("If-None-Match".to_owned(), "*".to_owned()),
        };
        let guard = [(guard.0.as_str(), guard.1.as_str())];
        let written = service
            .server
            .send_content("PUT", "/a", &guard, &n.to_string())
            .await;
        tags.push(written.etag().to_owned());
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 100);
}

#[tokio::test]
async fn ranges_and_dates_are_those_of_serve_dir() {
    let service = Service::start().await;
    let server = &service.server;
    let tag = server
        .send_content("PUT", "/a", &[], "0123456789")
        .await
        .expect(201);
    let tag = tag.etag();
    let range = ("Range", "bytes=2-4");
    let part = server.send("GET", "/a", &[range]).await.expect(206);
    assert_eq!(part.content, "234");
    let part = server
        .send("GET", "/a", &[range, ("If-Range", tag)])
        .await
        .expect(206);
    assert_eq!(part.content, "234");
    let whole = server
        .send("GET", "/a", &[range, ("If-Range", "\"old\"")])
        .await
        .expect(200);
    assert_eq!(whole.content, "0123456789");
}

/// The one that waits for the lock is checked against what the other one wrote.
#[tokio::test]
async fn of_two_writers_of_one_version_one_wins() {
    let service = Service::start().await;
    let server = &service.server;
    let tag = server
        .send_content("PUT", "/a", &[], "one")
        .await
        .expect(201);
    let guard = [("If-Match", tag.etag())];
    let slow = server.begin("PUT", "/a", &guard, "slow").await;
    let fast = server.send_content("PUT", "/a", &guard, "fast");
    let (slow, fast) = tokio::join!(
        async {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            slow.finish().await.expect(204)
        },
        fast
    );
    let fast = fast.expect(412);
    assert_eq!(fast.etag(), slow.etag());
    assert_eq!(service.content("a"), "slow");
}
