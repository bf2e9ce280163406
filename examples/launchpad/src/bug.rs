//! A bug: the fields that clients can modify, the other fields, and the tag that is made from both.

use example_support::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tower_conditional::EntityTag;

use super::{JSON, base::Base};

pub(crate) struct Bug {
    id: u64,
    date_created: Timestamp,
    date_last_updated: Timestamp,
    date_last_message: Timestamp,
    messages: Vec<Message>,
    writable: Writable,
}

pub(crate) struct Message {
    subject: String,
    content: String,
    date_created: Timestamp,
}

#[derive(Clone, PartialEq)]
struct Writable {
    title: String,
    description: String,
    tags: Vec<String>,
}

/// Whether a document must name every field that clients can modify.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Extent {
    Partial,
    Full,
}

impl Bug {
    pub(crate) fn new(id: u64, title: &str, description: &str, date: Timestamp) -> Self {
        let first = Message {
            subject: title.to_owned(),
            content: description.to_owned(),
            date_created: date,
        };
        Self {
            id,
            date_created: date,
            date_last_updated: date,
            date_last_message: date,
            messages: vec![first],
            writable: Writable {
                title: title.to_owned(),
                description: description.to_owned(),
                tags: Vec::new(),
            },
        }
    }

    /// Returns the tag of the representation in this media type.
    pub(crate) fn etag(&self, media_type: &[u8]) -> EntityTag {
        let read = Sha256::digest(self.read_only_fields().to_string());
        let write = Sha256::new()
            .chain_update(self.writable.fields().to_string())
            .chain_update([0])
            .chain_update(media_type)
            .finalize();
        EntityTag::from_digest_halves(read, write)
    }

    /// Returns the representation, including its own tag.
    ///
    /// The links depend on the `Host` of the request, so they do not affect the tag.
    pub(crate) fn representation(&self, base: &Base) -> Value {
        let mut fields = self.writable.fields();
        for other in [
            self.read_only_fields(),
            json!({
                "self_link": base.link(&self.path()),
                "resource_type_link": base.link("/#bug"),
                "http_etag": self.etag(JSON.as_bytes()).to_string(),
            }),
        ] {
            if let (Value::Object(fields), Value::Object(other)) = (&mut fields, other) {
                fields.extend(other);
            }
        }
        fields
    }

    fn read_only_fields(&self) -> Value {
        json!({
            "id": self.id,
            "date_created": self.date_created.to_string(),
            "date_last_updated": self.date_last_updated.to_string(),
            "date_last_message": self.date_last_message.to_string(),
            "message_count": self.messages.len(),
        })
    }

    fn path(&self) -> String {
        format!("/bugs/{}", self.id)
    }

    pub(crate) fn message(&self, index: usize, base: &Base) -> Option<Value> {
        let message = self.messages.get(index)?;
        Some(json!({
            "self_link": base.link(&format!("{}/comments/{index}", self.path())),
            "resource_type_link": base.link("/#message"),
            "subject": message.subject,
            "content": message.content,
            "date_created": message.date_created.to_string(),
        }))
    }

    /// Returns the number of messages.
    pub(crate) const fn message_count(&self) -> usize {
        self.messages.len()
    }

    /// Adds a message, and returns its path. Only read-only fields of the bug change.
    pub(crate) fn add_message(&mut self, subject: String, content: String) -> String {
        let now = Timestamp::now();
        self.messages.push(Message {
            subject,
            content,
            date_created: now,
        });
        self.date_last_message = now;
        format!("{}/comments/{}", self.path(), self.messages.len() - 1)
    }

    /// Changes all fields that the document names, or none.
    ///
    /// The document may name a read-only field, such as `http_etag`, if the value is the current
    /// one.
    pub(crate) fn modify(
        &mut self,
        document: &Map<String, Value>,
        extent: Extent,
        base: &Base,
    ) -> Result<(), Vec<String>> {
        let current = self.representation(base);
        let mut writable = self.writable.clone();
        let mut errors = Vec::new();
        for (name, value) in document {
            let result = match (writable.set(name, value), current.get(name)) {
                (Some(result), _) => result,
                (None, Some(unchanged)) if unchanged == value => Ok(()),
                (None, Some(_)) => Err("You tried to modify a read-only attribute."),
                (None, None) => Err("You tried to modify a nonexistent attribute."),
            };
            errors.extend(result.err().map(|error| format!("{name}: {error}")));
        }
        if extent == Extent::Full {
            let missing = Writable::NAMES
                .iter()
                .filter(|name| !document.contains_key(**name));
            errors.extend(missing.map(|name| format!("{name}: You didn't specify a value.")));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        if writable != self.writable {
            self.writable = writable;
            self.date_last_updated = Timestamp::now();
        }
        Ok(())
    }
}

impl Writable {
    const NAMES: [&'static str; 3] = ["title", "description", "tags"];

    fn fields(&self) -> Value {
        json!({ "title": self.title, "description": self.description, "tags": self.tags })
    }

    /// Returns `None` if clients cannot modify a field with this name.
    fn set(&mut self, name: &str, value: &Value) -> Option<Result<(), &'static str>> {
        let set = match name {
            "title" => match value.as_str().map(str::trim) {
                Some("") => return Some(Err("Required input is missing.")),
                Some(title) if title.contains(['\r', '\n']) => {
                    return Some(Err("Constraint not satisfied."));
                }
                title => title.map(|title| self.title = title.to_owned()),
            },
            "description" => value
                .as_str()
                .map(|description| self.description = description.to_owned()),
            "tags" => value
                .as_array()
                .and_then(|tags| {
                    tags.iter()
                        .map(|tag| tag.as_str().map(str::to_owned))
                        .collect()
                })
                .map(|tags| self.tags = tags),
            _ => return None,
        };
        Some(set.ok_or("The value is of the wrong type."))
    }
}
