//! The resources, their tags, and the check of the tag where they are written.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::request::Parts;
use serde_json::{Value, json};
use tower_conditional::{EntityTag, Outcome, Representation, Selected};

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

/// More accounts are refused.
const MAX_ACCOUNTS: usize = 64;

/// A login more ends the oldest session.
const MAX_SESSIONS: usize = 64;

/// Clones share the resources.
#[derive(Clone)]
pub(super) struct Store {
    state: Arc<Mutex<State>>,
    tags: Tags,
    /// A part of each tag. The versions begin again with each start, and a tag must not.
    start: Arc<str>,
}

struct State {
    resources: BTreeMap<String, Resource>,
    /// The oldest first.
    sessions: VecDeque<Session>,
    changes: u64,
}

struct Session {
    token: String,
    path: String,
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
            sessions: VecDeque::new(),
            changes: 0,
        };
        for json in seeds::resources() {
            state.put(json);
        }
        Self {
            state: Arc::new(Mutex::new(state)),
            tags,
            start: random::<8>().into(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tag(&self, version: u64) -> Option<EntityTag> {
        // Letters and digits only: sushy does not take other tags for weak ones.
        let opaque = format!("{}{version:08X}", self.start);
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
        self.selected(version)
    }

    fn selected(&self, version: Option<u64>) -> Selected {
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

    /// Changes a resource if the preconditions of the request still hold; `change` makes a new one of
    /// it.
    pub(super) fn change(
        &self,
        head: &Parts,
        change: impl FnOnce(&Value) -> Result<Value, Failure>,
    ) -> Result<(Value, Option<EntityTag>), Unwritten> {
        let mut state = self.lock();
        let known = self.recheck(&state, head)?;
        let json = change(&known.json)?;
        let changed = state.put(json);
        drop(state);
        Ok(self.represent(changed))
    }

    /// Deletes a resource if the preconditions of the request still hold.
    pub(super) fn delete(&self, head: &Parts) -> Result<(), Unwritten> {
        let mut state = self.lock();
        self.recheck(&state, head)?;
        state.remove(key(head.uri.path()));
        Ok(())
    }

    /// Adds an account to the collection if the preconditions of the request still hold; `make` gets
    /// its id.
    pub(super) fn create_account(
        &self,
        head: &Parts,
        make: impl FnOnce(&str) -> Value,
    ) -> Result<(Value, Option<EntityTag>), Unwritten> {
        let mut state = self.lock();
        let accounts = self.recheck(&state, head)?;
        let count = accounts.json["Members"].as_array().map_or(0, Vec::len);
        if count >= MAX_ACCOUNTS {
            return Err(Unwritten::from(Failure::bad_request(
                "CreateLimitReachedForResource",
                format!("There are {count} accounts, and no more are possible."),
            )));
        }
        let created = state.add(make);
        drop(state);
        Ok(self.represent(created))
    }

    /// Adds a session, and returns its token too.
    pub(super) fn create_session(
        &self,
        head: &Parts,
        make: impl FnOnce(&str) -> Value,
    ) -> Result<(Value, Option<EntityTag>, String), Unwritten> {
        let mut state = self.lock();
        self.recheck(&state, head)?;
        while state.sessions.len() >= MAX_SESSIONS {
            let oldest = state.sessions.pop_front();
            if let Some(Session { path, .. }) = oldest {
                state.remove(&path);
            }
        }
        let created = state.add(make);
        let token = random::<16>();
        state.sessions.push_back(Session {
            token: token.clone(),
            path: created.path().to_owned(),
        });
        drop(state);
        let (json, tag) = self.represent(created);
        Ok((json, tag, token))
    }

    /// Reports whether this is the token of a session that has not ended.
    pub(super) fn is_session(&self, token: &[u8]) -> bool {
        let state = self.lock();
        let mut sessions = state.sessions.iter();
        sessions.any(|session| is_same(session.token.as_bytes(), token))
    }

    /// Evaluates the preconditions again, under the lock under which the resource is written, and
    /// returns the resource.
    fn recheck<'a>(&self, state: &'a State, head: &Parts) -> Result<&'a Resource, Unwritten> {
        let path = head.uri.path();
        let known = state.resources.get(key(path));
        if let Some(outcome) = head.extensions.get::<Outcome>() {
            outcome.recheck(head, self.selected(known.map(|known| known.version)))?;
        }
        known.ok_or_else(|| Failure::not_found(path).into())
    }
}

impl Resource {
    fn path(&self) -> &str {
        self.json["@odata.id"].as_str().unwrap_or_default()
    }
}

impl State {
    fn put(&mut self, json: Value) -> Resource {
        self.changes += 1;
        let version = self.changes;
        let resource = Resource { json, version };
        self.resources
            .insert(resource.path().to_owned(), resource.clone());
        resource
    }

    /// Adds a member to the collection that its path is in. No id is used twice.
    fn add(&mut self, make: impl FnOnce(&str) -> Value) -> Resource {
        let id = (self.changes + 1).to_string();
        let created = self.put(make(&id));
        self.list(created.path(), |members, path| {
            members.push(json!({ "@odata.id": path }));
        });
        created
    }

    fn remove(&mut self, path: &str) {
        self.resources.remove(path);
        self.sessions.retain(|session| session.path != path);
        self.list(path, |members, path| {
            members.retain(|member| member["@odata.id"] != path);
        });
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

/// Returns random bytes as hexadecimal digits.
///
/// # Panics
///
/// Panics if the operating system has no random numbers.
fn random<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Compares secrets of the same length in a time that does not tell where they differ.
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differences = one.iter().zip(other).map(|(one, other)| one ^ other);
    one.len() == other.len() && differences.fold(0, |all, one| all | one) == 0
}
