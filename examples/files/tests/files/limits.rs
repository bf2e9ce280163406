//! Clients that take their time, or go away.

use std::time::Duration;

use tokio::io::AsyncWriteExt;

use crate::Service;

#[tokio::test]
async fn half_a_file_is_never_seen() {
    let service = Service::start().await;
    let server = &service.server;
    let tag = server
        .send_content("PUT", "/a", &[], "one")
        .await
        .expect(201);
    let guard = [("If-Match", tag.etag())];
    let mut stream = server.connect("PUT", "/a", &guard, "halfhalf").await;
    stream.write_all(b"half").await.unwrap();
    drop(stream);
    // The lock is free again.
    server
        .send_content("PUT", "/a", &guard, "two")
        .await
        .expect(204);
    assert_eq!(service.names(), ["a"]);
    assert_eq!(service.content("a"), "two");
}

#[tokio::test]
async fn who_stops_within_the_content_does_not_keep_the_lock() {
    let service = Service::with_patience(Duration::from_millis(300)).await;
    let server = &service.server;
    let tag = server
        .send_content("PUT", "/a", &[], "one")
        .await
        .expect(201);
    let guard = [("If-Match", tag.etag())];
    let mut stopped = server.connect("PUT", "/a", &guard, "halfhalf").await;
    stopped.write_all(b"half").await.unwrap();
    // Waits for the lock until the first one is given up, or is refused and comes again.
    let written = loop {
        let response = server.send_content("PUT", "/a", &guard, "two").await;
        if response.status_line.contains(" 204 ") {
            break response;
        }
        let refused = response.expect(503);
        assert_eq!(refused.field("retry-after"), Some("1"));
        assert_eq!(service.content("a"), "one");
    };
    assert_ne!(written.etag(), tag.etag());
    assert_eq!(service.content("a"), "two");
    assert_eq!(service.names(), ["a"]);
}

#[tokio::test]
async fn a_large_file_is_stored_in_full() {
    let service = Service::start().await;
    let content = "0123456789abcdef".repeat(1 << 18);
    let server = &service.server;
    server
        .send_content("PUT", "/large", &[], &content)
        .await
        .expect(201);
    assert_eq!(service.content("large"), content);
}
