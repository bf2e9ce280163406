//! All databases with what is in them, in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    body::Bytes,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, IF_MATCH},
        request::Parts,
    },
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
    /// Length of the properties as JSON, in bytes.
    weight: usize,
    /// The file, if the document is in a file bucket.
    pub(crate) file: Option<File>,
}

#[derive(Clone)]
pub(crate) struct File {
    pub(crate) filename: Option<String>,
    pub(crate) media_type: String,
    pub(crate) content: Bytes,
}

impl File {
    /// Properties that the service derives from the file.
    pub(crate) const PROPERTIES: [&'static str; 3] = ["filename", "contentType", "length"];
}

/// Limits of the store.
const MOST_ENTRIES: usize = 10_000;
const MOST_BYTES: usize = 64 * 1024 * 1024;

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

    /// Calls `read` with a resource and its children, which are sorted by name.
    pub(crate) fn read_with_children<T>(
        &self,
        resource: &Resource,
        read: impl FnOnce(&Entry, Vec<(&Resource, &Entry)>) -> T,
    ) -> Option<T> {
        let entries = self.lock();
        let entry = entries.get(resource)?;
        let within = entries.range(resource..);
        let children = within
            .take_while(|(other, _)| other.is_within(resource))
            .filter(|(other, _)| other.parent().as_ref() == Some(resource));
        Some(read(entry, children.collect()))
    }

    /// What is to be known of a resource before it is written or read.
    pub(crate) fn select(&self, resource: &Resource) -> Selected {
        self.select_if(resource, |_| true)
    }

    /// Does the same for the content of a file. A document without a file is missing.
    pub(crate) fn select_file(&self, resource: &Resource) -> Selected {
        self.select_if(resource, |entry| entry.file.is_some())
    }

    fn select_if(&self, resource: &Resource, exists: impl FnOnce(&Entry) -> bool) -> Selected {
        let entries = self.lock();
        let entry = entries.get(resource).filter(|entry| exists(entry));
        let representation = entry.map(|entry| {
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
        write: impl FnOnce(&mut Entries) -> Result<T, Failure>,
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
            _ => write(&mut entries),
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

/// Returns an error if `new` would exceed the limits in place of the current `resource`.
pub(crate) fn check_room(
    entries: &Entries,
    resource: &Resource,
    new: &Entry,
) -> Result<(), Failure> {
    let others = entries.iter().filter(|(other, _)| *other != resource);
    let (mut count, mut bytes) = (1, new.size());
    for (_, entry) in others {
        count += 1;
        bytes += entry.size();
    }
    if count > MOST_ENTRIES || bytes > MOST_BYTES {
        let message = "The example keeps no more than this";
        return Err(Failure::Invalid(StatusCode::INSUFFICIENT_STORAGE, message));
    }
    Ok(())
}

impl Entry {
    /// Creates an entry with a unique tag.
    pub(crate) fn new(properties: Map<String, Value>, file: Option<File>) -> Self {
        Self {
            etag: ObjectId::new(),
            weight: serde_json::to_string(&properties).map_or(0, |json| json.len()),
            properties,
            file,
        }
    }

    /// Returns approximately how much memory the entry takes, in bytes.
    fn size(&self) -> usize {
        let file = self.file.as_ref().map_or(0, |file| file.content.len());
        file + self.weight
    }
}
