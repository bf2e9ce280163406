//! What was replaced is removed, but never what a slow writer could mistake for free.

use std::{
    path::PathBuf,
    time::{Duration, SystemTime},
};

use example_cachew::{commit::outdated, store::content};
use futures_util::TryStreamExt;
use object_store::{ObjectMeta, path::Path};

use crate::backend::{Backend, Directory, target};

/// Content is as large as it may be, and goes at once; the small metadata objects stay for a while.
pub(crate) async fn leaves_one_content_an_entry(backend: &Backend) {
    let (server, target) = (backend.serve().await, target("replaced"));
    let before = objects(backend, "content").await;
    for n in 0..3 {
        server
            .send_content("POST", &target, &[], &n.to_string())
            .await;
        let refused = server.send_content("POST", &target, &[("If-None-Match", "*")], "lost");
        refused.await.expect(412);
    }
    assert_eq!(objects(backend, "content").await, before + 1);
    server.send("DELETE", &target, &[]).await.expect(204);
    assert_eq!(objects(backend, "content").await, before);
    server.send("GET", &target, &[]).await.expect(404);
}

async fn objects(backend: &Backend, directory: &str) -> usize {
    let prefix = Path::from(directory);
    let listed: Vec<_> = backend
        .objects
        .list(Some(&prefix))
        .try_collect()
        .await
        .unwrap();
    listed.len()
}

/// Versions that were written at these minutes.
fn history(minutes: &[u64]) -> Vec<ObjectMeta> {
    let version = |(&minutes, version): (&u64, u64)| ObjectMeta {
        location: Path::from(format!("entries/a/{version:020}")),
        last_modified: (SystemTime::UNIX_EPOCH + Duration::from_secs(60 * minutes)).into(),
        size: 1,
        e_tag: None,
        version: None,
    };
    minutes.iter().zip(1..).map(version).collect()
}

/// A version goes when the one after it is an hour older than the newest.
#[test]
fn a_number_stays_taken_for_an_hour_after_it_was_replaced() {
    for (minutes, removed) in [
        (&[][..], 0),
        (&[0], 0),
        (&[0, 120], 0),
        (&[0, 1, 60], 0),
        (&[0, 1, 61], 1),
        (&[0, 1, 2, 62, 63], 2),
        (&[0, 100, 50], 0),
    ] {
        let history = history(minutes);
        let found: Vec<_> = outdated(&history).map(|meta| &meta.location).collect();
        let expected: Vec<_> = history[..removed]
            .iter()
            .map(|meta| &meta.location)
            .collect();
        assert_eq!(found, expected, "{minutes:?}");
    }
}

/// In minutes.
const DAY: u64 = 24 * 60;

/// A file of the store on disk, as a process left it so many minutes ago.
fn leave(directory: &Directory, name: &str, minutes: u64) -> PathBuf {
    let path = directory.0.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = std::fs::File::create(&path).unwrap();
    let age = Duration::from_secs(60 * minutes);
    file.set_modified(SystemTime::now() - age).unwrap();
    path
}

/// It was killed between its two puts.
#[tokio::test]
async fn a_write_removes_the_content_of_a_writer_that_was_killed() {
    let directory = Directory::new("killed");
    let old = leave(&directory, content("killed", "old").as_ref(), DAY + 1);
    let young = leave(&directory, content("killed", "young").as_ref(), DAY - 10);
    let other = leave(&directory, content("other", "old").as_ref(), DAY + 1);
    let backend = Backend::open(&directory.url(), None, &[]);
    let (server, target) = (backend.serve().await, target("killed"));
    let stored = server.send_content("POST", &target, &[], "content");
    stored.await.expect(201);
    assert!(!old.exists());
    assert!(young.exists(), "it may be about to be referred to");
    assert!(other.exists());
    server.send("GET", &target, &[]).await.expect(200);
}

/// It was killed while it wrote a file.
#[test]
fn what_opens_a_directory_removes_partial_files() {
    let directory = Directory::new("partial");
    let old = leave(&directory, "content/a/b#1", DAY + 1);
    let entry = leave(&directory, "entries/a/1#12", DAY + 1);
    let young = leave(&directory, "content/a/b#2", DAY - 10);
    let whole = leave(&directory, "content/a/b", DAY + 1);
    let named = leave(&directory, "content/a/b#c", DAY + 1);
    Backend::open(&directory.url(), None, &[]);
    for (path, exists) in [
        (old, false),
        (entry, false),
        (young, true),
        (whole, true),
        (named, true),
    ] {
        assert_eq!(path.exists(), exists, "{}", path.display());
    }
}
