//! All databases with what is in them, in memory.

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

    /// What is to be known of a resource before it is written or read.
    pub(crate) fn select(&self, resource: &Resource) -> Selected {
        let entries = self.lock();
        let representation = entries.get(resource).map(|entry| {
            Representation::from(entry.etag.etag())
                .with_requirement(self.requirement(&entries, resource))
                // What is cached may be used only after it was revalidated: it can be written.
                .with_field(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
        });
        representation.into()
    }

    /// Lets `write` change what exists, if the preconditions on the resource hold at this moment.
    ///
    /// The layer has evaluated them before the request's content was read, with this outcome, and
    /// since then another writer may have come. Here nobody can.
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
        // The outcome has what was required then. The metadata, or the resource itself, may be newer.
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
        // No change is made in two steps between which something could panic.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
