use std::time::SystemTime;

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{ETAG, LAST_MODIFIED},
};

use crate::{EntityTag, HttpDate};

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
    /// A representation without validators: it exists, and that is all that is known.
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

    pub(crate) fn into_parts(self) -> (Option<EntityTag>, Option<HttpDate>) {
        (self.etag, self.last_modified)
    }

    pub(crate) fn take_etag(&mut self) -> Option<EntityTag> {
        self.etag.take()
    }

    /// The entity tag.
    pub const fn etag(&self) -> Option<&EntityTag> {
        self.etag.as_ref()
    }

    /// The modification date.
    pub const fn last_modified(&self) -> Option<HttpDate> {
        self.last_modified
    }
}

/// The validators of a response (RFC 9110 section 8.8).
///
/// An `ETag` that is not exactly one entity tag is none, and so is a `Last-Modified` that is not
/// exactly one date.
impl From<&HeaderMap> for Validators {
    fn from(headers: &HeaderMap) -> Self {
        Self {
            etag: only(headers, ETAG).and_then(|value| EntityTag::try_from(value).ok()),
            last_modified: only(headers, LAST_MODIFIED)
                .and_then(|value| HttpDate::parse(value.as_bytes(), SystemTime::now()).ok()),
        }
    }
}

fn only(headers: &HeaderMap, name: HeaderName) -> Option<&HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
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

/// What is known of the selected representation at the time of evaluation.
///
/// ```
/// use std::time::SystemTime;
/// use http::{header::IF_NONE_MATCH, HeaderMap, HeaderValue, Method};
/// use tower_conditional::{Current, Preconditions, Rules, Validators};
///
/// // Create, but never overwrite.
/// let headers = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static("*"))]);
/// let preconditions = Preconditions::new(&Method::PUT, &headers);
/// let performs = |current: Current<'_>| {
///     preconditions.evaluate(current, &Rules::RFC9110, SystemTime::now()).performs()
/// };
/// assert!(performs(Current::Missing));
/// assert!(!performs(Current::Present(&Validators::new())));
/// assert!(!performs(Current::Unknown));
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Current<'a> {
    /// There is one, with these validators.
    Present(&'a Validators),
    /// There is none.
    Missing,
    /// Nobody can tell.
    Unknown,
}

impl<'a> Current<'a> {
    /// The validators, if there is a representation.
    pub const fn validators(self) -> Option<&'a Validators> {
        match self {
            Current::Present(validators) => Some(validators),
            Current::Missing | Current::Unknown => None,
        }
    }
}
