use std::{fmt, str::FromStr};

use bytes::{BufMut, Bytes, BytesMut};
use http::HeaderValue;

use super::{EntityTagRef, InvalidEntityTag, error::Expectation, is_etagc};

/// An entity tag (RFC 9110 section 8.8.3), strong or weak.
///
/// It wraps a checked [`HeaderValue`]: a conversion copies no bytes, and a clone only increments a
/// reference count. See the [module documentation](crate::etag) for the ways to obtain one.
///
/// There is no `==`, because RFC 9110 section 8.8.3.2 defines two comparisons. Use
/// [`strong_eq`](Self::strong_eq) for `If-Match` and `If-Range`, and [`weak_eq`](Self::weak_eq) for
/// `If-None-Match`.
///
/// ```
/// use tower_conditional::EntityTag;
///
/// static INDEX: EntityTag = EntityTag::from_static("\"index-1\"");
///
/// let current = EntityTag::strong("index-1")?;
/// assert!(current.strong_eq(&INDEX));
///
/// let weakened = EntityTag::weak("index-1")?;
/// assert!(current.weak_eq(&weakened));
/// assert!(!current.strong_eq(&weakened));
/// assert!(!weakened.strong_eq(&weakened), "a weak tag is never strongly equal, even to itself");
/// # Ok::<(), tower_conditional::etag::InvalidEntityTag>(())
/// ```
#[derive(Clone)]
pub struct EntityTag(HeaderValue);

impl EntityTag {
    /// Creates an entity tag from a literal in the syntax of the `ETag` field: `"xyzzy"` or
    /// `W/"xyzzy"`.
    ///
    /// In a `const` or `static` an invalid literal is a compile error.
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    ///
    /// static EMPTY: EntityTag = EntityTag::from_static("\"\"");
    /// static WEAK: EntityTag = EntityTag::from_static("W/\"1\"");
    /// assert!(WEAK.is_weak() && !EMPTY.is_weak());
    /// ```
    ///
    /// ```compile_fail
    /// # use tower_conditional::EntityTag;
    /// static UNQUOTED: EntityTag = EntityTag::from_static("xyzzy");
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if `tag` is not an entity tag, or contains obs-text, which
    /// [`HeaderValue::from_static`] does not accept.
    pub const fn from_static(tag: &'static str) -> Self {
        let bytes = tag.as_bytes();
        let start = match bytes {
            [b'W', b'/', ..] => 2,
            _ => 0,
        };
        assert!(
            bytes.len() >= start + 2 && bytes[start] == b'"' && bytes[bytes.len() - 1] == b'"',
            "an entity tag is a quoted string, possibly prefixed with `W/`"
        );
        let mut i = start + 1;
        while i < bytes.len() - 1 {
            assert!(
                is_etagc(bytes[i]),
                "an entity tag has neither blanks nor double quotes between its quotes"
            );
            i += 1;
        }
        Self(HeaderValue::from_static(tag))
    }

    /// Creates a strong entity tag with these characters between the quotes.
    ///
    /// A strong tag changes whenever the bytes of the representation change, and differs between
    /// content codings (RFC 9110 section 8.8.1).
    ///
    /// # Errors
    ///
    /// Returns an error if a byte is not `etagc`: if it is a blank, a control character or a double
    /// quote.
    pub fn strong(opaque: impl AsRef<[u8]>) -> Result<Self, InvalidEntityTag> {
        Self::build(b"\"", opaque.as_ref())
    }

    /// Creates a weak entity tag with these characters between the quotes.
    ///
    /// A weak tag revalidates caches, but never satisfies `If-Match` or `If-Range`
    /// (RFC 9110 section 8.8.1).
    ///
    /// # Errors
    ///
    /// Returns an error if a byte is not `etagc`: if it is a blank, a control character or a double
    /// quote.
    pub fn weak(opaque: impl AsRef<[u8]>) -> Result<Self, InvalidEntityTag> {
        Self::build(b"W/\"", opaque.as_ref())
    }

    fn build(prefix: &[u8], opaque: &[u8]) -> Result<Self, InvalidEntityTag> {
        if let Some(at) = opaque.iter().position(|&b| !is_etagc(b)) {
            return Err(InvalidEntityTag::new(Expectation::EtagCharacter, at));
        }
        let mut bytes = BytesMut::with_capacity(prefix.len() + opaque.len() + 1);
        bytes.put_slice(prefix);
        bytes.put_slice(opaque);
        bytes.put_u8(b'"');
        Ok(Self::from_checked(bytes.freeze()))
    }

    /// Creates the strong entity tag `"<read><separator><write>"` from two halves.
    ///
    /// The read half changes with what clients cannot write, the write half with what they can.
    /// [`Rules::split_tags`](crate::Rules::split_tags) compares such tags.
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    ///
    /// let tag = EntityTag::from_halves("2f1a", '-', "9c04")?;
    /// assert_eq!(tag.as_bytes(), b"\"2f1a-9c04\"");
    /// # Ok::<(), tower_conditional::etag::InvalidEntityTag>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if a half has a byte that is not `etagc`, if the separator is not an ASCII
    /// character of `etagc`, or if the read half contains the separator. The tag would be split
    /// there.
    pub fn from_halves(
        read: impl AsRef<[u8]>,
        separator: char,
        write: impl AsRef<[u8]>,
    ) -> Result<Self, InvalidEntityTag> {
        let (read, write) = (read.as_ref(), write.as_ref());
        let separator =
            u8::try_from(separator)
                .ok()
                .filter(u8::is_ascii)
                .ok_or(InvalidEntityTag::new(
                    Expectation::EtagCharacter,
                    read.len(),
                ))?;
        if let Some(at) = read.iter().position(|&b| b == separator) {
            return Err(InvalidEntityTag::new(Expectation::NoSeparator, at));
        }
        Self::build(b"\"", &[read, &[separator], write].concat())
    }

