use std::{error::Error, fmt};

use http::HeaderValue;

use super::fields;
use crate::etag::EntityTagRef;

/// Longer tags are not remembered: what a server sends must not fill the store.
const MAX_LENGTH: usize = 4096;

/// An entity tag as a server sent it, well-formed or not, which goes back byte for byte.
///
/// Some servers send tags without quotes (`55e84c0a` of RESTHeart, `W/eeee` of Ironic) or with
/// something behind them (`"abc"-gzip` of Apache 2.2), and want to see the same again. What would
/// not guard as `If-Match` is none: `*`, which matches whatever exists, and a list.
///
/// Two of them are equal when their bytes are. [`parsed`](Self::parsed) has the comparisons of
/// RFC 9110 section 8.8.3.2.
///
/// ```
/// use http::HeaderValue;
/// use tower_conditional::client::ServerTag;
///
/// let tag = ServerTag::new(HeaderValue::from_static("55e84c0ac2e66d1e3a8f46dd"))?;
/// assert!(tag.parsed().is_none(), "RFC 9110 wants quotes");
/// assert_eq!(tag.as_header_value(), "55e84c0ac2e66d1e3a8f46dd");
///
/// assert!(ServerTag::new(HeaderValue::from_static("*")).is_err());
/// # Ok::<(), tower_conditional::client::InvalidServerTag>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ServerTag(HeaderValue);

impl ServerTag {
    /// Checks that the value can stand as the only member of `If-Match`, and copies it: a field of a
    /// response keeps the buffer that the connection has read it into.
    ///
    /// # Errors
    ///
    /// When it is empty, `*`, longer than 4096 bytes, or not well-formed and with a comma inside
    /// or a blank at either end.
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

    /// The tag as the value of a field.
    pub const fn as_header_value(&self) -> &HeaderValue {
        &self.0
    }

    /// The bytes that the server sent.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The tag by RFC 9110 section 8.8.3, if it is well-formed.
    pub fn parsed(&self) -> Option<EntityTagRef<'_>> {
        EntityTagRef::parse(self.as_bytes()).ok()
    }

    /// Whether the tag begins with the weakness indicator `W/`, even if it is not well-formed.
    ///
    /// By RFC 9110 section 13.1.1 a weak tag in `If-Match` is never satisfied. Servers whose only
    /// tags are weak compare them anyhow.
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
    /// Bytes that are not UTF-8 become U+FFFD.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}

impl fmt::Debug for ServerTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerTag({})", self.as_bytes().escape_ascii())
    }
}

/// The field value cannot be echoed as the only member of `If-Match`.
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
        f.write_str("invalid tag of a server: expected ")?;
        match self.0 {
            Kind::Empty => f.write_str("at least one character"),
            Kind::Asterisk => f.write_str("a tag, found `*`, which matches whatever exists"),
            Kind::Blank => f.write_str("no blank at either end"),
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
