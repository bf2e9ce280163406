//! All databases and their content, in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::{
    HeaderValue,
    header::{CACHE_CONTROL, IF_MATCH},
    request::Parts,
};
use serde_json::{Map, Value};
use tower_conditional::{CurrentState, Outcome, Representation, Requirement, Selected, Validators};

use super::{EtagCheckPolicy, failure::Failure, object_id::ObjectId, resource::Resource};

#[derive(Clone)]
pub(crate) struct Store {
    config: EtagCheckPolicy,
    entries: Arc<Mutex<Entries>>,
}

pub(crate) type Entries = BTreeMap<Resource, Entry>;

#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) etag: ObjectId,
    pub(crate) properties: Map<String, Value>,
}

impl Store {
    pub(crate) fn new(config: EtagCheckPolicy) -> Self {
        Self {
            config,
            entries: Arc::default(),
        }
    }

    pub(crate) fn read(&self, resource: &Resource) -> Option<Entry> {
        self.lock().get(resource).cloned()
    }

    /// Returns what the layer has to know about a resource.
    pub(crate) fn select(&self, resource: &Resource) -> Selected {
        let entries = self.lock();
        let representation = entries.get(resource).map(|entry| {
            Representation::from(entry.etag.etag())
                .with_requirement(self.requirement(&entries, resource))
                // Resources can be written, so a cache must revalidate them before each use.
                .with_field(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
        });
        representation.into()
    }

    /// Changes the store by `write`, if the preconditions still hold.
    ///
    /// The layer evaluated them before the content of the request was read, with this outcome, so
    /// another writer may have come since. Here the store is locked.
    pub(crate) fn write<T>(
        &self,
        resource: &Resource,
        outcome: &Outcome,
        head: &Parts,
        write: impl FnOnce(&mut Entries) -> T,
    ) -> Result<T, Failure> {
        let mut entries = self.lock();
        let validators = entries
            .get(resource)
            .map(|entry| Validators::from(entry.etag.etag()));
        let current = validators
            .as_ref()
            .map_or(CurrentState::Missing, CurrentState::Present);
        if let Err(refusal) = outcome.recheck(head, current) {
            return Err(Failure::Refused(Box::new(refusal)));
        }
        // The outcome has the requirement of that time. The metadata, or the resource itself, may
        // be newer.
        let required = self.requirement(&entries, resource).covers(&head.method);
        match validators {
            Some(current) if required && !head.headers.contains_key(IF_MATCH) => {
                Err(Failure::EtagRequired(current))
            }
            _ => Ok(write(&mut entries)),
        }
    }

    fn requirement(&self, entries: &Entries, resource: &Resource) -> Requirement {
        let properties = |holder: &Resource| Some(&entries.get(holder)?.properties);
        self.config.requirement(resource, properties)
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        // A panic cannot leave a half-made change: nothing between two steps of a change can panic.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
