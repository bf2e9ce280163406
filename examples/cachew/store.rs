//! The layout, which needs no more of a store than put-if-absent. Local disks have neither custom
//! attributes nor an update by tag; S3 and memory have, and are not asked for them, so that all
//! three do the same.
//!
//! - `content/<key>/<random>`: the content of one write. It is never changed, only removed.
//! - `entries/<key>/<version>`: the metadata of one version as JSON, with the version number in 20
//!   digits and `<key>` as the SHA-256 of the key. It is put only if there is none of this number,
//!   and never changed. The one with the greatest number is the entry; one without content says
//!   that the entry is deleted.
//!
//! A writer puts the number after the one that its precondition was evaluated for. If another
//! writer slipped in, the number is taken, and the store refuses.
//!
//! Content that was replaced is removed at once: a reader that is about to open it starts again.
//! A metadata object is removed only when its successor is an hour old by the store's own clock,
//! so that a slow writer does not find a number free again; and a writer that took half an hour
//! from reading to writing looks whether it was the last.
//!
//! A process that dies between the two puts of a write leaves content that nothing refers to. A
//! lifecycle rule that expires old content cleans up after it: an entry without content is none.

use std::sync::Arc;

use futures_util::TryStreamExt;
use object_store::{GetOptions, GetResult, ObjectMeta, ObjectStore, ObjectStoreExt, path::Path};
use sha2::{Digest, Sha256};

use super::{BoxError, record::Record, snapshot::Snapshot};

#[derive(Debug)]
pub(crate) struct Store {
    pub(super) objects: Arc<dyn ObjectStore>,
}

impl Store {
    pub(crate) fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects }
    }

    /// The entry as it is now.
    pub(crate) async fn latest(&self, key: &str) -> Result<Snapshot, BoxError> {
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
        match self.objects.get_opts(&content.location, options).await {
            Ok(opened) => Ok(Some(opened)),
            Err(NotFound { .. } | Precondition { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

pub(super) fn entry_directory(key: &str) -> Path {
    Path::from_iter(["entries", hashed(key).as_str()])
}

pub(crate) fn entry(key: &str, version: u64) -> Path {
    entry_directory(key).join(format!("{version:020}"))
}

pub(super) fn content(key: &str, id: &str) -> Path {
    Path::from_iter(["content", hashed(key).as_str(), id])
}

fn version(location: &Path) -> Result<u64, BoxError> {
    let name = location.filename().ok_or("an entry without a version")?;
    Ok(name.parse()?)
}

/// Any key makes a name that any store takes.
fn hashed(key: &str) -> String {
    hexadecimal(&Sha256::digest(key))
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
