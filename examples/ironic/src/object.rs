//! An object: its fields, and the tag that is computed from them when they change.

use example_support::Timestamp;
use json_patch::Patch;
use serde_json::{Map, Value, json};
use sha2::Sha512;
use tower_conditional::{EntityTag, etag::JsonTag};

use super::{
    fault::Fault,
    kind::{Access, Form, Kind},
    on_the_wire, patch, uuid,
    version::Version,
};

#[derive(Clone)]
pub(crate) struct Object {
    kind: Kind,
    fields: Map<String, Value>,
    etag: EntityTag,
}

/// The largest object, in bytes of JSON.
const LARGEST: usize = 256 * 1024;

impl Object {
    /// Creates an object with these fields. Of the internal fields a client may choose only the
    /// UUID.
    pub(crate) fn create(kind: Kind, mut fields: Map<String, Value>) -> Result<Self, Fault> {
        for name in fields.keys().filter(|name| *name != "uuid") {
            if kind
                .field(name)
                .is_some_and(|field| field.access == Access::Internal)
            {
                return Err(Fault::invalid(format!("{name} is an internal attribute.")));
            }
        }
        fields
            .entry("uuid")
            .or_insert_with(|| uuid::random().into());
        fields.insert("created_at".to_owned(), now());
        Self::from_fields(kind, fields)
    }

    /// Returns this object with the patch applied.
    pub(crate) fn patched(&self, patch: &Patch) -> Result<Self, Fault> {
        self.changed(patch::apply(&self.fields, patch)?)
    }

    /// Returns this object with all fields replaced that a client of this version can write.
    ///
    /// Internal fields are ignored, because clients send back what they have read. Fields that the
    /// version does not show keep their values.
    pub(crate) fn replaced(
        &self,
        mut fields: Map<String, Value>,
        version: Version,
    ) -> Result<Self, Fault> {
        fields.remove("etag");
        if fields.get("uuid").is_some_and(|uuid| uuid != self.uuid()) {
            return Err(Fault::invalid("uuid is that of another object."));
        }
        for field in self.kind.fields() {
            if field.access == Access::Internal || field.since > version {
                let current = self.fields.get(field.name).cloned();
                fields.insert(field.name.to_owned(), current.unwrap_or_default());
            }
        }
        self.changed(fields)
    }

    /// Returns the object with these fields, and with a new `updated_at` if they differ.
    fn changed(&self, fields: Map<String, Value>) -> Result<Self, Fault> {
        let mut changed = Self::from_fields(self.kind, fields)?;
        if changed.fields != self.fields {
            // This field does not affect the tag.
            changed.fields.insert("updated_at".to_owned(), now());
        }
        Ok(changed)
    }

    /// Returns this object after its agent has reported. Only ignored fields change.
    pub(crate) fn heard_of(&self, callback_url: String) -> Result<Self, Fault> {
        let mut fields = self.fields.clone();
        let heard = json!({ "agent_url": callback_url, "agent_last_heartbeat": now() });
        fields.insert("driver_internal_info".to_owned(), heard);
        fields.insert("updated_at".to_owned(), now());
        Self::from_fields(self.kind, fields)
    }

    fn from_fields(kind: Kind, mut fields: Map<String, Value>) -> Result<Self, Fault> {
        if let Some(unknown) = fields.keys().find(|name| kind.field(name).is_none()) {
            return Err(Fault::invalid(format!(
                "{unknown}: there is no such attribute."
            )));
        }
        for field in kind.fields() {
            let value = fields.entry(field.name).or_insert_with(|| field.default());
            if !field.accepts(value) {
                return Err(Fault::invalid(format!(
                    "{}: the value is invalid.",
                    field.name
                )));
            }
        }
        let length = serde_json::to_string(&fields).map_or(0, |json| json.len());
        if length > LARGEST {
            return Err(Fault::invalid("The object would be larger than 256 KiB."));
        }
        let tags = JsonTag::new().ignore(kind.ignored());
        let etag = tags.tag::<Sha512>(&fields)?.into_weak();
        Ok(Self { kind, fields, etag })
    }

    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) const fn etag(&self) -> &EntityTag {
        &self.etag
    }

    pub(crate) fn uuid(&self) -> &str {
        self.text("uuid").unwrap_or_default()
    }

    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }

    /// Returns the objects that this one refers to, and whether it needs each of them.
    pub(crate) fn references(&self) -> impl Iterator<Item = (Kind, &str, bool)> {
        self.kind.fields().filter_map(|field| match field.form {
            Form::Reference(kind) => {
                let required = field.access == Access::Required;
                Some((kind, self.text(field.name)?, required))
            }
            _ => None,
        })
    }

    /// Reports whether this object is a subresource of the one with this UUID.
    pub(crate) fn names(&self, kind: Kind, uuid: &str) -> bool {
        self.references()
            .any(|(other, named, _)| other == kind && named == uuid)
    }

    /// Returns what a client of this version sees. The tag does not depend on the version, but
    /// older versions do not show it.
    pub(crate) fn representation(&self, version: Version) -> Value {
        let seen = self.kind.fields().filter(|field| field.since <= version);
        let mut fields: Map<String, Value> = seen
            .filter_map(|field| Some((field.name.to_owned(), self.fields.get(field.name)?.clone())))
            .collect();
        if version >= Version::TAGS {
            fields.insert("etag".to_owned(), on_the_wire(&self.etag).into());
        }
        fields.into()
    }
}

fn now() -> Value {
    Timestamp::now().to_string().into()
}
