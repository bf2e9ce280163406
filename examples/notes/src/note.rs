//! What a note is, and how it can change.

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use tower_conditional::{EntityTag, HttpDate, Validators};

/// The version of a resource. Each change of any note takes the next number, so a note never has
/// the same version twice, even if it is deleted and created again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version(pub(crate) i64);

impl Version {
    pub(crate) fn tag(self) -> EntityTag {
        // Versions count up from zero, so this one is never negative.
        EntityTag::from_version(self.0)
    }

    pub(crate) fn from_tag(tag: &EntityTag) -> Option<Self> {
        tag.version().map(Self)
    }
}

/// When a resource was last changed, and to which version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Changed {
    pub(crate) version: Version,
    pub(crate) unix_seconds: i64,
}

impl Changed {
    pub(crate) fn new(version: i64, unix_seconds: i64) -> Self {
        Self {
            version: Version(version),
            unix_seconds,
        }
    }
}

impl From<Changed> for Validators {
    fn from(changed: Changed) -> Self {
        let validators = Validators::from(changed.version.tag());
        match HttpDate::from_unix_seconds(changed.unix_seconds) {
            Ok(date) => validators.with_last_modified(date),
            Err(_) => validators,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Note {
    pub(crate) id: i64,
    pub(crate) content: Content,
    pub(crate) changed: Changed,
}

/// What a client sends and receives. Both are the same, so that a client can edit it and send it
/// back.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    #[serde(deserialize_with = "text")]
    pub(crate) title: String,
    #[serde(deserialize_with = "text")]
    pub(crate) text: String,
}

/// The members that a PATCH replaces (RFC 7396). No member can be removed, so `null` is an error.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    #[serde(default, deserialize_with = "some_text")]
    pub(crate) title: Option<String>,
    #[serde(default, deserialize_with = "some_text")]
    pub(crate) text: Option<String>,
}

/// Replaces every member.
impl From<&Content> for Edit {
    fn from(content: &Content) -> Self {
        Self {
            title: Some(content.title.clone()),
            text: Some(content.text.clone()),
        }
    }
}

fn some_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    text(deserializer).map(Some)
}

/// PostgreSQL stores every character but this one. SQLite would store it too, but a service should
/// accept the same notes with every database.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.contains('\0') {
        return Err(D::Error::custom("the character U+0000 is not allowed"));
    }
    Ok(text)
}

#[derive(Clone, Debug)]
pub(crate) enum Change {
    Create(Content),
    Put(i64, Content),
    Edit(i64, Edit),
    Delete(i64),
}
