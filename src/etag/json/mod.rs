//! Entity tags from values: the digest of their canonical JSON.
//!
//! The canonical form is written by `serde_json`'s own serializer with a [formatter](canonical)
//! that sorts the members of objects. The crate `serde_json_canonicalizer` implements RFC 8785 in
//! the same way, but cannot be used for entity tags:
//!
//! - It writes every integer as a double. 2^53 and 2^53 + 1 would have the same tag, and a write
//!   guarded by it could be lost.
//! - It widens `f32` to `f64`, so that `0.1_f32` gets other digits.
//! - Of equal keys it keeps the first. Most readers of JSON keep the last.
//! - It cannot leave out fields.

mod canonical;
mod error;
mod number;
mod top_level;

use digest::Digest;
use serde::Serialize;

pub use self::error::JsonTagError;
use self::top_level::canonical_json;
use super::EntityTag;

impl EntityTag {
    /// Returns the strong entity tag `"<digest>"` of a value, from the digest of its canonical
    /// JSON.
    ///
    /// [`JsonTag`](crate::etag::JsonTag) describes the canonical form, and leaves out fields.
    ///
    /// The tag is a strong validator only if the value determines every byte of the content
    /// (RFC 9110 section 8.8.1). That requires one media type and one content coding. Otherwise
    /// make it weak with [`into_weak`](Self::into_weak).
    ///
    /// ```
    /// use serde::Serialize;
    /// use sha2::{Digest, Sha256};
    /// use tower_conditional::EntityTag;
    ///
    /// #[derive(Serialize)]
    /// struct Port {
    ///     uuid: &'static str,
    ///     mtu: u32,
    /// }
    ///
    /// let tag = EntityTag::from_json::<Sha256>(&Port { uuid: "1111", mtu: 1500 })?;
    ///
    /// // The canonical form is plain JSON: any language can calculate the same tag.
    /// let canonical = r#"{"mtu":1500,"uuid":"1111"}"#;
    /// assert!(tag.strong_eq(&EntityTag::from_digest(Sha256::digest(canonical))));
    /// # Ok::<(), tower_conditional::etag::JsonTagError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not serialize: its `Serialize` implementation fails, or
    /// it contains a map whose keys JSON cannot represent.
    pub fn from_json<D: Digest>(value: &(impl Serialize + ?Sized)) -> Result<Self, JsonTagError> {
        JsonTag::new().tag::<D>(value)
    }
}

/// Builds entity tags from values that serialize, without some of their fields.
///
/// The tag is the digest of the value's canonical JSON, in lower-case hexadecimal.
///
/// # Example
///
/// An ignored field does not change the tag. A tag that stays the same while the content changes is
/// weak (RFC 9110 section 8.8.1), so the example makes it weak:
///
/// ```
/// use serde_json::json;
/// use sha2::Sha512;
/// use tower_conditional::etag::JsonTag;
///
/// let tags = JsonTag::new().ignore(["etag", "updated_at"]);
/// let mut node = json!({ "uuid": "1111", "power": "on", "updated_at": "10:00" });
/// let before = tags.tag::<Sha512>(&node)?.into_weak();
///
/// node["updated_at"] = json!("10:05");
/// node["etag"] = json!(before.to_string());
/// assert!(before.weak_eq(&tags.tag::<Sha512>(&node)?));
///
/// node["power"] = json!("off");
/// assert!(!before.weak_eq(&tags.tag::<Sha512>(&node)?));
/// # Ok::<(), tower_conditional::etag::JsonTagError>(())
/// ```
///
/// # Canonical form
///
/// The form is that of the JSON Canonicalization Scheme ([RFC 8785]), with two exceptions for
/// numbers. It depends on the value alone, not on the features of `serde_json` that are enabled.
/// It stays the same in every release of this crate.
///
/// - Keys are sorted by their UTF-16 code units, so their order does not count. Of equal keys the
///   last one counts.
/// - The order in a list counts. Sort a set first: the order of a `HashSet` differs from process to
///   process.
/// - A field that is `null` and a field that is missing give different tags.
/// - Equal numbers are written the same way: `1`, `1.0` and `1e0`, and also `-0.0` and `0`. A float
///   has the shortest digits that read back as the same number, as ECMAScript writes them. An `f32`
///   has the shortest digits that read back as the same `f32`; converted to a `serde_json::Value`
///   it is an `f64`, and has others.
/// - An integer keeps all its digits. RFC 8785 would round it to a double, and 2^53 + 1 would have
///   the same tag as 2^53.
/// - NaN and the infinities are `null`, as `serde_json` writes them. RFC 8785 rejects them.
/// - Strings are compared character by character, without Unicode normalization.
/// - Enums, bytes, units and keys that are not strings are written as `serde_json` writes them. A
///   float as a key has the digits of any other float.
///
/// # Fields
///
/// The names given to [`ignore`](Self::ignore) and [`read_only`](Self::read_only) are those of
/// top-level fields: the fields of a struct, or the keys of a map.
///
/// - A name that the value does not have is without effect. Fields at deeper levels are never left
///   out.
/// - A value that is neither a struct nor a map has no fields. Its tag is the digest of the whole
///   value, and so is each half of its split tag. An enum variant with data has none either: its
///   name is not a field.
/// - A field named in both lists is ignored.
/// - An ignored field is serialized and then dropped. If it cannot be serialized, there is no tag.
///
/// [RFC 8785]: https://www.rfc-editor.org/rfc/rfc8785
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct JsonTag {
    ignored: Vec<String>,
    read_only: Vec<String>,
}

