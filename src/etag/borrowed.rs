use std::fmt;

use super::{EntityTag, InvalidEntityTag, error::Expectation};

/// An entity tag borrowed from a field line, for example a member of `If-None-Match`.
///
/// It is a slice and a flag, so it is cheap to copy. Like [`EntityTag`] it has no `==`, because
/// RFC 9110 section 8.8.3.2 defines two comparisons.
///
/// ```
/// use tower_conditional::etag::EntityTagRef;
///
/// let tag = EntityTagRef::parse(b"W/\"xyzzy\"")?;
/// assert!(tag.is_weak());
/// assert_eq!(tag.opaque_tag(), b"\"xyzzy\"");
/// assert_eq!(tag.opaque(), b"xyzzy");
/// # Ok::<(), tower_conditional::etag::InvalidEntityTag>(())
/// ```
#[derive(Clone, Copy)]
pub struct EntityTagRef<'a> {
    opaque_tag: &'a [u8],
    weak: bool,
}

impl<'a> EntityTagRef<'a> {
    /// Parses exactly one entity tag, `"xyzzy"` or `W/"xyzzy"`, with nothing around it.
    ///
    /// Obs-text (0x80 to 0xFF) is allowed, a backslash does not escape the next byte, and the
    /// weakness indicator is case-sensitive (RFC 9110 section 8.8.3).
    ///
    /// # Errors
    ///
    /// Returns an error if the bytes are anything else.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, InvalidEntityTag> {
        let (weak, opaque_tag) = match bytes {
            [b'W', b'/', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        match opaque_tag {
            // No early exit, so that the compiler can use vector instructions.
            [b'"', opaque @ .., b'"'] if opaque.iter().fold(true, |all, &b| all & is_etagc(b)) => {
                Ok(Self { opaque_tag, weak })
            }
            _ => Err(first_fault(bytes, opaque_tag)),
        }
    }

    /// `opaque_tag` must be well-formed, with its quotes.
    pub(super) const fn new_unchecked(opaque_tag: &'a [u8], weak: bool) -> Self {
        Self { opaque_tag, weak }
    }

    /// Reports whether the tag has the weakness indicator `W/`.
    pub const fn is_weak(self) -> bool {
        self.weak
    }

    /// Returns the opaque-tag: the characters between the quotes, with the quotes.
    pub const fn opaque_tag(self) -> &'a [u8] {
        self.opaque_tag
    }

    /// Returns the characters between the quotes.
    pub fn opaque(self) -> &'a [u8] {
        match self.opaque_tag {
            [_, opaque @ .., _] => opaque,
            _ => &[],
        }
    }

    /// Compares by strong comparison: both tags are strong, and their opaque-tags are the same
    /// bytes (RFC 9110 section 8.8.3.2).
    pub fn strong_eq(self, other: EntityTagRef<'_>) -> bool {
        !self.weak && !other.weak && self.opaque_tag == other.opaque_tag
    }

    /// Compares by weak comparison: the opaque-tags are the same bytes, whether the tags are strong
    /// or weak (RFC 9110 section 8.8.3.2).
    pub fn weak_eq(self, other: EntityTagRef<'_>) -> bool {
        self.opaque_tag == other.opaque_tag
    }

    /// Copies the tag into an [`EntityTag`].
    pub fn to_entity_tag(self) -> EntityTag {
        EntityTag::from_ref(self)
    }
}

impl fmt::Debug for EntityTagRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weak = if self.weak { "W/" } else { "" };
        write!(f, "EntityTagRef({weak}{})", self.opaque_tag.escape_ascii())
    }
}

/// Finds the first byte at which `opaque_tag`, the end of `bytes`, is not an opaque-tag.
#[cold]
fn first_fault(bytes: &[u8], opaque_tag: &[u8]) -> InvalidEntityTag {
    let offset = bytes.len() - opaque_tag.len();
    let [b'"', rest @ ..] = opaque_tag else {
        return InvalidEntityTag::new(Expectation::OpeningQuote, offset);
    };
    let start = offset + 1;
    match rest.iter().position(|&b| !is_etagc(b)) {
        None => InvalidEntityTag::new(Expectation::ClosingQuote, bytes.len()),
        Some(at) if rest[at] == b'"' => InvalidEntityTag::new(Expectation::End, start + at + 1),
        Some(at) => InvalidEntityTag::new(Expectation::EtagCharacter, start + at),
    }
}

/// Reports whether the byte is `etagc` (RFC 9110 section 8.8.3): a visible character other than the
/// double quote, or obs-text.
#[inline]
pub(crate) const fn is_etagc(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x7E | 0x80..=0xFF)
}
