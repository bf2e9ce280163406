//! Entity tags as strings in serialized values.

use std::{fmt, str};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor},
    ser::Error as _,
};

use super::EntityTag;

/// Writes the tag as a string, as on the wire and with its quotes: the same text as in the `ETag`
/// field, for the `@odata.etag` of a body or the tag of each item of a list.
///
/// Bytes that are not UTF-8 (RFC 9110 section 8.8.3 allows 0x80 to 0xFF in any order) cannot be a
/// string: such a tag is an error rather than another tag. The tags that this crate generates are
/// ASCII.
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

/// Reads a string as [`FromStr`](std::str::FromStr) does; anything but exactly one entity tag is an
/// error that tells what was expected and at which byte.
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
