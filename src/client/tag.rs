use std::{error::Error, fmt};

use http::HeaderValue;

use super::fields;
use crate::etag::EntityTagRef;

/// Longer tags are not remembered, so that a server cannot fill the store.
const MAX_LENGTH: usize = 4096;

/// An entity tag exactly as a server sent it, well-formed or not.
///
/// Some servers send tags without quotes (`55e84c0a` of RESTHeart, `W/eeee` of Ironic) or with a
/// suffix after the quotes (`"abc"-gzip` of Apache 2.2), and expect the same bytes back. Values
/// that would not guard a write are rejected: `*`, which matches any representation, and lists.
///
/// Two tags are equal if their bytes are equal. For strong and weak comparison (RFC 9110 section
/// 8.8.3.2) use [`parsed`](Self::parsed).
///
/// ```
/// use http::HeaderValue;
/// use tower_conditional::client::ServerTag;
///
/// let tag = ServerTag::new(HeaderValue::from_static("55e84c0ac2e66d1e3a8f46dd"))?;
/// assert!(tag.parsed().is_none(), "a well-formed tag has quotes");
/// assert_eq!(tag.as_header_value(), "55e84c0ac2e66d1e3a8f46dd");
///
/// assert!(ServerTag::new(HeaderValue::from_static("*")).is_err());
/// # Ok::<(), tower_conditional::client::InvalidServerTag>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ServerTag(HeaderValue);

impl ServerTag {
    /// Creates a tag from the value of `ETag`.
    ///
    /// The bytes are copied. A field value of a response otherwise keeps the buffer alive that the
    /// connection was read into.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be the only member of `If-Match`: if it is empty, `*`,
    /// longer than 4096 bytes, or if it is not well-formed (RFC 9110 section 8.8.3) and has a comma
    /// in it, or a space or tab at either end.
    pub fn new(value: HeaderValue) -> Result<Self, InvalidServerTag> {
        let bytes = value.as_bytes();
        if bytes.len() > MAX_LENGTH {
            return Err(InvalidServerTag(Kind::TooLong));
        }
        if EntityTagRef::parse(bytes).is_ok() {
            return Ok(Self(fields::detached(&value)));
        }
        match bytes {
            [] => Err(InvalidServerTag(Kind::Empty)),
            b"*" => Err(InvalidServerTag(Kind::Asterisk)),
            [b' ' | b'\t', ..] | [.., b' ' | b'\t'] => Err(InvalidServerTag(Kind::Blank)),
            _ if bytes.contains(&b',') => Err(InvalidServerTag(Kind::List)),
            _ => Ok(Self(fields::detached(&value))),
        }
    }

    /// Returns the tag as a field value.
    pub const fn as_header_value(&self) -> &HeaderValue {
        &self.0
    }

    /// Returns the bytes that the server sent.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Returns the tag in parsed form, or `None` if it is not well-formed (RFC 9110 section 8.8.3).
    pub fn parsed(&self) -> Option<EntityTagRef<'_>> {
        EntityTagRef::parse(self.as_bytes()).ok()
    }

    /// Reports whether the tag begins with `W/`, even if it is not well-formed.
    ///
    /// `If-Match` uses strong comparison (RFC 9110 section 13.1.1), which a weak tag never
    /// satisfies. Servers that have only weak tags use weak comparison instead.
    pub fn is_weak(&self) -> bool {
        self.as_bytes().starts_with(b"W/")
    }
}

impl From<ServerTag> for HeaderValue {
    fn from(tag: ServerTag) -> Self {
        tag.0
    }
}

impl TryFrom<HeaderValue> for ServerTag {
    type Error = InvalidServerTag;

    fn try_from(value: HeaderValue) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

impl fmt::Display for ServerTag {
    /// Writes the tag. Bytes that are not UTF-8 are replaced by U+FFFD.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}

impl fmt::Debug for ServerTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerTag({})", self.as_bytes().escape_ascii())
    }
}

/// Error for a value that cannot be the only member of `If-Match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidServerTag(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Empty,
    Asterisk,
    Blank,
    List,
    TooLong,
}

impl fmt::Display for InvalidServerTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid entity tag: expected ")?;
        match self.0 {
            Kind::Empty => f.write_str("at least one character"),
            Kind::Asterisk => f.write_str("a tag, found `*`, which matches any representation"),
            Kind::Blank => f.write_str("no space or tab at either end"),
            Kind::List => f.write_str("one tag, found a comma outside of quotes"),
            Kind::TooLong => write!(f, "at most {MAX_LENGTH} bytes"),
        }
    }
}

impl Error for InvalidServerTag {}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_tag_does_not_keep_the_buffer_it_came_in() {
        for tag in ["\"1\"", "55e84c0a"] {
            let buffer = Bytes::from(format!("{tag}and much more"));
            let mut value = HeaderValue::from_maybe_shared(buffer.slice(..tag.len())).unwrap();
            value.set_sensitive(true);
            let tag = ServerTag::new(value).unwrap();
            assert!(buffer.is_unique());
            assert!(tag.as_header_value().is_sensitive());
        }
    }
}
