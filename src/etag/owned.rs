use std::{fmt, str::FromStr};

use bytes::{BufMut, Bytes, BytesMut};
use http::HeaderValue;

use super::{EntityTagRef, InvalidEntityTag, error::Expected, is_etagc};

/// An entity tag (RFC 9110 section 8.8.3), strong or weak.
///
/// It is a checked [`HeaderValue`]: turning one into the other copies no bytes, and a clone only
/// counts a reference.
///
/// There is no `==`: RFC 9110 section 8.8.3.2 has two comparisons, and the right one depends on the
/// field. [`strong_eq`](Self::strong_eq) serves `If-Match` and `If-Range`,
/// [`weak_eq`](Self::weak_eq) serves `If-None-Match`.
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
/// # Ok::<(), tower_conditional::InvalidEntityTag>(())
/// ```
#[derive(Clone)]
pub struct EntityTag(HeaderValue);

impl EntityTag {
    /// An entity tag known at compile time, written as on the wire: `"xyzzy"` or `W/"xyzzy"`.
    ///
    /// In a `const` or `static` a wrong literal is a compile error.
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
    /// When `tag` is not an entity tag, or contains obs-text, which a `&'static str` header value
    /// cannot hold.
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

    /// A strong entity tag with these characters between the quotes.
    ///
    /// Use it when the tag changes with every change of the representation's bytes, and differs
    /// between content codings (RFC 9110 section 8.8.1).
    ///
    /// # Errors
    ///
    /// When a byte is not `etagc`: a blank, a control character or a double quote.
    pub fn strong(opaque: impl AsRef<[u8]>) -> Result<Self, InvalidEntityTag> {
        Self::build(b"\"", opaque.as_ref())
    }

    /// A weak entity tag with these characters between the quotes.
    ///
    /// A weak tag revalidates caches, but never satisfies `If-Match` or `If-Range`
    /// (RFC 9110 section 8.8.1).
    ///
    /// # Errors
    ///
    /// When a byte is not `etagc`: a blank, a control character or a double quote.
    pub fn weak(opaque: impl AsRef<[u8]>) -> Result<Self, InvalidEntityTag> {
        Self::build(b"W/\"", opaque.as_ref())
    }

    fn build(prefix: &[u8], opaque: &[u8]) -> Result<Self, InvalidEntityTag> {
        if let Some(at) = opaque.iter().position(|&b| !is_etagc(b)) {
            return Err(InvalidEntityTag::new(Expected::EtagCharacter, at));
        }
        let mut bytes = BytesMut::with_capacity(prefix.len() + opaque.len() + 1);
        bytes.put_slice(prefix);
        bytes.put_slice(opaque);
        bytes.put_u8(b'"');
        Ok(Self::from_checked(bytes.freeze()))
    }

