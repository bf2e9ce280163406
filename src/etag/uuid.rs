//! Entity tags from UUIDs.

use uuid::{Uuid, fmt::Hyphenated};

use super::{EntityTag, EntityTagRef};

impl EntityTag {
    /// The strong entity tag `"<uuid>"`, in lower case with hyphens, of a resource whose every change
    /// gets a new UUID.
    ///
    /// A random UUID needs no counter that survives a deletion, so a resource made anew never has
    /// a tag that was used before (RFC 9110 section 8.8.1). [`uuid`](Self::uuid) reads it back, for
    /// `UPDATE … WHERE revision = ?`.
    ///
    /// Under [`Rules::split_tags('-')`](crate::Rules::split_tags) a hyphen of the UUID counts as the
    /// separator: choose another one there.
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    /// use uuid::Uuid;
    ///
    /// let revision = Uuid::from_u128(0x67e55044_10b1_426f_9247_bb680e5fe0c8);
    /// let tag = EntityTag::from_uuid(revision);
    /// assert_eq!(tag.as_bytes(), b"\"67e55044-10b1-426f-9247-bb680e5fe0c8\"");
    /// assert_eq!(tag.uuid(), Some(revision));
    /// ```
    pub fn from_uuid(uuid: Uuid) -> Self {
        let mut opaque_tag = [b'"'; Hyphenated::LENGTH + 2];
        uuid.hyphenated()
            .encode_lower(&mut opaque_tag[1..=Hyphenated::LENGTH]);
        EntityTagRef::new_unchecked(&opaque_tag, false).to_entity_tag()
    }

    /// The UUID between the quotes, if the tag is one that [`from_uuid`](Self::from_uuid) makes.
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    ///
    /// let upper_case = EntityTag::strong("67E55044-10B1-426F-9247-BB680E5FE0C8")?;
    /// assert_eq!(upper_case.uuid(), None);
    /// # Ok::<(), tower_conditional::InvalidEntityTag>(())
    /// ```
    pub fn uuid(&self) -> Option<Uuid> {
        let text = std::str::from_utf8(self.opaque()).ok()?;
        let uuid = Uuid::try_parse(text).ok()?;
        // Other spellings of the same UUID are other tags: entity tags are compared byte by byte.
        Self::from_uuid(uuid).strong_eq(self).then_some(uuid)
    }
}
