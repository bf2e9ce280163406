//! All bugs, in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::request::Parts;
use example_support::Timestamp;
use serde_json::Value;
use tower_conditional::Outcome;

use super::{base::Base, bug::Bug, failure::Failure, media_type, target::Target};

#[derive(Clone)]
pub(crate) struct Bugs(Arc<Mutex<BTreeMap<u64, Bug>>>);

impl Bugs {
    pub(crate) fn with_bug_1() -> Self {
        let bug = Bug::new(
            1,
            "Microsoft has a majority market share",
            "Microsoft has a majority market share in the new desktop PC marketplace.",
            Timestamp::now(),
        );
        Self(Arc::new(Mutex::new(BTreeMap::from([(1, bug)]))))
    }

    /// What `read` makes of the bug with this id, if there is one.
    pub(crate) fn read<T>(&self, id: u64, read: impl FnOnce(&Bug) -> T) -> Option<T> {
        self.lock().get(&id).map(read)
    }

    pub(crate) fn representations(&self, base: &Base) -> Vec<Value> {
        let bugs = self.lock();
        bugs.values().map(|bug| bug.representation(base)).collect()
    }

    /// Lets `write` change a bug, if the preconditions hold at this very moment.
    ///
    /// The layer has evaluated them before the request's content was read, with this outcome, and
    /// since then another writer may have come. Here nobody can.
    pub(crate) fn write<T>(
        &self,
        target: Target,
        outcome: &Outcome,
        head: &Parts,
        write: impl FnOnce(&mut Bug) -> T,
    ) -> Result<T, Failure> {
        let mut bugs = self.lock();
        let bug = match target {
            Target::Bug(id) => bugs.get_mut(&id),
            Target::Root | Target::Bugs | Target::Comment(..) => None,
        };
        let bug = bug.ok_or(Failure::NotFound)?;

        match outcome.recheck(head, bug.etag(media_type(head))) {
            Ok(()) => Ok(write(bug)),
            Err(refusal) => Err(Failure::Refused(Box::new(refusal))),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Bug>> {
        // Every change is one assignment after all checks: a panic leaves no half-made one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
