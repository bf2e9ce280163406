use std::{borrow::Cow, error::Error, fmt};

use bytes::Buf;
use http::{
    HeaderMap, HeaderValue,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use http_body::Body;
use serde_json::Value;

use super::ServerTag;
use crate::fields::{media_type_essence, only_line};

/// Where JSON responses have their entity tag.
///
/// Some services put the tag into the body as well as, or instead of, the `ETag` field. Proxies
/// that compress rewrite the field, but never the body, so the tag in the body is the better guard.
///
/// | service | pointer |
/// |---|---|
/// | Redfish, OData | `/@odata.etag` |
/// | Launchpad | `/http_etag` |
/// | RESTHeart | `/_etag/$oid` |
///
/// A body is searched if its `Content-Type` is `application/json` or ends in `+json` (RFC 6839), it
/// has no content coding, and it is not larger than the [`limit`](Self::limit). It is searched
/// while the caller reads it, and the tag is known once the caller has read it to its end. See
/// [`KnownValidators`](super::KnownValidators#tags-in-response-bodies) for how to get at the tag.
///
/// ```
/// use tower_conditional::client::{BodyTag, ConditionalClientLayer};
///
/// let layer = ConditionalClientLayer::new()
///     .body_tag(BodyTag::at("/@odata.etag")?.limit(64 * 1024));
/// # Ok::<(), tower_conditional::client::InvalidPointer>(())
/// ```
#[derive(Clone, Debug)]
pub struct BodyTag {
    pointer: Cow<'static, str>,
    limit: usize,
}

impl BodyTag {
    /// Looks for the tag at a JSON pointer (RFC 6901), in bodies of at most 256 KiB.
    ///
    /// A value that is not a string, or not a valid [`ServerTag`], is ignored.
    ///
    /// # Errors
    ///
    /// Returns an error if `pointer` is not a JSON pointer.
    pub fn at(pointer: impl Into<Cow<'static, str>>) -> Result<Self, InvalidPointer> {
        let pointer = pointer.into();
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return Err(InvalidPointer(Kind::Slash));
        }
        if pointer
            .split('~')
            .skip(1)
            .any(|rest| !rest.starts_with(['0', '1']))
        {
            return Err(InvalidPointer(Kind::Tilde));
        }
        Ok(Self {
            pointer,
            limit: 256 * 1024,
        })
    }

    /// Sets the size in bytes of the largest body that is searched. Larger bodies are passed on to
    /// the caller, but not searched.
    #[must_use]
    pub const fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Returns what can be expected of the body of a complete response.
    pub(super) fn prospect<B: Body>(&self, headers: &HeaderMap, body: &B) -> Prospect {
        if body.is_end_stream() || !only_line(headers, CONTENT_TYPE).is_some_and(is_json) {
            return Prospect::None;
        }
        let fits = usize::try_from(body.size_hint().lower()).is_ok_and(|least| least <= self.limit);
        match fits && is_identity(headers) {
            true => Prospect::Readable,
            false => Prospect::Unreadable,
        }
    }

    /// Returns the tag in a complete body.
    pub(super) fn find(&self, json: &[u8]) -> Option<ServerTag> {
        if json.len() > self.limit {
            return None;
        }
        let json: Value = serde_json::from_slice(json).ok()?;
        let tag = json.pointer(&self.pointer)?.as_str()?;
        ServerTag::new(HeaderValue::from_bytes(tag.as_bytes()).ok()?).ok()
    }
}

/// The place of the tag, in the extensions of a response whose body can have one. With it, a caller
/// that has collected the body finds the tag, even if other layers have wrapped the body.
#[derive(Clone, Debug)]
pub(super) struct TagPlace(BodyTag);

impl TagPlace {
    pub(super) const fn new(place: BodyTag) -> Self {
        Self(place)
    }

    pub(super) fn find(&self, json: &[u8]) -> Option<ServerTag> {
        self.0.find(json)
    }
}

