//! Entity tags: the values of `ETag`, and the members of `If-Match` and `If-None-Match`
//! (RFC 9110 section 8.8.3).
//!
//! [`EntityTag`] owns a tag, [`EntityTagRef`] borrows one from a field line, and [`EntityTags`]
//! iterates over the tags of a list.
//!
//! ```
//! use http::{header::IF_NONE_MATCH, HeaderMap, HeaderValue};
//! use tower_conditional::{etag::EntityTags, EntityTag};
//!
//! let current = EntityTag::from_version(7);
//!
//! let mut headers = HeaderMap::new();
//! headers.append(IF_NONE_MATCH, HeaderValue::from_static("\"5\", \"6\""));
//! headers.append(IF_NONE_MATCH, HeaderValue::from_static("W/\"7\""));
//! let mut known = EntityTags::new(headers.get_all(IF_NONE_MATCH));
//! assert!(known.any(|tag| tag.weak_eq(current.to_ref())));
//! ```
//!
//! # Where tags come from
//!
//! | a resource has | its tag | feature |
//! |---|---|---|
//! | a number that changes with every change | [`EntityTag::from_version`] | |
//! | a revision string | [`EntityTag::strong`] | |
//! | a UUID that changes with every change | `EntityTag::from_uuid` | `uuid` |
//! | content that can be hashed | [`EntityTag::from_digest`] | |
//! | a value that serializes | `EntityTag::from_json`, `JsonTag` | `json` |
//! | read-only and writable parts | [`EntityTag::from_halves`], [`EntityTag::from_digest_halves`], `JsonTag::split_tag` | |
//! | data that several contents are rendered from | any of these, and [`EntityTag::into_weak`] | |
//!
//! With the feature `serde` an [`EntityTag`] serializes as a string. With the feature `headers` it
//! converts from and to the typed `ETag` of the `headers` crate, and to `IfMatch`, `IfNoneMatch` and
//! `IfRange`, which do not give their tags back.
//!
//! # Rules
//!
//! 1. A tag is an opaque-tag in double quotes, with or without the weakness indicator `W/` before it.
//!    Parsing accepts this and nothing else: no blanks around it, no missing quotes, no `w/`.
//! 2. Any visible character other than the double quote is part of the opaque-tag, and so are the
//!    bytes 0x80 to 0xFF. A backslash does not escape the next character.
//! 3. There are two comparisons (section 8.8.3.2). Under strong comparison two tags are equivalent
//!    if both are strong and their opaque-tags are the same bytes. Under weak comparison the
//!    opaque-tags alone decide. `If-Match` and `If-Range` use the strong one, `If-None-Match` the
//!    weak one. No type of this module implements `==`, so that the choice is explicit.
//! 4. A list is split at the commas outside double quotes, on each line of the field. Empty and
//!    malformed members are skipped.
//!
//! # Caveats
//!
//! - A strong tag promises that the content is the same byte for byte. Content that is compressed on
//!   the way needs another tag (section 8.8.3.3).
//! - A weak tag never satisfies `If-Match`, so it guards no write, except under
//!   [`Rules::weak_if_match`](crate::Rules::weak_if_match).
//! - A tag must not be used again for another content of the same resource. A counter that starts
//!   again after a deletion breaks this rule.
//! - [`EntityTag::from_digest`] takes the output of a digest. It does not hash.
//!
//! # Links
//!
//! - [RFC 9110 section 8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3), entity tags
//! - [RFC 9110 section 8.8.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1), weak and strong
//!   validators
//! - [RFC 8785](https://www.rfc-editor.org/rfc/rfc8785), the JSON Canonicalization Scheme

mod borrowed;
mod digest;
mod error;
#[cfg(feature = "headers")]
mod headers;
#[cfg(feature = "json")]
mod json;
mod list;
mod member;
mod owned;
mod search;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "uuid")]
mod uuid;
mod version;
mod walk;
mod word;

#[cfg(feature = "json")]
#[cfg_attr(docsrs, doc(cfg(feature = "json")))]
pub use self::json::{JsonTag, JsonTagError};
pub use self::{
    borrowed::EntityTagRef, error::InvalidEntityTag, list::EntityTags, owned::EntityTag,
    version::Version,
};
pub(crate) use self::{
    borrowed::is_etagc,
    list::{Comparison, Lines, Pieces, contains, is_asterisk},
    member::{Start, Starts, after_malformed},
    search::PiecesWith,
    walk::{LONG_LINE, LONG_TAG},
    word::{word_at, zero_bytes},
};
