//! Entity tags from UUIDs.

use uuid::{Uuid, fmt::Hyphenated};

use super::{EntityTag, EntityTagRef};

impl EntityTag {
    /// Returns the strong entity tag `"<uuid>"`, in lower case with hyphens, for a resource that
    /// gets a new UUID with every change.
    ///
    /// [`uuid`](Self::uuid) reads the UUID back, for `UPDATE … WHERE revision = ?`.
    ///
    /// Unlike a counter, a random UUID does not have to survive the deletion of the resource: a
    /// resource that is created again never gets an old tag (RFC 9110 section 8.8.1).
    ///
    /// [`Rules::split_tags('-')`](crate::Rules::split_tags) would split the tag at a hyphen of the
    /// UUID. Choose another separator there.
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

    /// Returns the UUID between the quotes, if [`from_uuid`](Self::from_uuid) makes this tag.
    ///
    /// Other spellings of a UUID are other tags and give `None`.
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    ///
    /// let upper_case = EntityTag::strong("67E55044-10B1-426F-9247-BB680E5FE0C8")?;
    /// assert_eq!(upper_case.uuid(), None);
    /// # Ok::<(), tower_conditional::etag::InvalidEntityTag>(())
    /// ```
    pub fn uuid(&self) -> Option<Uuid> {
        let text = std::str::from_utf8(self.opaque()).ok()?;
        let uuid = Uuid::try_parse(text).ok()?;
        // Entity tags are compared byte by byte, so other spellings of the UUID are other tags.
        Self::from_uuid(uuid).strong_eq(self).then_some(uuid)
    }
}
