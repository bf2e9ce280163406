//! The layout of the store. It needs nothing of a store but put-if-absent. Local disks have neither
//! custom attributes nor an update by tag. S3 and memory have both, but this example does not use
//! them, so that all three kinds of stores behave the same.
//!
//! - `content/<key>/<random>` is the content of one write. It is never changed, only removed.
//! - `entries/<key>/<version>` is the metadata of one version as JSON. The version number has 20
//!   digits, and `<key>` is the SHA-256 of the key. The object is created only if this number is
//!   free, and is never changed. The object with the greatest number is the current entry. An
//!   object without content means that the entry is deleted.
//!
//! A writer creates the number after the one for which its precondition was evaluated. If another
//! writer was faster, the number is taken, and the store refuses.
//!
//! Replaced content is removed at once. A reader that is about to open it starts again. A reader
//! that has opened it can finish: memory and an open file stay as they are, and S3 completes a
//! response that it has begun. If that connection breaks, the rest of the replaced content is gone,
//! and the response ends before its Content-Length, as if the client's own connection had broken.
//!
//! A metadata object is removed only when its successor is an hour old by the store's clock, so
//! that a slow writer does not find a number free again. A writer that took half an hour between
//! reading and writing checks whether its version is still the last one.
//!
//! A process that dies between the two puts of a write leaves content that nothing refers to. The
//! next write of the key removes it when it is a day old. For keys that are never written again,
//! use a lifecycle rule that expires old content: an entry without content counts as missing. A
//! process that dies during an upload leaves a partial file on a disk, which is removed when the
//! directory is next opened a day later. In a bucket it leaves parts that no listing shows but that
//! are paid for: add a lifecycle rule with `AbortIncompleteMultipartUpload`. A process that is
//! asked to stop aborts its own uploads.
//!
//! # Which S3 servers work
//!
//! Everything above depends on an atomic `If-None-Match: *` in PUT.
//!
//! | server | put-if-absent |
//! |---|---|
//! | moto 5.2.5, one request at a time | honoured |
//! | moto 5.2.5, with threads | honoured, but 1 of 100 races had no single winner |
//! | s3rver 3.7.1 | not honoured: the last writer wins |
//! | s3s-fs, by its source code, not run | checks and then writes: not atomic |
//!
//! Amazon documents it as atomic. This was not tested.

use std::sync::Arc;

use futures_util::TryStreamExt;
use object_store::{GetOptions, GetResult, ObjectMeta, ObjectStore, ObjectStoreExt, path::Path};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::{BoxError, patience::within, record::Record, snapshot::Snapshot};

#[derive(Debug)]
pub struct Store {
    pub(super) objects: Arc<dyn ObjectStore>,
    stop: watch::Sender<bool>,
}

impl Store {
    pub fn new(objects: Arc<dyn ObjectStore>) -> Self {
        let (stop, _) = watch::channel(false);
        Self { objects, stop }
    }

    /// Aborts the uploads in progress, and all later ones.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub async fn stopping(&self) {
        // This store holds the sender, so it is not closed.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    /// Returns the current state of the entry.
    pub async fn latest(&self, key: &str) -> Result<Snapshot, BoxError> {
        within(self.read_latest(key)).await
    }

    async fn read_latest(&self, key: &str) -> Result<Snapshot, BoxError> {
        loop {
            let mut history: Vec<_> = self
                .objects
                .list(Some(&entry_directory(key)))
                .try_collect()
                .await?;
            history.sort_by(|a, b| a.location.cmp(&b.location));
            let Some(newest) = history.last() else {
                return Ok(Snapshot::new(0, history, None, None));
            };
            let version = version(&newest.location)?;
            let record: Record = match self.objects.get(&newest.location).await {
                Ok(object) => serde_json::from_slice(&object.bytes().await?)?,
                // It was replaced long ago.
                Err(object_store::Error::NotFound { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            let content = match &record.content {
                Some(location) => self.head(&Path::parse(location)?).await?,
                None => None,
            };
            let gone = content.is_none() && record.content.is_some();
            if gone && self.head(&entry(key, version + 1)).await?.is_some() {
                // It was replaced just now.
                continue;
            }
            return Ok(Snapshot::new(version, history, Some(record), content));
        }
    }

    async fn head(&self, location: &Path) -> Result<Option<ObjectMeta>, BoxError> {
        match self.objects.head(location).await {
            Ok(meta) => Ok(Some(meta)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the content that the snapshot describes. Returns `None` if it was removed.
    pub(super) async fn open_content(
        &self,
        snapshot: &Snapshot,
    ) -> Result<Option<GetResult>, BoxError> {
        use object_store::Error::{NotFound, Precondition};

        let Some(content) = snapshot.content() else {
            return Ok(None);
        };
        let options = GetOptions {
            if_match: content.e_tag.clone(),
            ..GetOptions::default()
        };
        let open = async {
            match self.objects.get_opts(&content.location, options).await {
                Ok(opened) => Ok(Some(opened)),
                Err(NotFound { .. } | Precondition { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        };
        within(open).await
    }
}

pub(super) fn entry_directory(key: &str) -> Path {
    Path::from_iter(["entries", hashed(key).as_str()])
}

pub fn entry(key: &str, version: u64) -> Path {
    entry_directory(key).join(format!("{version:020}"))
}

pub fn content(key: &str, id: &str) -> Path {
    content_directory(key).join(id)
}

pub(super) fn content_directory(key: &str) -> Path {
    Path::from_iter(["content", hashed(key).as_str()])
}

fn version(location: &Path) -> Result<u64, BoxError> {
    let name = location.filename().ok_or("an entry without a version")?;
    Ok(name.parse()?)
}

/// Makes a name that every store accepts, from any key.
fn hashed(key: &str) -> String {
    hexadecimal(&Sha256::digest(key))
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