/// What can be expected of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prospect {
    /// It has no tag.
    None,
    /// It may have a tag.
    Readable,
    /// It may have a tag, but is coded or too large.
    Unreadable,
}

fn is_identity(headers: &HeaderMap) -> bool {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Reports whether a media type is `application/json`, or has the suffix `+json` (RFC 6839).
fn is_json(content_type: &HeaderValue) -> bool {
    let essence = media_type_essence(content_type);
    let suffix = essence.len().saturating_sub(b"+json".len());
    essence.eq_ignore_ascii_case(b"application/json")
        || essence[suffix..].eq_ignore_ascii_case(b"+json")
}

/// The data of a body, copied up to the limit.
#[derive(Debug)]
pub(super) struct Copied {
    bytes: Vec<u8>,
}

impl Copied {
    pub(super) const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// Copies data without consuming it. Returns whether that was possible within the limit.
    #[must_use]
    pub(super) fn copy(&mut self, data: &impl Buf, place: &BodyTag) -> bool {
        let chunk = data.chunk();
        // Data that a `Buf` does not show in one piece cannot be read without consuming it.
        let whole = chunk.len() == data.remaining();
        let fits = chunk.len() <= place.limit - self.bytes.len();
        if whole && fits {
            self.bytes.extend_from_slice(chunk);
        }
        whole && fits
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Error for a string that is not a JSON pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPointer(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Slash,
    Tilde,
}

impl fmt::Display for InvalidPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Slash => "invalid JSON pointer: expected nothing, or `/` at the beginning",
            Kind::Tilde => "invalid JSON pointer: expected `0` or `1` after `~`",
        })
    }
}

impl Error for InvalidPointer {}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[track_caller]
    fn found(pointer: &'static str, json: &str) -> Option<String> {
        let place = BodyTag::at(pointer).unwrap();
        place.find(json.as_bytes()).map(|tag| tag.to_string())
    }

    #[test]
    fn finds_tags_of_the_services_that_are_known() {
        let redfish = r#"{"@odata.etag": "W/\"1\""}"#;
        assert_eq!(found("/@odata.etag", redfish).unwrap(), "W/\"1\"");
        let restheart = r#"{"_etag": {"$oid": "55e84c0a"}}"#;
        assert_eq!(found("/_etag/$oid", restheart).unwrap(), "55e84c0a");
    }

    #[test]
    fn what_cannot_be_sent_back_is_no_tag() {
        for json in [
            r#"{"etag": ""}"#,
            r#"{"etag": "*"}"#,
            r#"{"etag": 1}"#,
            r#"{"etag": "a\nb"}"#,
            r#"{"etag": "a, b"}"#,
            r#"{}"#,
            r#"{"etag": "a""#,
        ] {
            assert_eq!(found("/etag", json), None, "{json}");
        }
    }

    #[test]
    fn pointers_are_checked() {
        assert!(BodyTag::at("").is_ok());
        assert!(BodyTag::at("/a~1b~0").is_ok());
        assert_eq!(
            BodyTag::at("etag").unwrap_err(),
            InvalidPointer(Kind::Slash)
        );
        assert_eq!(
            BodyTag::at("/a~2").unwrap_err(),
            InvalidPointer(Kind::Tilde)
        );
        assert_eq!(BodyTag::at("/a~").unwrap_err(), InvalidPointer(Kind::Tilde));
    }

    #[test]
    fn json_by_media_type() {
        for (value, json) in [
            ("application/json", true),
            ("Application/JSON ; charset=utf-8", true),
            ("application/hal+json", true),
            ("text/plain", false),
            ("json", false),
            ("", false),
        ] {
            assert_eq!(is_json(&HeaderValue::from_static(value)), json, "{value}");
        }
    }

    #[test]
    fn a_buffer_in_two_pieces_is_not_copied() {
        let place = BodyTag::at("/etag").unwrap();
        let two = Bytes::from_static(b"{").chain(Bytes::from_static(b"}"));
        assert!(!Copied::new().copy(&two, &place));
    }
}