    /// The strong entity tag `"<version>"` of a resource whose every change gets a new number.
    ///
    /// [`version`](Self::version) reads the number back, for `UPDATE … WHERE version = ?`.
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    ///
    /// let tag = EntityTag::from_version(7);
    /// assert_eq!(tag.as_bytes(), b"\"7\"");
    /// assert_eq!(tag.version(), Some(7));
    /// ```
    pub fn from_version(version: u64) -> Self {
        let mut digits = [b'"'; 22];
        let mut start = digits.len() - 1;
        let mut rest = version;
        loop {
            start -= 1;
            digits[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        Self::from_checked(Bytes::copy_from_slice(&digits[start - 1..]))
    }

    /// The number between the quotes, if the tag is one that
    /// [`from_version`](Self::from_version) makes.
    pub fn version(&self) -> Option<u64> {
        let [b'"', digits @ .., b'"'] = self.as_bytes() else {
            return None;
        };
        let canonical = digits == b"0" || !matches!(digits, [] | [b'0', ..]);
        if !canonical || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    /// The strong entity tag `"<read>-<write>"`: one half for what clients cannot write, one for what
    /// they can. [`Rules::split_tags`](crate::Rules::split_tags) compares such tags.
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    ///
    /// let tag = EntityTag::split("2f1a", '-', "9c04")?;
    /// assert_eq!(tag.as_bytes(), b"\"2f1a-9c04\"");
    /// # Ok::<(), tower_conditional::InvalidEntityTag>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a half or the separator has a byte that is not `etagc`, or when the read half contains
    /// the separator: the tag would be split there.
    pub fn split(
        read: impl AsRef<[u8]>,
        separator: char,
        write: impl AsRef<[u8]>,
    ) -> Result<Self, InvalidEntityTag> {
        let (read, write) = (read.as_ref(), write.as_ref());
        let separator = u8::try_from(separator)
            .ok()
            .filter(u8::is_ascii)
            .ok_or(InvalidEntityTag::new(Expected::EtagCharacter, read.len()))?;
        if let Some(at) = read.iter().position(|&b| b == separator) {
            return Err(InvalidEntityTag::new(Expected::NoSeparator, at));
        }
        Self::build(b"\"", &[read, &[separator], write].concat())
    }

    pub(super) fn from_ref(tag: EntityTagRef<'_>) -> Self {
        let prefix: &[u8] = if tag.is_weak() { b"W/" } else { b"" };
        let mut bytes = BytesMut::with_capacity(prefix.len() + tag.opaque_tag().len());
        bytes.put_slice(prefix);
        bytes.put_slice(tag.opaque_tag());
        Self::from_checked(bytes.freeze())
    }

    /// `bytes` are a well-formed entity tag.
    fn from_checked(bytes: Bytes) -> Self {
        debug_assert!(EntityTagRef::parse(&bytes).is_ok());
        // The double quote and all of `etagc` are allowed in a field value.
        Self(HeaderValue::from_maybe_shared(bytes).expect("an entity tag is a field value"))
    }

    /// Whether the tag carries the weakness indicator `W/`.
    pub fn is_weak(&self) -> bool {
        matches!(self.as_bytes(), [b'W', ..])
    }

    /// The opaque-tag: the characters between the quotes, and the quotes.
    pub fn opaque_tag(&self) -> &[u8] {
        match self.as_bytes() {
            [b'W', b'/', opaque_tag @ ..] => opaque_tag,
            opaque_tag => opaque_tag,
        }
    }

    /// The characters between the quotes.
    pub fn opaque(&self) -> &[u8] {
        self.borrowed().opaque()
    }

    /// The tag as on the wire: `"xyzzy"` or `W/"xyzzy"`.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The tag as the value of an `ETag` field.
    pub const fn as_header_value(&self) -> &HeaderValue {
        &self.0
    }

    /// The tag without ownership.
    pub fn borrowed(&self) -> EntityTagRef<'_> {
        EntityTagRef::new_unchecked(self.opaque_tag(), self.is_weak())
    }

    /// Strong comparison: both tags are strong and their opaque-tags are the same bytes
    /// (RFC 9110 section 8.8.3.2).
    pub fn strong_eq(&self, other: &EntityTag) -> bool {
        self.borrowed().strong_eq(other.borrowed())
    }

    /// Weak comparison: the opaque-tags are the same bytes, whether or not either tag is weak
    /// (RFC 9110 section 8.8.3.2).
    pub fn weak_eq(&self, other: &EntityTag) -> bool {
        self.borrowed().weak_eq(other.borrowed())
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

/// Checks the field value and takes its bytes over.
impl TryFrom<HeaderValue> for EntityTag {
    type Error = InvalidEntityTag;

    fn try_from(value: HeaderValue) -> Result<Self, Self::Error> {
        EntityTagRef::parse(value.as_bytes())?;
        Ok(Self(value))
    }
}

/// Checks the field value and shares its bytes.
impl TryFrom<&HeaderValue> for EntityTag {
    type Error = InvalidEntityTag;

    fn try_from(value: &HeaderValue) -> Result<Self, Self::Error> {
        EntityTagRef::parse(value.as_bytes())?;
        Ok(Self(value.clone()))
    }
}

/// Reads the tag as on the wire.
impl FromStr for EntityTag {
    type Err = InvalidEntityTag;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        EntityTagRef::parse(tag.as_bytes()).map(EntityTagRef::to_entity_tag)
    }
}

/// Writes the tag as on the wire; bytes that are not UTF-8 become U+FFFD.
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
