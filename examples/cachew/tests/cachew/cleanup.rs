//! What was replaced is removed, but never what a slow writer could mistake for free.

use std::{
    path::PathBuf,
    time::{Duration, SystemTime},
};

use example_cachew::{
    commit::is_outdated,
    store::{content, entry, pointer},
};
use futures_util::TryStreamExt;
use object_store::{ObjectMeta, ObjectStoreExt, path::Path};

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

#[test]
fn a_number_stays_taken_for_an_hour_after_it_was_replaced() {
    let written = |minutes: u64| ObjectMeta {
        location: Path::from("entries/a/1"),
        last_modified: (SystemTime::UNIX_EPOCH + Duration::from_secs(60 * minutes)).into(),
        size: 1,
        e_tag: None,
        version: None,
    };
    for (successor, newest, outdated) in [
        (0, 0, false),
        (0, 59, false),
        (0, 60, true),
        (1, 60, false),
        (100, 50, false),
    ] {
        let found = is_outdated(&written(successor), &written(newest));
        assert_eq!(found, outdated, "{successor}, {newest}");
    }
}

/// Without a list: the pointer tells the oldest one. Each write makes one version and removes more.
#[tokio::test]
async fn writes_remove_the_versions_that_are_old_enough() {
    let directory = Directory::new("versions");
    let backend = Backend::open(&directory.url(), None, &[]);
    let (server, target) = (backend.serve().await, target("key"));
    let write = || async {
        let written = server.send_content("POST", &target, &[], "content").await;
        assert!(written.status_line.contains(" 20"), "{written:?}");
    };
    let there = || {
        let versions = 1..30;
        versions
            .filter(|&version| directory.0.join(entry("key", version).as_ref()).exists())
            .collect::<Vec<_>>()
    };
    for _ in 0..8 {
        write().await;
    }
    assert_eq!(there(), (1..=8).collect::<Vec<_>>());
    // The sixth was replaced less than an hour ago.
    for version in 1..=6 {
        leave(&directory, entry("key", version).as_ref(), 61);
    }
    write().await;
    assert_eq!(there(), (5..=9).collect::<Vec<_>>());
    // Of a process that told only the newest.
    backend.put(pointer("key").as_ref(), "9").await;
    write().await;
    assert_eq!(there(), (6..=10).collect::<Vec<_>>());
    // Another writer has removed some; a slower one pointed to what was there before.
    for version in 6..=7 {
        let location = entry("key", version);
        backend.objects.delete(&location).await.unwrap();
    }
    backend.put(pointer("key").as_ref(), "9 4").await;
    for version in 8..=9 {
        leave(&directory, entry("key", version).as_ref(), 61);
    }
    write().await;
    write().await;
    assert_eq!(there(), (9..=12).collect::<Vec<_>>());
    server.send("GET", &target, &[]).await.expect(200);
}

/// In minutes.
const DAY: u64 = 24 * 60;

/// A file of the store on disk, as a process left it so many minutes ago. One that is there is kept.
fn leave(directory: &Directory, name: &str, minutes: u64) -> PathBuf {
    let path = directory.0.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file = std::fs::File::options();
    let file = file.create(true).append(true).open(&path).unwrap();
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
