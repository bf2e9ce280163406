//! Entity tags from digests: a content hash, in lower-case hexadecimal.

use digest::Digest;

use super::{EntityTag, EntityTagRef};

/// Between the read and the write half of a tag made from two digests: no hexadecimal digit.
const SEPARATOR: u8 = b'-';

impl EntityTag {
    /// The strong entity tag `"<digest of bytes>"`, in lower-case hexadecimal.
    ///
    /// The digest is any of RustCrypto's. The tag depends on the bytes and the algorithm alone: it
    /// is the same in every process, on every platform and in every release of this crate.
    ///
    /// It is a strong validator (RFC 9110 section 8.8.1) if `bytes` are the content as it is
    /// sent. A content-coding makes other bytes, which need another tag (section 8.8.3.3).
    ///
    /// ```
    /// use sha2::Sha256;
    /// use tower_conditional::EntityTag;
    ///
    /// // The same as `printf abc | sha256sum`.
    /// let tag = EntityTag::from_digest::<Sha256>(b"abc");
    /// assert_eq!(
    ///     tag.to_string(),
    ///     "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"",
    /// );
    /// ```
    pub fn from_digest<D: Digest>(bytes: impl AsRef<[u8]>) -> Self {
        Self::from_digest_output(D::digest(bytes))
    }

    /// The weak entity tag `W/"<digest of bytes>"`, in lower-case hexadecimal.
    ///
    /// For bytes that are not the content itself but decide what it means, say those of a row from
    /// which several media types are rendered (RFC 9110 section 8.8.1).
    ///
    /// ```
    /// use sha2::Sha256;
    /// use tower_conditional::EntityTag;
    ///
    /// let tag = EntityTag::weak_from_digest::<Sha256>(b"abc");
    /// assert!(tag.is_weak());
    /// assert!(tag.weak_eq(&EntityTag::from_digest::<Sha256>(b"abc")));
    /// ```
    pub fn weak_from_digest<D: Digest>(bytes: impl AsRef<[u8]>) -> Self {
        Self::weak_from_digest_output(D::digest(bytes))
    }

    /// The strong entity tag of a digest that is already calculated, in lower-case hexadecimal.
    ///
    /// With it content is hashed piece by piece, while it is written or read. The bytes are not
    /// hashed again, and may come from any hash function, not only from RustCrypto's.
    ///
    /// ```
    /// use sha2::{Digest, Sha256};
    /// use tower_conditional::EntityTag;
    ///
    /// let mut hasher = Sha256::new();
    /// for piece in ["a", "bc"] {
    ///     hasher.update(piece);
    /// }
    /// let tag = EntityTag::from_digest_output(hasher.finalize());
    /// assert!(tag.strong_eq(&EntityTag::from_digest::<Sha256>(b"abc")));
    /// ```
    pub fn from_digest_output(output: impl AsRef<[u8]>) -> Self {
        hexadecimal(&[output.as_ref()], false)
    }

    /// The weak entity tag of a digest that is already calculated, in lower-case hexadecimal.
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    ///
    /// let tag = EntityTag::weak_from_digest_output([0x0B, 0xAD]);
    /// assert_eq!(tag.as_bytes(), b"W/\"0bad\"");
    /// ```
    pub fn weak_from_digest_output(output: impl AsRef<[u8]>) -> Self {
        hexadecimal(&[output.as_ref()], true)
    }

    /// The strong entity tag `"<digest of read>-<digest of write>"`: one half for what clients
    /// cannot write, one for what they can.
    ///
    /// [`Rules::split_tags('-')`](crate::Rules::split_tags) compares such tags.
    ///
    /// ```
    /// use sha2::Sha256;
    /// use tower_conditional::EntityTag;
    ///
    /// let before = EntityTag::split_from_digest::<Sha256>("last message at 10:00", "title");
    /// let after = EntityTag::split_from_digest::<Sha256>("last message at 10:05", "title");
    ///
    /// let write_half = |tag: &EntityTag| tag.opaque()[64..].to_vec();
    /// assert!(!after.strong_eq(&before));
    /// assert_eq!(write_half(&after), write_half(&before));
    /// ```
    pub fn split_from_digest<D: Digest>(read: impl AsRef<[u8]>, write: impl AsRef<[u8]>) -> Self {
        Self::split_from_digest_outputs(D::digest(read), D::digest(write))
    }

    /// The strong entity tag `"<read>-<write>"` of two digests that are already calculated, each in
    /// lower-case hexadecimal.
    ///
    /// ```
    /// use tower_conditional::EntityTag;
    ///
    /// let tag = EntityTag::split_from_digest_outputs([0x2F, 0x1A], [0x9C, 0x04]);
    /// assert_eq!(tag.as_bytes(), b"\"2f1a-9c04\"");
    /// ```
    pub fn split_from_digest_outputs(read: impl AsRef<[u8]>, write: impl AsRef<[u8]>) -> Self {
        hexadecimal(&[read.as_ref(), write.as_ref()], false)
    }
}

/// The parts in lower-case hexadecimal, with the separator between them.
fn hexadecimal(parts: &[&[u8]], weak: bool) -> EntityTag {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digits: usize = parts.iter().map(|part| 2 * part.len()).sum();
    let mut opaque_tag = Vec::with_capacity(digits + parts.len() + 1);
    opaque_tag.push(b'"');
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            opaque_tag.push(SEPARATOR);
        }
        for byte in *part {
            opaque_tag.push(DIGITS[usize::from(byte >> 4)]);
            opaque_tag.push(DIGITS[usize::from(byte & 0xF)]);
        }
    }
    opaque_tag.push(b'"');
    EntityTagRef::new_unchecked(&opaque_tag, weak).to_entity_tag()
}
