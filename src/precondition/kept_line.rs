//! The commonest precondition of a read, kept until the response is there.

use http::{HeaderMap, HeaderValue, header::IF_NONE_MATCH};

use super::{Field, Fields, Rules, Validators};
use crate::etag::{Comparison, Lines, contains, is_asterisk};

/// The only line of `If-None-Match`. A copy of it costs less than a map of header fields.
#[derive(Debug)]
pub(crate) struct KeptLine(HeaderValue);

impl KeptLine {
    /// Copies the line if it decides whether a read becomes a 304: if the request has no other one,
    /// and tags are compared as RFC 9110 says.
    #[inline]
    pub(crate) fn of(headers: &HeaderMap, fields: Fields, rules: &Rules) -> Option<Self> {
        if rules.tolerant || !fields.contains(Field::IfNoneMatch) {
            return None;
        }
        match Lines::of(headers, &IF_NONE_MATCH) {
            Lines::One(line) => Some(Self(line.clone())),
            Lines::All(_) => None,
        }
    }

    /// Reports whether the line matches a representation with these validators, so that its
    /// precondition is false.
    #[inline]
    pub(crate) fn matches(&self, current: &Validators) -> bool {
        let lines = Lines::One(&self.0);
        let named = |etag| contains(&lines, etag, Comparison::Weak);
        current.etag().is_some_and(|etag| named(etag.to_ref())) || is_asterisk(&lines)
    }
}
