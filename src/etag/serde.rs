//! Entity tags as strings in serialized values.

use std::{fmt, str};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor},
    ser::Error as _,
};

use super::EntityTag;

/// Serializes the tag as a string in the syntax of the `ETag` field, with its quotes, for example
/// for the `@odata.etag` of a body or for the tag of each item of a list.
///
/// RFC 9110 section 8.8.3 allows the bytes 0x80 to 0xFF in any order. If the tag is not UTF-8, it
/// cannot be a string, and serializing it fails. The tags that this crate generates are ASCII.
///
/// ```
/// use tower_conditional::EntityTag;
///
/// let tags = [EntityTag::from_version(7), EntityTag::weak("eeee")?];
/// assert_eq!(
///     serde_json::to_value(tags)?,
///     serde_json::json!(["\"7\"", "W/\"eeee\""]),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Serialize for EntityTag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match str::from_utf8(self.as_bytes()) {
            Ok(tag) => serializer.serialize_str(tag),
            Err(_) => Err(S::Error::custom(
                "the entity tag is not UTF-8 and cannot be a string",
            )),
        }
    }
}

/// Deserializes a string as [`FromStr`](std::str::FromStr) parses it. If it is not exactly one
/// entity tag, the error says what was expected, and at which byte.
///
/// ```
/// use tower_conditional::EntityTag;
///
/// let tag: EntityTag = serde_json::from_str(r#""W/\"eeee\"""#)?;
/// assert_eq!(tag.as_bytes(), b"W/\"eeee\"");
///
/// let error = serde_json::from_str::<EntityTag>(r#""eeee""#).unwrap_err();
/// assert!(error.to_string().starts_with("invalid entity tag: expected a double quote"));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for EntityTag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TagVisitor)
    }
}

struct TagVisitor;

impl Visitor<'_> for TagVisitor {
    type Value = EntityTag;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entity tag as a string, with its double quotes")
    }

    fn visit_str<E: de::Error>(self, tag: &str) -> Result<EntityTag, E> {
        tag.parse().map_err(E::custom)
    }
}
