//! What a note is, and how it can change.

use std::{fmt, marker::PhantomData};

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, MapAccess, Visitor, value::MapAccessDeserializer},
};
use sqlx::FromRow;
use tower_conditional::{EntityTag, HttpDate, Validators};
use utoipa::{IntoParams, ToSchema};

use super::error::Error;

/// The id of a note, in the path. Each note has one path: neither 007 nor +7 is an id.
#[derive(Clone, Copy, Debug, Deserialize, FromRequestParts, IntoParams)]
#[from_request(via(Path), rejection(Error))]
#[into_params(names("id"))]
#[serde(try_from = "String")]
pub(crate) struct NoteId(#[param(minimum = 1, maximum = 9007199254740991_i64)] pub(crate) i64);

impl TryFrom<String> for NoteId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.parse() {
            // Readers of JSON round larger numbers.
            Ok(id @ 1..=0x1f_ffff_ffff_ffff) if i64::to_string(&id) == text => Ok(Self(id)),
            _ => Err("not the id of a note"),
        }
    }
}

/// When a resource was last changed, and to which version. Each change of any note takes the next
/// version, so a note never has the same version twice, even if it is deleted and created again.
#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct Changed {
    pub(crate) version: i64,
    /// In seconds since 1970.
    pub(crate) updated_at: i64,
}

impl From<Changed> for Validators {
    fn from(changed: Changed) -> Self {
        let validators = Validators::from(EntityTag::from_version(changed.version));
        match HttpDate::from_unix_seconds(changed.updated_at) {
            Ok(date) => validators.with_last_modified(date),
            Err(_) => validators,
        }
    }
}

#[derive(Debug, FromRow)]
pub(crate) struct Note {
    pub(crate) id: i64,
    #[sqlx(flatten)]
    pub(crate) content: Content,
    #[sqlx(flatten)]
    pub(crate) changed: Changed,
}

/// What a client sends and receives. Both are the same, so that a client can edit it and send it
/// back.
#[derive(Clone, Debug, Deserialize, FromRow, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    #[serde(deserialize_with = "text")]
    pub(crate) title: String,
    #[serde(deserialize_with = "text")]
    pub(crate) text: String,
}

/// The members that a PATCH replaces (RFC 7396). No member can be removed, so `null` is an error.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    #[serde(default, deserialize_with = "some_text")]
    #[schema(nullable = false)]
    pub(crate) title: Option<String>,
    #[serde(default, deserialize_with = "some_text")]
    #[schema(nullable = false)]
    pub(crate) text: Option<String>,
}

/// Replaces all members.
impl From<Content> for Edit {
    fn from(Content { title, text }: Content) -> Self {
        let (title, text) = (Some(title), Some(text));
        Self { title, text }
    }
}

/// An item of the list. Its entity tag is that of the note.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) title: String,
    #[schema(value_type = String)]
    pub(crate) etag: EntityTag,
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

/// The content of a request. Its errors are problem details.
#[derive(FromRequest)]
#[from_request(via(Json), rejection(Error))]
pub(crate) struct Sent<T>(pub(crate) T);

/// A JSON object. A struct that serde derives also accepts an array.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Object)
    }
}
