use std::time::{Duration, Instant};

use axum::http::{HeaderMap, Method};
use object_store::{
    Error::{AlreadyExists, NotFound, Precondition},
    ObjectMeta, ObjectStoreExt, PutMode, PutPayload,
    path::Path,
};
use tower_conditional::{Decision, Preconditions, Rules};

use super::{
    BoxError,
    record::Record,
    snapshot::Snapshot,
    store::{Store, entry},
};

/// How long a number stays taken after its entry was replaced.
const GRACE: Duration = Duration::from_secs(3600);

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
            if self.replace(&before, record).await? {
                if started.elapsed() > GRACE / 2
                    && self.latest(&record.key).await?.id() != Some(&*record.id)
                {
                    return Err("the store was too slow to tell who was last".into());
                }
                self.clean_up(&before).await;
                return Ok(Committed::Done { before });
            }
        }
    }

    /// Puts the version after this one; false if there is one already.
    pub(crate) async fn replace(
        &self,
        before: &Snapshot,
        record: &Record,
    ) -> Result<bool, BoxError> {
        let location = entry(&record.key, before.version() + 1);
        let json = PutPayload::from(serde_json::to_vec(record)?);
        match self
            .objects
            .put_opts(&location, json, PutMode::Create.into())
            .await
        {
            Ok(_) => Ok(true),
            // Taken by another writer, or by this one, whose request was sent again.
            Err(AlreadyExists { .. } | Precondition { .. }) => {
                self.is_ours(&location, record).await
            }
            Err(error) => Err(error.into()),
        }
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

    /// Removes what was replaced. What cannot be removed now is removed by a later write, or by a
    /// lifecycle rule.
    async fn clean_up(&self, replaced: &Snapshot) {
        if let Some(location) = replaced.location() {
            let _ = self.objects.delete(location).await;
        }
        for outdated in outdated(replaced.history()) {
            let _ = self.objects.delete(&outdated.location).await;
        }
    }
}

/// Those whose successor is old enough, by the store's own clock.
pub(crate) fn outdated(history: &[ObjectMeta]) -> impl Iterator<Item = &ObjectMeta> {
    let now = history.last().map(|newest| newest.last_modified);
    history.windows(2).filter_map(move |pair| {
        let age = (now? - pair[1].last_modified).to_std().ok()?;
        (age >= GRACE).then_some(&pair[0])
    })
}
