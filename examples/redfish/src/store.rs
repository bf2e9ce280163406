//! The resources, their tags, and the check of the tag where they are written.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};
use tower_conditional::{EntityTag, Expected, Outcome, Representation, Selected};

use super::{
    error::{Failure, Unwritten},
    seeds,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tags {
    #[default]
    Weak,
    Strong,
    None,
}

/// Clones share the resources.
#[derive(Clone)]
pub(super) struct Store {
    state: Arc<Mutex<State>>,
    tags: Tags,
}

struct State {
    resources: BTreeMap<String, Resource>,
    changes: u64,
}

#[derive(Clone)]
struct Resource {
    json: Value,
    version: u64,
}

impl Store {
    pub(super) fn new(tags: Tags) -> Self {
        let mut state = State {
            resources: BTreeMap::new(),
            changes: 0,
        };
        for json in seeds::resources() {
            state.put(json);
        }
        Self {
            state: Arc::new(Mutex::new(state)),
            tags,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tag(&self, version: u64) -> Option<EntityTag> {
        let opaque = format!("{version:08X}");
        match self.tags {
            Tags::Weak => EntityTag::weak(opaque).ok(),
            Tags::Strong => EntityTag::strong(opaque).ok(),
            Tags::None => None,
        }
    }

    /// What the layer asks for.
    pub(super) fn select(&self, path: &str) -> Selected {
        let state = self.lock();
        let version = state.resources.get(key(path)).map(|known| known.version);
        drop(state);
        Selected::from(version.map(|version| match self.tag(version) {
            Some(tag) => Representation::from(tag),
            None => Representation::new(),
        }))
    }

    /// The resource as it is sent, and its tag.
    pub(super) fn read(&self, path: &str) -> Option<(Value, Option<EntityTag>)> {
        let resource = self.lock().resources.get(key(path)).cloned()?;
        Some(self.represent(resource))
    }

    fn represent(&self, Resource { mut json, version }: Resource) -> (Value, Option<EntityTag>) {
        let tag = self.tag(version);
        if let Some(tag) = &tag {
            json["@odata.etag"] = json!(tag.to_string());
        }
        (json, tag)
    }

    /// Changes a resource if it is still the one that the layer has evaluated; `change` makes a new
    /// one of it.
    pub(super) fn change(
        &self,
        path: &str,
        outcome: Option<&Outcome>,
        change: impl FnOnce(&Value) -> Result<Value, Failure>,
    ) -> Result<(Value, Option<EntityTag>), Unwritten> {
        let mut state = self.lock();
        let known = self.unchanged(&state, path, outcome)?;
        let json = change(&known.json)?;
        let changed = state.put(json);
        drop(state);
        Ok(self.represent(changed))
    }

    /// Deletes a resource if it is still the one that the layer has evaluated.
    pub(super) fn delete(&self, path: &str, outcome: Option<&Outcome>) -> Result<(), Unwritten> {
        let mut state = self.lock();
        self.unchanged(&state, path, outcome)?;
        state.resources.remove(key(path));
        state.list(key(path), |members, path| {
            members.retain(|member| member["@odata.id"] != path);
        });
        Ok(())
    }

    /// Adds a member to a collection if the collection is still what the layer has evaluated; `make`
    /// gets the member's id.
    pub(super) fn create(
        &self,
        collection: &str,
        outcome: Option<&Outcome>,
        make: impl FnOnce(&str) -> Value,
    ) -> Result<(Value, Option<EntityTag>), Unwritten> {
        let mut state = self.lock();
        self.unchanged(&state, collection, outcome)?;
        let id = (state.changes + 1).to_string();
        let json = make(&id);
        let path = json["@odata.id"].as_str().unwrap_or_default().to_owned();
        let created = state.put(json);
        state.list(&path, |members, path| {
            members.push(json!({ "@odata.id": path }));
        });
        drop(state);
        Ok(self.represent(created))
    }

    /// The resource, if the precondition that the layer has evaluated still holds.
    fn unchanged<'a>(
        &self,
        state: &'a State,
        path: &str,
        outcome: Option<&Outcome>,
    ) -> Result<&'a Resource, Unwritten> {
        let known = state.resources.get(key(path));
        let known = known.ok_or_else(|| Failure::not_found(path))?;
        let current = self.tag(known.version);
        let holds = match outcome.map_or(Expected::Unconstrained, Outcome::expected) {
            // `If-Match: *` asks for no more than that there is one.
            Expected::Unconstrained | Expected::Exists => true,
            Expected::Tag(evaluated) => {
                (current.as_ref()).is_some_and(|current| current.weak_eq(evaluated))
            }
            // There is one by now, and none has a modification date.
            _ => false,
        };
        match holds {
            true => Ok(known),
            false => Err(Unwritten::Lost(current)),
        }
    }
}

impl State {
    fn put(&mut self, json: Value) -> Resource {
        self.changes += 1;
        let path = json["@odata.id"].as_str().unwrap_or_default().to_owned();
        let version = self.changes;
        let resource = Resource { json, version };
        self.resources.insert(path, resource.clone());
        resource
    }

    /// Changes the collection that the resource at this path is in.
    fn list(&mut self, path: &str, change: impl FnOnce(&mut Vec<Value>, &str)) {
        let collection = path
            .rsplit_once('/')
            .map_or("", |(collection, _)| collection);
        let Some(known) = self.resources.get(collection) else {
            return;
        };
        let mut json = known.json.clone();
        if let Some(members) = json["Members"].as_array_mut() {
            change(members, path);
            json["Members@odata.count"] = json!(members.len());
        }
        self.put(json);
    }
}

/// `/redfish/v1/` is `/redfish/v1`.
fn key(path: &str) -> &str {
    path.trim_end_matches('/')
}
