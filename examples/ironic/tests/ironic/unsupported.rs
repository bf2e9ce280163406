//! "`If-None-Match` or any other 'Precondition Header Fields' will not be supported."

use super::{EXTRA, JSON, NODE, ONE_OF_EACH, WITH_TAGS, WITHOUT_TAGS, get, patch, start, tag};

const LONG_AGO: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

#[tokio::test]
async fn they_are_not_evaluated() {
    let server = start().await;
    for target in ONE_OF_EACH {
        let current = tag(&get(&server, target).await);
        for field in [
            ("If-None-Match", current.as_str()),
            ("If-None-Match", "*"),
            ("If-Modified-Since", LONG_AGO),
            ("If-Unmodified-Since", LONG_AGO),
            ("If-Range", current.as_str()),
        ] {
            for version in [WITH_TAGS, WITHOUT_TAGS] {
                let found = server.send("GET", target, &[version, field]).await;
                let found = found.expect(200);
                assert_eq!(found.field("cache-control"), Some("no-cache"));
                assert_eq!(found.field("etag").is_some(), version == WITH_TAGS);
                server
                    .send_content("PATCH", target, &[JSON, version, field], EXTRA)
                    .await
                    .expect(200);
            }
        }
    }
    let list = [WITH_TAGS, ("If-None-Match", "*")];
    server.send("GET", "/v1/ports", &list).await.expect(200);
}

/// Beside `If-Match` they do not count either, and do not weaken it.
#[tokio::test]
async fn only_if_match_decides() {
    let server = start().await;
    let stale = tag(&get(&server, NODE).await);
    let current = tag(&patch(&server, NODE, EXTRA).await.expect(200));
    for other in [
        ("If-None-Match", "*"),
        ("If-None-Match", current.as_str()),
        ("If-Unmodified-Since", LONG_AGO),
    ] {
        for (sent, status) in [(&current, 200), (&stale, 412)] {
            let fields = [JSON, WITH_TAGS, other, ("If-Match", sent.as_str())];
            server
                .send_content("PATCH", NODE, &fields, EXTRA)
                .await
                .expect(status);
            server.send("GET", NODE, &fields[1..]).await.expect(status);
        }
        let fields = [WITHOUT_TAGS, other, ("If-Match", current.as_str())];
        server.send("GET", NODE, &fields).await.expect(406);
    }
    assert_eq!(tag(&get(&server, NODE).await), current);
}
