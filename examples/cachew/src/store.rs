//! The layout, which needs no more of a store than put-if-absent. Local disks have neither custom
//! attributes nor an update by tag; S3 and memory have, and are not asked for them, so that all
//! three do the same.
//!
//! - `content/<key>/<random>`: the content of one write. It is never changed, only removed.
//! - `entries/<key>/<version>`: the metadata of one version as JSON, with the version number in 20
//!   digits and `<key>` as the SHA-256 of the key. It is put only if there is none of this number,
//!   and never changed. The one with the greatest number is the entry; one without content says
//!   that the entry is deleted.
//! - `newest/<key>`: the number of a version that was the newest a short time ago, a blank, and that
//!   of the oldest. It is put after each write, whatever it says, so it may lag behind: a reader
//!   looks whether there is a next one from there on. So a read asks for the same few objects after
//!   any number of writes, and so does a write. Without it, or if its version is gone, the versions
//!   are listed.
//!
//! A writer puts the number after the one that its precondition was evaluated for. If another
//! writer slipped in, the number is taken, and the store refuses.
//!
//! Content that was replaced is removed at once: a reader that is about to open it starts again. One
//! that has opened it reads on: memory and an open file stay as they are, and S3 ends the response
//! that it has begun. Should that connection break, the rest of replaced content cannot be had, and
//! the reader's response ends short of its Content-Length, as if its own connection had broken.
//! Versions have no gaps: older ones are removed first, and none after one that cannot be removed.
//! A metadata object is removed only when its successor is an hour old by the store's own clock,
//! so that a slow writer does not find a number free again; and a writer that took half an hour
//! from reading to writing looks whether it was the last.
//!
//! A process that dies between the two puts of a write leaves content that nothing refers to. The
//! next write of the key removes it once it is a day old; for keys that are never written again, a
//! lifecycle rule can expire old content: an entry without content does not exist. What dies during an
//! upload leaves, on a disk, a partial file, which goes when the directory is next opened a day
//! later; in a bucket, parts that no listing shows and that are paid for: give the bucket a
//! lifecycle rule with `AbortIncompleteMultipartUpload`. A process that is told to stop aborts its
//! uploads itself.
//!
//! # S3 servers that were tried
//!
//! All of the above hangs on `If-None-Match: *` in PUT, and on its being atomic.
//!
//! | server | put-if-absent |
//! |---|---|
//! | moto 5.2.5, one request at a time | honoured |
//! | moto 5.2.5, with threads | honoured, but 1 of 100 races had no single winner |
//! | s3rver 3.7.1 | not honoured: the last writer wins |
//! | s3s-fs, not run, by its source | checks and then writes: not atomic |
//!
//! Amazon documents it as atomic; that was not tried.

use std::{fmt, sync::Arc};

use futures_util::{StreamExt, TryStreamExt};
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

    /// Aborts the uploads that are under way, and those to come.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub async fn stopping(&self) {
        // The sender is in this very store.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    /// The entry as it is now.
    pub async fn latest(&self, key: &str) -> Result<Snapshot, BoxError> {
        within(self.read_latest(key)).await
    }

    /// Asks for as many objects whatever number of versions there has been.
    async fn read_latest(&self, key: &str) -> Result<Snapshot, BoxError> {
        loop {
            let (mut versions, (mut meta, mut record)) = match self.pointed(key).await? {
                Some(found) => found,
                None => {
                    let Some(versions) = self.listed(key).await? else {
                        return Ok(Snapshot::new(Versions::NONE, None, None, None));
                    };
                    match self.version(key, versions.newest).await? {
                        Some(found) => (versions, found),
                        // It was replaced long ago.
                        None => continue,
                    }
                }
            };
            while let Some(next) = self.version(key, versions.newest + 1).await? {
                versions.newest += 1;
                (meta, record) = next;
            }
            let content = match &record.content {
                Some(location) => self.head(&Path::parse(location)?).await?,
                None => None,
            };
            let gone = content.is_none() && record.content.is_some();
            if gone && self.head(&entry(key, versions.newest + 1)).await?.is_some() {
                // It was replaced just now.
                continue;
            }
            return Ok(Snapshot::new(versions, Some(meta), Some(record), content));
        }
    }

    /// A version that there is, and that few or none came after; `None` if the pointer does not tell.
    async fn pointed(&self, key: &str) -> Result<Option<(Versions, Version)>, BoxError> {
        let pointed = match self.objects.get(&pointer(key)).await {
            Ok(object) => Versions::parse(&object.bytes().await?),
            Err(object_store::Error::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let Some(versions) = pointed else {
            return Ok(None);
        };
        let found = self.version(key, versions.newest).await?;
        Ok(found.map(|found| (versions, found)))
    }

    /// The versions that there are; `None` if there has never been one.
    async fn listed(&self, key: &str) -> Result<Option<Versions>, BoxError> {
        let entries = self.objects.list(Some(&entry_directory(key)));
        let numbers = entries.map(|entry| number(&entry?.location));
        let numbers: Vec<u64> = numbers.try_collect().await?;
        let (newest, oldest) = (numbers.iter().max(), numbers.iter().min());
        Ok((newest.zip(oldest)).map(|(&newest, &oldest)| Versions { newest, oldest }))
    }

    async fn version(&self, key: &str, version: u64) -> Result<Option<Version>, BoxError> {
        match self.objects.get(&entry(key, version)).await {
            Ok(object) => {
                let meta = object.meta.clone();
                let record = serde_json::from_slice(&object.bytes().await?)?;
                Ok(Some((meta, record)))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn head(&self, location: &Path) -> Result<Option<ObjectMeta>, BoxError> {
        match self.objects.head(location).await {
            Ok(meta) => Ok(Some(meta)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the very content that the snapshot is of; `None` if it is gone.
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

/// A metadata object, and what it says.
type Version = (ObjectMeta, Record);

/// The numbers of the versions of a key. Between the two there is no gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// 0 if there has never been a version.
    pub newest: u64,
    pub oldest: u64,
}

impl Versions {
    const NONE: Self = Self {
        newest: 0,
        oldest: 1,
    };

    /// Reads a pointer. What is no pointer tells nothing.
    fn parse(pointer: &[u8]) -> Option<Self> {
        let (newest, oldest) = std::str::from_utf8(pointer).ok()?.split_once(' ')?;
        let (newest, oldest) = (newest.parse().ok()?, oldest.parse().ok()?);
        (1..=newest)
            .contains(&oldest)
            .then_some(Self { newest, oldest })
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.newest, self.oldest)
    }
}

pub(super) fn entry_directory(key: &str) -> Path {
    Path::from_iter(["entries", hashed(key).as_str()])
}

pub fn entry(key: &str, version: u64) -> Path {
    entry_directory(key).join(format!("{version:020}"))
}

pub fn pointer(key: &str) -> Path {
    Path::from_iter(["newest", hashed(key).as_str()])
}

pub fn content(key: &str, id: &str) -> Path {
    content_directory(key).join(id)
}

pub(super) fn content_directory(key: &str) -> Path {
    Path::from_iter(["content", hashed(key).as_str()])
}

fn number(location: &Path) -> Result<u64, BoxError> {
    let name = location.filename().ok_or("an entry without a version")?;
    Ok(name.parse()?)
}

/// Any key makes a name that any store takes.
fn hashed(key: &str) -> String {
    hexadecimal(&Sha256::digest(key))
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