    /// Returns the weak entity tag with the same opaque-tag.
    ///
    /// Use it for a tag that stays the same while the bytes of the content change: a tag of the
    /// data from which several media types are rendered, or of some of the fields that are sent.
    /// As a strong tag it would promise too much (RFC 9110 section 8.8.1). A weak tag never
    /// satisfies `If-Match`, except under
    /// [`Rules::weak_if_match`](crate::Rules::weak_if_match).
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    ///
    /// let tag = EntityTag::from_version(7).into_weak();
    /// assert_eq!(tag.as_bytes(), b"W/\"7\"");
    /// assert_eq!(tag.into_weak().as_bytes(), b"W/\"7\"");
    /// ```
    #[must_use]
    pub fn into_weak(self) -> Self {
        if self.is_weak() {
            return self;
        }
        Self::from_ref(EntityTagRef::new_unchecked(self.opaque_tag(), true))
    }

    pub(super) fn from_ref(tag: EntityTagRef<'_>) -> Self {
        let prefix: &[u8] = if tag.is_weak() { b"W/" } else { b"" };
        let mut bytes = BytesMut::with_capacity(prefix.len() + tag.opaque_tag().len());
        bytes.put_slice(prefix);
        bytes.put_slice(tag.opaque_tag());
        Self::from_checked(bytes.freeze())
    }

    /// `bytes` must be a well-formed entity tag.
    pub(super) fn from_checked(bytes: Bytes) -> Self {
        debug_assert!(EntityTagRef::parse(&bytes).is_ok());
        // A field value may contain the double quote and all of `etagc`.
        Self(HeaderValue::from_maybe_shared(bytes).expect("an entity tag is a field value"))
    }

    /// Reports whether the tag has the weakness indicator `W/`.
    pub fn is_weak(&self) -> bool {
        matches!(self.as_bytes(), [b'W', ..])
    }

    /// Returns the opaque-tag: the characters between the quotes, with the quotes.
    pub fn opaque_tag(&self) -> &[u8] {
        match self.as_bytes() {
            [b'W', b'/', opaque_tag @ ..] => opaque_tag,
            opaque_tag => opaque_tag,
        }
    }

    /// Returns the characters between the quotes.
    pub fn opaque(&self) -> &[u8] {
        self.to_ref().opaque()
    }

    /// Returns the tag in the syntax of the `ETag` field: `"xyzzy"` or `W/"xyzzy"`.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Borrows the tag as the value of an `ETag` field.
    pub const fn as_header_value(&self) -> &HeaderValue {
        &self.0
    }

    /// Borrows the tag as an [`EntityTagRef`].
    pub fn to_ref(&self) -> EntityTagRef<'_> {
        EntityTagRef::new_unchecked(self.opaque_tag(), self.is_weak())
    }

    /// Compares by strong comparison: both tags are strong, and their opaque-tags are the same
    /// bytes (RFC 9110 section 8.8.3.2).
    pub fn strong_eq(&self, other: &EntityTag) -> bool {
        self.to_ref().strong_eq(other.to_ref())
    }

    /// Compares by weak comparison: the opaque-tags are the same bytes, whether the tags are strong
    /// or weak (RFC 9110 section 8.8.3.2).
    pub fn weak_eq(&self, other: &EntityTag) -> bool {
        self.to_ref().weak_eq(other.to_ref())
    }
}

impl From<EntityTag> for HeaderValue {
    fn from(tag: EntityTag) -> Self {
        tag.0
    }
}

impl From<&EntityTag> for HeaderValue {
    fn from(tag: &EntityTag) -> Self {
        tag.0.clone()
    }
}

/// Checks the field value, and keeps its bytes without a copy.
impl TryFrom<HeaderValue> for EntityTag {
    type Error = InvalidEntityTag;

    fn try_from(value: HeaderValue) -> Result<Self, Self::Error> {
        EntityTagRef::parse(value.as_bytes())?;
        Ok(Self(value))
    }
}

/// Checks the field value, and shares its bytes without a copy.
impl TryFrom<&HeaderValue> for EntityTag {
    type Error = InvalidEntityTag;

    fn try_from(value: &HeaderValue) -> Result<Self, Self::Error> {
        EntityTagRef::parse(value.as_bytes())?;
        Ok(Self(value.clone()))
    }
}

/// Parses exactly one tag, in the syntax of the `ETag` field.
impl FromStr for EntityTag {
    type Err = InvalidEntityTag;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        EntityTagRef::parse(tag.as_bytes()).map(EntityTagRef::to_entity_tag)
    }
}

/// Writes the tag in the syntax of the `ETag` field. Bytes that are not UTF-8 become U+FFFD.
impl fmt::Display for EntityTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}

impl fmt::Debug for EntityTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntityTag({})", self.as_bytes().escape_ascii())
    }
}
