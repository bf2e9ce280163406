//! An entry exists if it has content, whether or not it has a tag.

use example_cachew::{record::Record, store::entry};
use object_store::{ObjectStoreExt, path::Path};

use crate::{
    backend::{Backend, target},
    content::TAG,
    state::unchanged,
};

/// An entry that a version of the service wrote which knew no tags.
async fn without_tag(backend: &Backend, key: &str) {
    let content = format!("content/old-{key}");
    backend.put(&content, "old").await;
    let record = Record {
        id: String::from("old"),
        key: key.to_owned(),
        content: Some(content),
        ..Record::default()
    };
    let json = serde_json::to_vec(&record).unwrap();
    backend.put(entry(key, 1).as_ref(), json).await;
}

pub(crate) async fn is_what_an_asterisk_asks_for(backend: &Backend) {
    let server = backend.serve().await;
    let (any, tag) = ([("If-Match", "*")], [("If-Match", TAG)]);
    let (none, not) = ([("If-None-Match", "*")], [("If-None-Match", TAG)]);

    let target = target("old");
    without_tag(backend, "old").await;
    let full = server.send("GET", &target, &[]).await.expect(200);
    assert_eq!(full.content, "old");
    assert_eq!(full.field("ETag"), None);
    server.send("GET", &target, &any).await.expect(200);
    let refused = async {
        server.send("GET", &target, &none).await.expect(304);
        server.send("GET", &target, &tag).await.expect(412);
        server.send("GET", &target, &not).await.expect(200);
        for fields in [&none, &tag] {
            let lost = server.send_content("POST", &target, fields, "lost");
            lost.await.expect(412);
            let lost = server.send("DELETE", &target, fields);
            lost.await.expect(412);
        }
    };
    unchanged(backend, "old", refused).await;
    let updated = server.send_content("POST", &target, &any, "content").await;
    assert_eq!(updated.expect(200).etag(), TAG);
    server.send("DELETE", &target, &any).await.expect(204);
    let again = server.send("DELETE", &target, &any);
    unchanged(backend, "old", again).await.expect(412);
}

pub(crate) async fn ends_with_deletion_and_begins_again(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("again"));
    let create = [("If-None-Match", "*")];
    for _ in 0..3 {
        server
            .send_content("POST", &target, &create, "content")
            .await
            .expect(201);
        let again = server.send_content("POST", &target, &create, "content");
        unchanged(backend, "again", again).await.expect(412);
        server
            .send("DELETE", &target, &[("If-Match", TAG)])
            .await
            .expect(204);
        for fields in [&create, &[("If-Match", TAG)]] {
            server.send("GET", &target, fields).await.expect(404);
        }
    }
}

/// A lifecycle rule may have expired it.
pub(crate) async fn needs_content(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("expired"));
    without_tag(backend, "expired").await;
    let content = Path::parse("content/old-expired").unwrap();
    backend.objects.delete(&content).await.unwrap();
    server.send("GET", &target, &[]).await.expect(404);
    let any = [("If-Match", "*")];
    let lost = server.send("DELETE", &target, &any);
    unchanged(backend, "expired", lost).await.expect(412);
    let create = [("If-None-Match", "*")];
    server
        .send_content("POST", &target, &create, "content")
        .await
        .expect(201);
    assert_eq!(
        server.send("GET", &target, &[]).await.expect(200).etag(),
        TAG
    );
}
