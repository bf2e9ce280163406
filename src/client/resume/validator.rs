use std::time::SystemTime;

use http::{
    HeaderMap, HeaderValue,
    header::{DATE, ETAG, LAST_MODIFIED},
};

use super::fields;
use crate::{EntityTag, HttpDate};

/// The difference between Date and Last-Modified from which on clocks that are not the same do not
/// matter. RFC 9110 section 8.8.2.2 leaves it open; RFC 7232 said a minute.
const APART: i64 = 60;

/// What may be sent in `If-Range`.
#[derive(Clone, Debug)]
pub(super) enum Validator {
    Tag(EntityTag),
    Date(HttpDate),
}

impl Validator {
    /// A strong entity tag; or, of a response that has no tag at all, a modification date that is
    /// a strong validator (RFC 9110 section 13.1.5).
    pub(super) fn strong(headers: &HeaderMap) -> Option<Self> {
        if headers.contains_key(ETAG) {
            let tag = EntityTag::try_from(fields::only(headers, &ETAG)?).ok()?;
            return (!tag.is_weak()).then_some(Self::Tag(tag));
        }
        let now = SystemTime::now();
        let date = |name| HttpDate::parse(fields::only(headers, name)?.as_bytes(), now).ok();
        let modified = date(&LAST_MODIFIED)?;
        let apart = date(&DATE)?.unix_seconds() - modified.unix_seconds();
        (apart >= APART).then_some(Self::Date(modified))
    }

    pub(super) fn to_field(&self) -> HeaderValue {
        match self {
            Self::Tag(tag) => tag.into(),
            Self::Date(date) => (*date).into(),
        }
    }

    /// Whether a 206 is of the same representation, as far as it says. It has to repeat its
    /// validators only if the request had no If-Range (RFC 9110 section 15.3.7).
    pub(super) fn agrees_with(&self, headers: &HeaderMap) -> bool {
        match self {
            Self::Tag(tag) => {
                !headers.contains_key(ETAG)
                    || fields::only(headers, &ETAG)
                        .and_then(|value| EntityTag::try_from(value).ok())
                        .is_some_and(|told| told.strong_eq(tag))
            }
            Self::Date(date) => {
                !headers.contains_key(LAST_MODIFIED)
                    || fields::only(headers, &LAST_MODIFIED)
                        .and_then(|value| HttpDate::parse(value.as_bytes(), SystemTime::now()).ok())
                        .is_some_and(|told| told == *date)
            }
        }
    }
}
