use std::time::{Duration, Instant};

use axum::http::{Response, request::Parts};
use futures_util::TryStreamExt;
use object_store::{
    Error::{AlreadyExists, NotFound, Precondition},
    ObjectMeta, ObjectStoreExt, PutMode, PutPayload,
    path::Path,
};
use tower_conditional::{Outcome, RefusalBody};

use super::{
    BoxError,
    failure::Told,
    patience::within,
    record::Record,
    snapshot::Snapshot,
    store::{Store, Versions, content_directory, entry, pointer},
};

/// How long a number stays taken after its entry was replaced.
const GRACE: Duration = Duration::from_secs(3600);

/// How old content is that belongs to nobody, if nothing refers to it. S3 dates an object by when
/// its upload began, so half of it is the time that an upload may take.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// How many metadata objects a write removes at most.
const REMOVED_AT_ONCE: usize = 4;

/// What came of a write.
#[derive(Debug)]
pub(crate) enum Committed {
    /// The new version is there. `before` is the one that it replaced.
    Done { before: Snapshot },
    /// A precondition is false for what is there now: the layer's own response.
    Refused(Response<RefusalBody>),
    /// There is nothing to delete.
    Absent,
}

impl Store {
    /// Checks the preconditions and writes, in one atomic step: if another writer comes between the
    /// two, the store refuses, and both are done again.
    pub(super) async fn commit(
        &self,
        head: &Parts,
        record: &Record,
        begun: Instant,
    ) -> Result<Committed, BoxError> {
        // Without one the request has no preconditions.
        let outcome = head.extensions.get::<Outcome>();
        loop {
            let started = Instant::now();
            let before = self.latest(&record.key).await?;
            if let Some(outcome) = outcome {
                if let Err(refused) = outcome.recheck(head, before.clone().into_selected()) {
                    return Ok(Committed::Refused(refused));
                }
            }
            if before.content().is_none() && record.content.is_none() {
                return Ok(Committed::Absent);
            }
            if begun.elapsed() > ABANDONED / 2 {
                return Err(Told("the upload took too long").into());
            }
            if self.replace(&before, record).await? {
                if started.elapsed() > GRACE / 2
                    && self.latest(&record.key).await?.id() != Some(&*record.id)
                {
                    return Err(Told("the store was too slow to tell who was last").into());
                }
                // The write is made, whatever comes of this.
                let oldest = self.remove_outdated(&record.key, &before);
                let versions = Versions {
                    newest: before.version() + 1,
                    oldest: within(oldest).await.unwrap_or(before.oldest()),
                };
                let _ = within(self.point_to(&record.key, versions)).await;
                let _ = within(self.clean_up(record, &before)).await;
                return Ok(Committed::Done { before });
            }
        }
    }

    /// Puts the version after this one; false if there is one already.
    pub async fn replace(&self, before: &Snapshot, record: &Record) -> Result<bool, BoxError> {
        let location = entry(&record.key, before.version() + 1);
        let json = PutPayload::from(serde_json::to_vec(record)?);
        let put = async {
            let mode = PutMode::Create.into();
            match self.objects.put_opts(&location, json, mode).await {
                Ok(_) => Ok(true),
                // Taken by another writer, or by this one, whose request was sent again.
                Err(AlreadyExists { .. } | Precondition { .. }) => {
                    self.is_ours(&location, record).await
                }
                Err(error) => Err(BoxError::from(error)),
            }
        };
        within(put).await
    }

    async fn is_ours(&self, location: &Path, record: &Record) -> Result<bool, BoxError> {
        match self.objects.get(location).await {
            Ok(object) => {
                let taken: Record = serde_json::from_slice(&object.bytes().await?)?;
                Ok(taken.id == record.id)
            }
            Err(NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Lets readers find the newest version without listing all. Of two writers the slower one may
    /// point to the older version.
    async fn point_to(&self, key: &str, versions: Versions) -> object_store::Result<()> {
        let numbers = PutPayload::from(versions.to_string());
        self.objects.put(&pointer(key), numbers).await.map(|_| ())
    }

    /// Removes the oldest versions, if their number has been taken long enough. Returns the oldest
    /// that is left. What cannot be removed now is removed by a later write.
    async fn remove_outdated(&self, key: &str, before: &Snapshot) -> Result<u64, BoxError> {
        let mut oldest = before.oldest();
        let Some(newest) = before.entry() else {
            return Ok(oldest);
        };
        for _ in 0..REMOVED_AT_ONCE {
            if oldest >= before.version() {
                break;
            }
            match self.head(&entry(key, oldest + 1)).await {
                Ok(Some(successor)) if is_outdated(&successor, newest) => {
                    match self.objects.delete(&entry(key, oldest)).await {
                        Ok(()) | Err(NotFound { .. }) => oldest += 1,
                        Err(_) => break,
                    }
                }
                // Another writer has removed both.
                Ok(None) => oldest += 1,
                Ok(Some(_)) | Err(_) => break,
            }
        }
        Ok(oldest)
    }

    /// Removes content that was replaced, and content that belongs to nobody. What cannot be removed
    /// now is removed by a later write, or by a lifecycle rule.
    async fn clean_up(&self, record: &Record, replaced: &Snapshot) -> Result<(), BoxError> {
        if let Some(location) = replaced.location() {
            let _ = self.objects.delete(location).await;
        }
        self.remove_abandoned(record).await
    }

    /// Removes the content of writers that were killed before anything referred to it.
    ///
    /// Content that is older than `ABANDONED` when some version was written is that version's or
    /// an earlier one's, or nobody's: its own writer would have given up long before.
    async fn remove_abandoned(&self, record: &Record) -> Result<(), BoxError> {
        let directory = content_directory(&record.key);
        let listed: Vec<_> = self.objects.list(Some(&directory)).try_collect().await?;
        let mine =
            |content: &ObjectMeta| record.content.as_deref() == Some(content.location.as_ref());
        if listed.iter().all(mine) {
            return Ok(());
        }
        let now = self.latest(&record.key).await?;
        let Some(newest) = now.entry() else {
            return Ok(());
        };
        for content in listed {
            let age = (newest.last_modified - content.last_modified).to_std();
            let old = age.is_ok_and(|age| age >= ABANDONED);
            if old && now.location() != Some(&content.location) {
                self.objects.delete(&content.location).await?;
            }
        }
        Ok(())
    }
}

/// Reports whether a version has been replaced long enough, by the store's own clock. Its successor
/// replaced it.
pub fn is_outdated(successor: &ObjectMeta, newest: &ObjectMeta) -> bool {
    let age = (newest.last_modified - successor.last_modified).to_std();
    age.is_ok_and(|age| age >= GRACE)
}
