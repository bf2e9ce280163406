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

    /// Returns the result of `read` for the bug with this id, if it exists.
    pub(crate) fn read<T>(&self, id: u64, read: impl FnOnce(&Bug) -> T) -> Option<T> {
        self.lock().get(&id).map(read)
    }

    pub(crate) fn representations(&self, base: &Base) -> Vec<Value> {
        let bugs = self.lock();
        bugs.values().map(|bug| bug.representation(base)).collect()
    }

    /// Changes a bug by `write`, if the preconditions still hold.
    ///
    /// The layer evaluated them before the content of the request was read, so another writer may
    /// have changed the bug since. Here it is locked.
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
        // Each change is one assignment after all checks, so a panic leaves no half-made change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
