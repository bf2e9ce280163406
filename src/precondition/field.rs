use std::fmt;

use http::header::{
    HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE,
};

/// A conditional request field. The variants are in the order of evaluation (RFC 9110 section
/// 13.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// `If-Match` (section 13.1.1).
    IfMatch,
    /// `If-Unmodified-Since` (section 13.1.4).
    IfUnmodifiedSince,
    /// `If-None-Match` (section 13.1.2).
    IfNoneMatch,
    /// `If-Modified-Since` (section 13.1.3).
    IfModifiedSince,
    /// `If-Range` (section 13.1.5).
    IfRange,
}

impl Field {
    /// Returns the name of the field in its usual spelling.
    ///
    /// ```
    /// assert_eq!(tower_conditional::Field::IfNoneMatch.as_str(), "If-None-Match");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Field::IfMatch => "If-Match",
            Field::IfUnmodifiedSince => "If-Unmodified-Since",
            Field::IfNoneMatch => "If-None-Match",
            Field::IfModifiedSince => "If-Modified-Since",
            Field::IfRange => "If-Range",
        }
    }

    /// Returns the name of the field as the key of a [`HeaderMap`](http::HeaderMap).
    pub const fn header_name(self) -> HeaderName {
        match self {
            Field::IfMatch => IF_MATCH,
            Field::IfUnmodifiedSince => IF_UNMODIFIED_SINCE,
            Field::IfNoneMatch => IF_NONE_MATCH,
            Field::IfModifiedSince => IF_MODIFIED_SINCE,
            Field::IfRange => IF_RANGE,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
