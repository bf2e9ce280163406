use std::time::{Duration, Instant};

use axum::http::{HeaderMap, Method};
use futures_util::TryStreamExt;
use object_store::{
    Error::{AlreadyExists, NotFound, Precondition},
    ObjectMeta, ObjectStoreExt, PutMode, PutPayload,
    path::Path,
};
use tower_conditional::{Decision, Preconditions, Rules};

use super::{
    BoxError,
    patience::within,
    record::Record,
    snapshot::Snapshot,
    store::{Store, content_directory, entry},
};

/// How long a version number stays in use after its entry was replaced.
const GRACE: Duration = Duration::from_secs(3600);

/// The age from which content that nothing refers to counts as abandoned. S3 dates an object by the
/// beginning of its upload, so half of this is the time that an upload may take.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// The result of a write.
#[derive(Debug)]
pub(crate) enum Committed {
    /// The new version is stored. `before` is the version that it replaced.
    Done { before: Snapshot },
    /// A precondition is false for the current version.
    Refused { decision: Decision, now: Snapshot },
    /// There is nothing to delete.
    Absent,
}

impl Store {
    /// Checks the preconditions and writes, in one atomic step. If another writer comes between the
    /// two, the store refuses, and both are repeated.
    pub(super) async fn commit(
        &self,
        method: &Method,
        headers: &HeaderMap,
        record: &Record,
        begun: Instant,
    ) -> Result<Committed, BoxError> {
        loop {
            let started = Instant::now();
            let before = self.latest(&record.key).await?;
            let decision = Preconditions::new(method, headers).evaluate(
                before.current(),
                &Rules::RFC9110,
                std::time::SystemTime::now(),
            );
            if !decision.performs() {
                let now = before;
                return Ok(Committed::Refused { decision, now });
            }
            if before.content().is_none() && record.content.is_none() {
                return Ok(Committed::Absent);
            }
            if begun.elapsed() > ABANDONED / 2 {
                return Err("the upload took too long".into());
            }
            if self.replace(&before, record).await? {
                if started.elapsed() > GRACE / 2
                    && self.latest(&record.key).await?.id() != Some(&*record.id)
                {
                    return Err("the store was too slow to tell who was last".into());
                }
                // The write has succeeded, whether or not the clean-up does.
                let _ = within(self.clean_up(&record.key, &before)).await;
                return Ok(Committed::Done { before });
            }
        }
    }

    /// Stores the version after this one. Returns `false` if it exists already.
    pub async fn replace(&self, before: &Snapshot, record: &Record) -> Result<bool, BoxError> {
        let location = entry(&record.key, before.version() + 1);
        let json = PutPayload::from(serde_json::to_vec(record)?);
        let put = async {
            let mode = PutMode::Create.into();
            match self.objects.put_opts(&location, json, mode).await {
                Ok(_) => Ok(true),
                // Either another writer has taken the number, or this one, whose request was
                // repeated.
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

    /// Removes what was replaced. What cannot be removed now is removed by a later write or by a
    /// lifecycle rule.
    async fn clean_up(&self, key: &str, replaced: &Snapshot) -> Result<(), BoxError> {
        if let Some(location) = replaced.location() {
            let _ = self.objects.delete(location).await;
        }
        for outdated in outdated(replaced.history()) {
            let _ = self.objects.delete(&outdated.location).await;
        }
        self.remove_abandoned(key).await
    }

    /// Removes the content of writers that were killed before anything referred to it.
    ///
    /// Content that is older than `ABANDONED` when a version was written belongs to that version,
    /// to an earlier one, or to nobody: its own writer would have given up long before.
    async fn remove_abandoned(&self, key: &str) -> Result<(), BoxError> {
        let directory = content_directory(key);
        let contents: Vec<_> = self.objects.list(Some(&directory)).try_collect().await?;
        let now = self.latest(key).await?;
        let Some(newest) = now.history().last() else {
            return Ok(());
        };
        for content in contents {
            let age = (newest.last_modified - content.last_modified).to_std();
            let old = age.is_ok_and(|age| age >= ABANDONED);
            if old && now.location() != Some(&content.location) {
                self.objects.delete(&content.location).await?;
            }
        }
        Ok(())
    }
}

/// Returns those whose successor is old enough, by the store's own clock.
pub fn outdated(history: &[ObjectMeta]) -> impl Iterator<Item = &ObjectMeta> {
    let now = history.last().map(|newest| newest.last_modified);
    history.windows(2).filter_map(move |pair| {
        let age = (now? - pair[1].last_modified).to_std().ok()?;
        (age >= GRACE).then_some(&pair[0])
    })
}
