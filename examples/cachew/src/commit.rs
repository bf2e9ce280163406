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
    failure::Told,
    patience::within,
    record::Record,
    snapshot::Snapshot,
    store::{Store, content_directory, entry, pointer},
};

/// How long a number stays taken after its entry was replaced.
const GRACE: Duration = Duration::from_secs(3600);

/// How old content is that belongs to nobody, if nothing refers to it. S3 dates an object by when
/// its upload began, so half of it is the time that an upload may take.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// Every write of so many removes metadata objects.
const CLEANED_EVERY: u64 = 16;

/// What came of a write.
#[derive(Debug)]
pub(crate) enum Committed {
    /// The new version is there. `before` is the one that it replaced.
    Done { before: Snapshot },
    /// A precondition is false for what is there now.
    Refused { decision: Decision, now: Snapshot },
    /// There is nothing to delete.
    Absent,
}

impl Store {
    /// Checks the preconditions and writes, in one atomic step: if another writer comes between the
    /// two, the store refuses, and both are done again.
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
                return Err(Told("the upload took too long").into());
            }
            if self.replace(&before, record).await? {
                if started.elapsed() > GRACE / 2
                    && self.latest(&record.key).await?.id() != Some(&*record.id)
                {
                    return Err(Told("the store was too slow to tell who was last").into());
                }
                // The write is made, whatever comes of this.
                let _ = within(self.point_to(&record.key, before.version() + 1)).await;
                let _ = within(self.clean_up(&record.key, &before)).await;
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
    async fn point_to(&self, key: &str, version: u64) -> object_store::Result<()> {
        let number = PutPayload::from(version.to_string());
        self.objects.put(&pointer(key), number).await.map(|_| ())
    }

    /// Removes what was replaced. What cannot be removed now is removed by a later write, or by a
    /// lifecycle rule.
    async fn clean_up(&self, key: &str, replaced: &Snapshot) -> Result<(), BoxError> {
        if let Some(location) = replaced.location() {
            let _ = self.objects.delete(location).await;
        }
        // Listing takes the longer the more versions there are.
        if replaced.version().is_multiple_of(CLEANED_EVERY) {
            for outdated in outdated(&self.entries(key).await?) {
                match self.objects.delete(&outdated.location).await {
                    Ok(()) | Err(NotFound { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        self.remove_abandoned(key).await
    }

    /// Removes the content of writers that were killed before anything referred to it.
    ///
    /// Content that is older than `ABANDONED` when some version was written is that version's or
    /// an earlier one's, or nobody's: its own writer would have given up long before.
    async fn remove_abandoned(&self, key: &str) -> Result<(), BoxError> {
        let directory = content_directory(key);
        let contents: Vec<_> = self.objects.list(Some(&directory)).try_collect().await?;
        let now = self.latest(key).await?;
        let Some(newest) = now.entry() else {
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

/// Those whose successor is old enough, by the store's own clock.
pub fn outdated(history: &[ObjectMeta]) -> impl Iterator<Item = &ObjectMeta> {
    let now = history.last().map(|newest| newest.last_modified);
    history.windows(2).filter_map(move |pair| {
        let age = (now? - pair[1].last_modified).to_std().ok()?;
        (age >= GRACE).then_some(&pair[0])
    })
}
