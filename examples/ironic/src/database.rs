//! All objects, in memory. The API reads them, and the conductor writes them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use tower_conditional::EntityTag;

use super::{fault::Fault, kind::Kind, object::Object, target::Parent};

#[derive(Clone, Default)]
pub(crate) struct Database(Arc<Mutex<Rows>>);

type Rows = BTreeMap<(Kind, String), Object>;

/// The most objects that the database stores.
const MOST_OBJECTS: usize = 1000;

impl Database {
    pub(crate) fn with_samples() -> Self {
        let node = "6d85703a-565d-469a-96ce-30b6de53079d";
        let samples = [
            (
                Kind::Chassis,
                json!({
                    "uuid": "dff29d23-1ded-43b4-8ae1-5eebb3e30de1",
                    "description": "Sample chassis",
                }),
            ),
            (
                Kind::Node,
                json!({
                    "uuid": node,
                    "name": "test_node_classic",
                    "driver": "agent_ipmitool",
                    "driver_info": { "ipmi_username": "ADMIN" },
                }),
            ),
            (
                Kind::Portgroup,
                json!({
                    "uuid": "e43c722c-248e-4c6e-8ce8-0d8ff129387a",
                    "name": "test_portgroup",
                    "address": "11:11:11:11:11:11",
                    "node_uuid": node,
                }),
            ),
            (
                Kind::Port,
                json!({
                    "uuid": "11111111-2222-3333-4444-555555555555",
                    "address": "22:22:22:22:22:22",
                    "node_uuid": node,
                }),
            ),
            (
                Kind::Port,
                json!({
                    "uuid": "66666666-7777-8888-9999-222222222222",
                    "address": "33:33:33:33:33:33",
                    "node_uuid": node,
                }),
            ),
        ];
        let database = Self::default();
        for (kind, fields) in samples {
            let fields: Map<String, Value> = fields.as_object().cloned().unwrap_or_default();
            let object = Object::create(kind, fields).expect("the samples are valid");
            database.insert(object).expect("the samples fit together");
        }
        database
    }

    pub(crate) fn read(&self, kind: Kind, ident: &str) -> Option<Object> {
        find(&self.lock(), kind, ident).cloned()
    }

    /// Returns the objects of a kind, or only those that refer to `parent`.
    pub(crate) fn list(&self, kind: Kind, parent: Option<&Parent>) -> Vec<Object> {
        let rows = self.lock();
        let within =
            |object: &&Object| parent.is_none_or(|(parents, uuid)| object.names(*parents, uuid));
        rows.values()
            .filter(|object| object.kind() == kind)
            .filter(within)
            .cloned()
            .collect()
    }

    pub(crate) fn insert(&self, object: Object) -> Result<Object, Fault> {
        let mut rows = self.lock();
        if rows.contains_key(&key(&object)) {
            return Err(Fault::conflict("An object with this UUID already exists."));
        }
        if rows.len() >= MOST_OBJECTS {
            return Err(Fault::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "The example keeps no more objects.",
            ));
        }
        store(&mut rows, object)
    }

    /// Replaces an object by the result of `change`, if its stored tag is the expected one.
    ///
    /// The table is locked from the comparison to the write, as in `UPDATE … WHERE etag = ?`.
    pub(crate) fn update(
        &self,
        kind: Kind,
        ident: &str,
        etag: Option<&EntityTag>,
        change: impl FnOnce(&Object) -> Result<Object, Fault>,
    ) -> Result<Object, Fault> {
        let mut rows = self.lock();
        let changed = change(unchanged(&rows, kind, ident, etag)?)?;
        store(&mut rows, changed)
    }

    /// Removes an object, and those that cannot exist without it. Returns all of them.
    pub(crate) fn remove(
        &self,
        kind: Kind,
        ident: &str,
        etag: Option<&EntityTag>,
    ) -> Result<Vec<Object>, Fault> {
        let mut rows = self.lock();
        let removed = key(unchanged(&rows, kind, ident, etag)?);
        let names_it = |object: &Object, required: bool| {
            object.references().any(|(kind, uuid, needs)| {
                kind == removed.0 && uuid == removed.1 && needs == required
            })
        };
        if rows.values().any(|object| names_it(object, false)) {
            return Err(Fault::conflict("Another object still names this one."));
        }
        let goes =
            |(key, object): (&(Kind, String), &Object)| *key == removed || names_it(object, true);
        let gone = rows.iter().filter(|row| goes(*row));
        let gone: Vec<_> = gone.map(|(_, object)| object.clone()).collect();
        rows.retain(|key, object| !goes((key, object)));
        Ok(gone)
    }

    fn lock(&self) -> MutexGuard<'_, Rows> {
        // A panic cannot leave a half-made change: nothing between two steps of a change can panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(object: &Object) -> (Kind, String) {
    (object.kind(), object.uuid().to_owned())
}

fn find<'a>(rows: &'a Rows, kind: Kind, ident: &str) -> Option<&'a Object> {
    let by_uuid = rows.get(&(kind, ident.to_owned()));
    by_uuid.or_else(|| {
        rows.values()
            .find(|object| object.kind() == kind && object.text("name") == Some(ident))
    })
}

/// Returns the object, if its stored tag is the expected one or no tag is expected.
fn unchanged<'a>(
    rows: &'a Rows,
    kind: Kind,
    ident: &str,
    etag: Option<&EntityTag>,
) -> Result<&'a Object, Fault> {
    let object = find(rows, kind, ident).ok_or_else(Fault::not_found)?;
    match etag {
        Some(expected) if !expected.weak_eq(object.etag()) => Err(Fault::stale(object.etag())),
        _ => Ok(object),
    }
}

fn store(rows: &mut Rows, object: Object) -> Result<Object, Fault> {
    let missing = object
        .references()
        .find(|(kind, uuid, _)| !rows.contains_key(&(*kind, (*uuid).to_owned())));
    if let Some((kind, uuid, _)) = missing {
        return Err(Fault::invalid(format!("{} has no {uuid}.", kind.plural())));
    }
    for name in ["name", "address"] {
        let taken = object.text(name).is_some_and(|value| {
            rows.values().any(|other| {
                other.kind() == object.kind()
                    && other.uuid() != object.uuid()
                    && other.text(name) == Some(value)
            })
        });
        if taken {
            return Err(Fault::conflict(format!(
                "{name}: another object has the same."
            )));
        }
    }
    rows.insert(key(&object), object.clone());
    Ok(object)
}
