//! Entity tags from version numbers.

use bytes::Bytes;

use super::EntityTag;

impl EntityTag {
    /// Returns the strong entity tag `"<version>"`, for a resource that gets a new number with every
    /// change.
    ///
    /// [`version`](Self::version) reads the number back, for `UPDATE … WHERE version = ?`.
    ///
    /// A number must not occur twice, not even after the resource was deleted and created anew. If
    /// the counter can start again, use a random UUID instead, with `EntityTag::from_uuid` of the
    /// feature `uuid`.
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

    /// Returns the number between the quotes, if [`from_version`](Self::from_version) makes this tag.
    ///
    /// Other spellings of a number, such as `"07"`, are other tags and give `None`.
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
}
