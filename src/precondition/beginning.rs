//! How the beginnings of tags are compared: most members of a list differ there.

use crate::etag::{is_etagc, word_at};

/// The first eight bytes of a tag, or all of a shorter one.
pub(super) struct Beginning {
    word: u64,
    mask: u64,
    /// The tag has no more bytes.
    pub(super) is_all: bool,
}

impl Beginning {
    #[inline(always)]
    pub(super) fn of(bytes: &[u8]) -> Self {
        match word_at(bytes, 0) {
            Some(word) => Self {
                word,
                mask: u64::MAX,
                is_all: bytes.len() == 8,
            },
            None => Self {
                word: (bytes.iter().rev()).fold(0, |word, byte| word << 8 | u64::from(*byte)),
                mask: !(u64::MAX << (8 * bytes.len())),
                is_all: true,
            },
        }
    }

    #[inline(always)]
    pub(super) const fn is_that_of(&self, word: u64) -> bool {
        (word ^ self.word) & self.mask == 0
    }
}

/// Has no early exit, so that the compiler can use vector instructions.
pub(super) fn is_etagcs(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |all, &b| all & is_etagc(b))
}

/// Reports whether the bytes begin with the prefix. Most members of a list differ from the current
/// tag in the first byte or the last one, and cost no call.
#[inline]
pub(super) fn begins_with(bytes: &[u8], prefix: &[u8]) -> bool {
    let Some(last) = prefix.len().checked_sub(1) else {
        return true;
    };
    bytes.first() == prefix.first()
        && bytes.get(last) == prefix.get(last)
        && (last < 2 || bytes.starts_with(prefix))
}

/// Returns the bytes after the first separator.
pub(super) fn after(opaque: &[u8], separator: u8) -> Option<&[u8]> {
    // In a few bytes a call costs more than it saves.
    let at = if opaque.len() < 16 {
        opaque.iter().position(|byte| *byte == separator)?
    } else {
        memchr::memchr(separator, opaque)?
    };
    opaque.get(at + 1..)
}
