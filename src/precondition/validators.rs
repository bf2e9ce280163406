use http::{
    HeaderMap, HeaderValue,
    header::{ETAG, LAST_MODIFIED},
};

use crate::{
    date::HttpDate,
    etag::{EntityTag, EntityTagRef},
    fields::{only_line, trim},
};

/// The validators of a selected representation: its entity tag and its modification date
/// (RFC 9110 section 8.8). Either may be absent.
///
/// ```
/// use tower_conditional::{EntityTag, Validators};
///
/// let validators = Validators::new().with_etag(EntityTag::from_version(3));
/// assert_eq!(validators.etag().and_then(EntityTag::version), Some(3));
/// assert!(validators.last_modified().is_none());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Validators {
    etag: Option<EntityTag>,
    last_modified: Option<HttpDate>,
}

impl Validators {
    /// Creates an empty set of validators, for a representation that exists but has none.
    pub const fn new() -> Self {
        Self {
            etag: None,
            last_modified: None,
        }
    }

    /// Sets the entity tag.
    #[must_use]
    pub fn with_etag(mut self, etag: EntityTag) -> Self {
        self.etag = Some(etag);
        self
    }

    /// Sets the modification date.
    #[must_use]
    pub fn with_last_modified(mut self, date: HttpDate) -> Self {
        self.last_modified = Some(date);
        self
    }

    /// Puts two validators together.
    #[inline]
    pub(crate) const fn from_parts(
        etag: Option<EntityTag>,
        last_modified: Option<HttpDate>,
    ) -> Self {
        Self {
            etag,
            last_modified,
        }
    }

    /// Unwraps both validators.
    #[cfg(any(feature = "axum", feature = "lock"))]
    pub(crate) fn into_parts(self) -> (Option<EntityTag>, Option<HttpDate>) {
        (self.etag, self.last_modified)
    }

    /// Removes and returns the entity tag.
    pub(crate) fn take_etag(&mut self) -> Option<EntityTag> {
        self.etag.take()
    }

    /// Returns the entity tag.
    pub const fn etag(&self) -> Option<&EntityTag> {
        self.etag.as_ref()
    }

    /// Borrows the modification date, which is too large to be copied where time counts.
    #[inline]
    pub(crate) const fn date(&self) -> Option<&HttpDate> {
        self.last_modified.as_ref()
    }

    /// Returns the modification date.
    pub const fn last_modified(&self) -> Option<HttpDate> {
        self.last_modified
    }
}

/// Reads the validators of a response (RFC 9110 section 8.8).
///
/// An `ETag` that is not exactly one entity tag is ignored, and so is a `Last-Modified` that is not
/// exactly one date. Blanks around them do not count.
impl From<&HeaderMap> for Validators {
    fn from(headers: &HeaderMap) -> Self {
        if headers.len() == headers.keys_len() && headers.len() <= FEW {
            return of_few(headers);
        }
        Self {
            etag: only_line(headers, ETAG).and_then(entity_tag),
            last_modified: HttpDate::of_field(headers, LAST_MODIFIED),
        }
    }
}

/// The number of fields above which two look-ups are cheaper than one pass over all names.
const FEW: usize = 16;

/// Does the same in one pass. No field has two lines.
fn of_few(headers: &HeaderMap) -> Validators {
    let (mut etag, mut last_modified) = (None, None);
    for (name, line) in headers {
        if *name == ETAG {
            etag = Some(line);
        } else if *name == LAST_MODIFIED {
            last_modified = Some(line);
        }
    }
    Validators {
        etag: etag.and_then(entity_tag),
        last_modified: last_modified.and_then(HttpDate::of_line),
    }
}

/// Reads a line that is exactly one entity tag, without the blanks around it.
#[inline(always)]
pub(crate) fn entity_tag(value: &HeaderValue) -> Option<EntityTag> {
    // Few fields have blanks around their value.
    match EntityTag::try_from(value) {
        Ok(etag) => Some(etag),
        Err(_) => {
            (EntityTagRef::parse(trim(value.as_bytes())).ok()).map(EntityTagRef::to_entity_tag)
        }
    }
}

impl From<EntityTag> for Validators {
    fn from(etag: EntityTag) -> Self {
        Self::new().with_etag(etag)
    }
}

impl From<HttpDate> for Validators {
    fn from(date: HttpDate) -> Self {
        Self::new().with_last_modified(date)
    }
}
