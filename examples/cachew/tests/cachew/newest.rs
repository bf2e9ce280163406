//! Finding the newest version, and what a client sees if the store fails.

use example_cachew::store::{entry, pointer};
use object_store::{ObjectStoreExt, path::Path};

use crate::backend::{Backend, Directory, target};

/// Every read listed all versions of the last hour: after 4,000 writes a GET took 50 times as long.
pub(crate) async fn is_found_without_a_list(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("listed"));
    for n in 0..5 {
        let content = n.to_string();
        server.send_content("POST", &target, &[], &content).await;
    }
    // A list would find this, and fail.
    let misnamed = Path::from(entry("listed", 1).to_string().replace("0001", "none"));
    backend.put(misnamed.as_ref(), "{}").await;
    let read = server.send("GET", &target, &[]).await.expect(200);
    assert_eq!(read.content, "4");
    let stale = [("If-Match", "\"none\"")];
    let refused = server.send_content("POST", &target, &stale, "lost");
    refused.await.expect(412);
    let read = server.send("GET", &target, &[]).await.expect(200);
    assert_eq!(read.content, "4");
    backend.objects.delete(&misnamed).await.unwrap();
}

/// The pointer lags behind, says nothing, points to what was removed, or was never there.
pub(crate) async fn is_found_by_any_pointer(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("pointed"));
    for n in 0..5 {
        let content = n.to_string();
        server.send_content("POST", &target, &[], &content).await;
    }
    let place = pointer("pointed");
    let most = format!("{0} {0}", u64::MAX);
    for text in [
        "1", "5", "", "x", "-1", "1 1", "3 1", "5 1", "5 5", "99 1", "1 5", "0 0", "0 1", &most,
    ] {
        backend.put(place.as_ref(), text.to_owned()).await;
        let read = server.send("GET", &target, &[]).await.expect(200);
        assert_eq!(read.content, "4", "{text:?}");
    }
    backend.objects.delete(&place).await.unwrap();
    let read = server.send("GET", &target, &[]).await.expect(200);
    assert_eq!(read.content, "4");
    server.send("DELETE", &target, &[]).await.expect(204);
    backend.put(place.as_ref(), "2 1").await;
    server.send("GET", &target, &[]).await.expect(404);
}

/// The body of a 502 named endpoint, bucket and path.
#[tokio::test]
async fn what_failed_is_told_but_not_where() {
    let directory = Directory::new("failing");
    let backend = Backend::open(&directory.url(), None, &[]);
    let server = backend.serve().await;
    // Files in the place of directories.
    for name in ["content", "entries", "newest"] {
        let _ = std::fs::remove_dir_all(directory.0.join(name));
        std::fs::write(directory.0.join(name), "").unwrap();
    }
    let target = target("key");
    let guarded = [("If-Match", "\"a\"")];
    let answers = [
        server.send("GET", &target, &[]).await,
        server.send_content("POST", &target, &[], "content").await,
        server.send("DELETE", &target, &[]).await,
        server.send("DELETE", &target, &guarded).await,
    ];
    for answer in answers {
        let line = &answer.status_line;
        assert!(line.contains("502") || line.contains("503"), "{line}");
        // Nothing was written.
        for name in ["content", "entries", "newest"] {
            assert_eq!(std::fs::read(directory.0.join(name)).unwrap(), b"");
        }
        let path = directory.0.to_str().unwrap();
        for secret in [path, "entries", "newest", "content/"] {
            assert!(!answer.content.contains(secret), "{}", answer.content);
        }
        assert!(!answer.content.is_empty());
    }
}
