//! Entity tags from the outputs of digests, in lower-case hexadecimal.

use super::EntityTag;

/// Separates the read half from the write half. It is not a hexadecimal digit.
const SEPARATOR: u8 = b'-';

impl EntityTag {
    /// Returns the strong entity tag `"<output>"`, with the output of a digest in lower-case
    /// hexadecimal.
    ///
    /// This function does not hash: pass the output of a hash function, not the content. Any hash
    /// function that makes collisions infeasible will do. The tag depends on the output alone: it
    /// is the same in every process, on every platform and in every release of this crate.
    ///
    /// The tag is a strong validator (RFC 9110 section 8.8.1) if the hashed bytes are the content
    /// as it is sent. A content coding changes the bytes, and the coded content needs another tag
    /// (section 8.8.3.3). If the hashed bytes are not the content but determine its meaning, such
    /// as those of a database row, make the tag weak with [`into_weak`](Self::into_weak).
    ///
    /// ```
    /// use sha2::{Digest, Sha256};
    /// use tower_conditional::EntityTag;
    ///
    /// // `printf abc | sha256sum` prints the same digits.
    /// let tag = EntityTag::from_digest(Sha256::digest("abc"));
    /// assert_eq!(
    ///     tag.to_string(),
    ///     "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"",
    /// );
    ///
    /// // Content can be hashed piece by piece, while it is read or written.
    /// let mut hasher = Sha256::new();
    /// hasher.update("a");
    /// hasher.update("bc");
    /// assert!(EntityTag::from_digest(hasher.finalize()).strong_eq(&tag));
    /// ```
    pub fn from_digest(output: impl AsRef<[u8]>) -> Self {
        hexadecimal(&[output.as_ref()])
    }

    /// Returns the strong entity tag `"<read>-<write>"`, with the outputs of two digests in
    /// lower-case hexadecimal.
    ///
    /// The read half is of what clients cannot write, the write half of what they can.
    /// [`Rules::split_tags('-')`](crate::Rules::split_tags) compares such tags. Like
    /// [`from_digest`](Self::from_digest), this function does not hash.
    ///
    /// ```
    /// use sha2::{Digest, Sha256};
    /// use tower_conditional::EntityTag;
    ///
    /// let tag = EntityTag::from_digest_halves([0x2F, 0x1A], [0x9C, 0x04]);
    /// assert_eq!(tag.as_bytes(), b"\"2f1a-9c04\"");
    ///
    /// let title = Sha256::digest("It crashes");
    /// let before = EntityTag::from_digest_halves(Sha256::digest("last message at 10:00"), title);
    /// let after = EntityTag::from_digest_halves(Sha256::digest("last message at 10:05"), title);
    ///
    /// let write_half = |tag: &EntityTag| tag.opaque()[64..].to_vec();
    /// assert!(!after.strong_eq(&before));
    /// assert_eq!(write_half(&after), write_half(&before));
    /// ```
    pub fn from_digest_halves(read: impl AsRef<[u8]>, write: impl AsRef<[u8]>) -> Self {
        hexadecimal(&[read.as_ref(), write.as_ref()])
    }
}

/// Returns the strong tag with these parts in hexadecimal, and the separator between them.
fn hexadecimal(parts: &[&[u8]]) -> EntityTag {
    let digits: usize = parts.iter().map(|part| 2 * part.len()).sum();
    let mut opaque_tag = Vec::with_capacity(digits + parts.len() + 1);
    opaque_tag.push(b'"');
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            opaque_tag.push(SEPARATOR);
        }
        let start = opaque_tag.len();
        opaque_tag.resize(start + 2 * part.len(), 0);
        for (digits, byte) in opaque_tag[start..].chunks_exact_mut(2).zip(*part) {
            digits[0] = digit(byte >> 4);
            digits[1] = digit(byte & 0xF);
        }
    }
    opaque_tag.push(b'"');
    EntityTag::from_checked(opaque_tag.into())
}

/// Returns the digit without a table, so that the compiler can use vector instructions.
const fn digit(nibble: u8) -> u8 {
    let letters = if nibble > 9 { b'a' - b'0' - 10 } else { 0 };
    b'0' + nibble + letters
}
