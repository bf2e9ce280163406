//! Entity tags from values: the digest of their canonical JSON.

mod compound;
mod error;
mod key;
mod number;
mod serializer;

use digest::{Digest, Output};
use serde::Serialize;

pub use self::error::UnserializableValue;
use self::serializer::Canonical;
use super::EntityTag;

impl EntityTag {
    /// The strong entity tag `"<digest of value>"`, where the digest is taken of the value as
    /// canonical JSON without the top-level fields named in `ignored`.
    ///
    /// It is a strong validator only if the value decides every byte of the content (RFC 9110
    /// section 8.8.1): no ignored field is sent, and there is one media type and one content-coding.
    /// Otherwise it is [`weak_from_json`](Self::weak_from_json) that is honest.
    ///
    /// ```
    /// use serde::Serialize;
    /// use sha2::Sha256;
    /// use tower_conditional::EntityTag;
    ///
    /// #[derive(Serialize)]
    /// struct Port {
    ///     uuid: &'static str,
    ///     mtu: u32,
    /// }
    ///
    /// let port = Port { uuid: "1111", mtu: 1500 };
    /// let tag = EntityTag::from_json::<Sha256>(&port, &[])?;
    ///
    /// // The canonical form is plain JSON: any language can calculate the same tag.
    /// let canonical = r#"{"mtu":1500,"uuid":"1111"}"#;
    /// assert!(tag.strong_eq(&EntityTag::from_digest::<Sha256>(canonical)));
    /// # Ok::<(), tower_conditional::UnserializableValue>(())
    /// ```
    ///
    /// # Which values are the same
    ///
    /// The canonical form is that of the JSON Canonicalization Scheme ([RFC 8785]). It depends on
    /// the value alone, not on which features of `serde_json` are on, and is kept in every release
    /// of this crate.
    ///
    /// - The order of keys does not count: they are sorted, by their UTF-16 code units. Of equal keys
    ///   the last one counts. The order in a list counts, so a set needs an order of its own: that
    ///   of a `HashSet` is another one in each process.
    /// - A field that is `null` is there, one that is missing is not: they give different tags.
    /// - `1`, `1.0` and `1e0` are the same number, and so are `-0.0` and `0`. A float has the
    ///   shortest digits that read back as the same number, as ECMAScript writes them. Those of an
    ///   `f32` read back as the same `f32`: `0.1` is `0.1`, until a `serde_json::Value` widens it.
    /// - An integer has all its digits. RFC 8785 would round it to a double, and 2^53 + 1 would
    ///   have the same tag as 2^53.
    /// - NaN and the infinities are `null`, as `serde_json` writes them; RFC 8785 has no answer but
    ///   an error.
    /// - Strings are compared by their characters: there is no Unicode normalization.
    /// - Enums, bytes, units and keys that are not strings are what `serde_json` makes of them, except
    ///   that a float as a key is written like any other float.
    ///
    /// An ignored field is not even serialized. A name in `ignored` that the value does not have
    /// changes nothing, nor does any in a value that is neither a struct nor a map. Fields further
    /// down are never ignored.
    ///
    /// # Errors
    ///
    /// When the value does not serialize: its own `Serialize` says so, or a key is none that JSON can
    /// have.
    ///
    /// [RFC 8785]: https://www.rfc-editor.org/rfc/rfc8785
    pub fn from_json<D: Digest>(
        value: &(impl Serialize + ?Sized),
        ignored: &[&str],
    ) -> Result<Self, UnserializableValue> {
        let output = digest_of_fields::<D>(value, &|name| !ignored.contains(&name))?;
        Ok(Self::from_digest_output(output))
    }

    /// The weak entity tag `W/"<digest of value>"`, where the digest is taken of the value as
    /// canonical JSON without the top-level fields named in `ignored`.
    ///
    /// [`from_json`](Self::from_json) tells which values are the same. A tag that stays the same
    /// over changes of the ignored fields is a weak one (RFC 9110 section 8.8.1), and a write needs
    /// [`Rules::weak_if_match`](crate::Rules::weak_if_match) to be guarded by it.
    ///
    /// ```
    /// use serde_json::json;
    /// use sha2::Sha512;
    /// use tower_conditional::EntityTag;
    ///
    /// let ignored = ["etag", "updated_at"];
    /// let mut node = json!({ "uuid": "1111", "power": "on", "updated_at": "10:00" });
    /// let before = EntityTag::weak_from_json::<Sha512>(&node, &ignored)?;
    ///
    /// node["updated_at"] = json!("10:05");
    /// node["etag"] = json!(before.to_string());
    /// assert!(before.weak_eq(&EntityTag::weak_from_json::<Sha512>(&node, &ignored)?));
    ///
    /// node["power"] = json!("off");
    /// assert!(!before.weak_eq(&EntityTag::weak_from_json::<Sha512>(&node, &ignored)?));
    /// # Ok::<(), tower_conditional::UnserializableValue>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the value does not serialize, as in [`from_json`](Self::from_json).
    pub fn weak_from_json<D: Digest>(
        value: &(impl Serialize + ?Sized),
        ignored: &[&str],
    ) -> Result<Self, UnserializableValue> {
        let output = digest_of_fields::<D>(value, &|name| !ignored.contains(&name))?;
        Ok(Self::weak_from_digest_output(output))
    }

    /// The strong entity tag `"<read>-<write>"` of a value: the read half is the digest of the
    /// top-level fields named in `read_only`, which clients cannot write, the write half that of all
    /// others, except those named in `ignored`.
    ///
    /// [`from_json`](Self::from_json) tells which values are the same, and what makes a tag strong;
    /// [`Rules::split_tags('-')`](crate::Rules::split_tags) compares such tags. It is the read-only
    /// fields that are named, so that a forgotten one errs to a 412 too many, never to a lost update.
    /// A field in both lists is ignored. A value that is neither a struct nor a map has no fields:
    /// each half is made of all of it.
    ///
    /// ```
    /// use serde_json::json;
    /// use sha2::Sha256;
    /// use tower_conditional::EntityTag;
    ///
    /// let tag = |bug| EntityTag::split_from_json::<Sha256>(&bug, &["last_message"], &["http_etag"]);
    /// let before = tag(json!({ "title": "It crashes", "last_message": "10:00" }))?;
    /// let message = tag(json!({ "title": "It crashes", "last_message": "10:05" }))?;
    ///
    /// // A message changes the tag, but not the half that guards a new title.
    /// let write_half = |tag: &EntityTag| tag.opaque()[64..].to_vec();
    /// assert!(!before.strong_eq(&message));
    /// assert_eq!(write_half(&before), write_half(&message));
    /// # Ok::<(), tower_conditional::UnserializableValue>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the value does not serialize, as in [`from_json`](Self::from_json).
    pub fn split_from_json<D: Digest>(
        value: &(impl Serialize + ?Sized),
        read_only: &[&str],
        ignored: &[&str],
    ) -> Result<Self, UnserializableValue> {
        let half = |read: bool| {
            digest_of_fields::<D>(value, &|name| {
                !ignored.contains(&name) && read_only.contains(&name) == read
            })
        };
        Ok(Self::split_from_digest_outputs(half(true)?, half(false)?))
    }
}

fn digest_of_fields<D: Digest>(
    value: &(impl Serialize + ?Sized),
    keep: &dyn Fn(&str) -> bool,
) -> Result<Output<D>, UnserializableValue> {
    let mut hasher = D::new();
    value.serialize(Canonical::new(&mut |piece| hasher.update(piece), keep))?;
    Ok(hasher.finalize())
}