impl JsonTag {
    /// Creates a builder that leaves out no field.
    pub const fn new() -> Self {
        Self {
            ignored: Vec::new(),
            read_only: Vec::new(),
        }
    }

    /// Adds fields that no tag depends on.
    pub fn ignore(mut self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.ignored
            .extend(names.into_iter().map(|name| name.as_ref().to_owned()));
        self
    }

    /// Adds fields that clients cannot write. They make up the read half of a
    /// [split tag](Self::split_tag), and make no difference to [`tag`](Self::tag).
    ///
    /// Forgetting a read-only field puts it into the write half. A change of it then causes a 412
    /// that was not necessary, but never a lost update.
    pub fn read_only(mut self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.read_only
            .extend(names.into_iter().map(|name| name.as_ref().to_owned()));
        self
    }

    /// Returns the strong entity tag `"<digest>"` of all fields that are not ignored.
    ///
    /// It is a strong validator only if those fields determine every byte of the content (RFC 9110
    /// section 8.8.1): no ignored field is sent, and there is one media type and one content
    /// coding. Otherwise an honest tag is weak: `tags.tag::<D>(&value)?.into_weak()`. A write is
    /// guarded by a weak tag only under [`Rules::weak_if_match`](crate::Rules::weak_if_match).
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not serialize: its `Serialize` implementation fails, or
    /// it contains a map whose keys JSON cannot represent.
    pub fn tag<D: Digest>(
        &self,
        value: &(impl Serialize + ?Sized),
    ) -> Result<EntityTag, JsonTagError> {
        let json = canonical_json(value, &|name| !self.ignores(name))?;
        Ok(EntityTag::from_digest(D::digest(json)))
    }

    /// Returns the strong entity tag `"<read>-<write>"`. The read half is the digest of the
    /// [read-only](Self::read_only) fields, the write half the digest of all others. Neither
    /// includes ignored fields.
    ///
    /// [`Rules::split_tags('-')`](crate::Rules::split_tags) compares such tags: a write is refused
    /// only if the write half differs.
    ///
    /// ```
    /// use serde_json::json;
    /// use sha2::Sha256;
    /// use tower_conditional::{etag::JsonTag, EntityTag};
    ///
    /// let tags = JsonTag::new().ignore(["http_etag"]).read_only(["last_message"]);
    /// let bug = json!({ "title": "It crashes", "last_message": "10:00" });
    /// let commented = json!({ "title": "It crashes", "last_message": "10:05" });
    /// let before = tags.split_tag::<Sha256>(&bug)?;
    /// let after = tags.split_tag::<Sha256>(&commented)?;
    ///
    /// // A message changes the tag, but not the half that guards a new title.
    /// let write_half = |tag: &EntityTag| tag.opaque()[64..].to_vec();
    /// assert!(!before.strong_eq(&after));
    /// assert_eq!(write_half(&before), write_half(&after));
    /// # Ok::<(), tower_conditional::etag::JsonTagError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not serialize, as [`tag`](Self::tag) does.
    pub fn split_tag<D: Digest>(
        &self,
        value: &(impl Serialize + ?Sized),
    ) -> Result<EntityTag, JsonTagError> {
        let half = |read: bool| {
            canonical_json(value, &|name| {
                !self.ignores(name) && self.is_read_only(name) == read
            })
        };
        Ok(EntityTag::from_digest_halves(
            D::digest(half(true)?),
            D::digest(half(false)?),
        ))
    }

    fn ignores(&self, name: &str) -> bool {
        self.ignored.iter().any(|ignored| ignored == name)
    }

    fn is_read_only(&self, name: &str) -> bool {
        self.read_only.iter().any(|read_only| read_only == name)
    }
}
