//! Ids in MongoDB's extended JSON. An id of 24 hexadecimal digits is an ObjectId, `{"$oid": "…"}`. All
//! others are strings.

use serde_json::{Value, json};

use super::object_id::ObjectId;

/// Converts an ObjectId to lower case, because it is the same id in upper case.
pub(crate) fn normalized(id: String) -> String {
    if is_object_id(&id) {
        id.to_ascii_lowercase()
    } else {
        id
    }
}

/// Returns the id as extended JSON.
pub(crate) fn to_json(id: &str) -> Value {
    if is_object_id(id) { oid(id) } else { id.into() }
}

/// Returns a tag as extended JSON.
pub(crate) fn tag_to_json(tag: ObjectId) -> Value {
    oid(&tag.to_string())
}

/// Reads an id from extended JSON: an ObjectId, or a string that is not empty.
pub(crate) fn from_json(id: &Value) -> Option<String> {
    match id {
        Value::String(id) if !id.is_empty() => Some(normalized(id.clone())),
        Value::Object(object) if object.len() == 1 => {
            let id = object.get("$oid")?.as_str()?;
            is_object_id(id).then(|| id.to_ascii_lowercase())
        }
        _ => None,
    }
}

fn oid(digits: &str) -> Value {
    json!({ "$oid": digits })
}

fn is_object_id(id: &str) -> bool {
    id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}
