//! Lists of entity tags over all lines of a field (RFC 9110 sections 5.6.1 and 13.1.1).
//!
//! A field line is split at the commas outside double quotes. A backslash does not escape the next
//! byte: section 8.8.3 has no quoted-pair. A piece is a member if it is exactly one entity tag,
//! with or without blanks around it. Empty pieces are ignored, and malformed ones are skipped. If a
//! quote is never closed, the piece extends to the end of its line, but not to the next line.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{GetAll, ValueIter},
};

use super::{
    EntityTagRef,
    walk::{line_contains, piece_end, skip_separators},
};
use crate::fields::trim;

/// An iterator over the entity tags of an `If-Match` or `If-None-Match` field, on all its lines.
///
/// The tags borrow from the field lines. Malformed members are skipped, and so is `*`, which is not
/// an entity tag.
///
/// ```
/// use http::{header::IF_NONE_MATCH, HeaderMap, HeaderValue};
/// use tower_conditional::etag::EntityTags;
///
/// let mut headers = HeaderMap::new();
/// headers.append(IF_NONE_MATCH, HeaderValue::from_static("\"a,b\",, unquoted, W/\"c\""));
/// headers.append(IF_NONE_MATCH, HeaderValue::from_static("\"d\""));
///
/// let tags: Vec<_> = EntityTags::new(headers.get_all(IF_NONE_MATCH))
///     .map(|tag| tag.opaque())
///     .collect();
/// assert_eq!(tags, [&b"a,b"[..], b"c", b"d"]);
/// ```
#[derive(Debug)]
pub struct EntityTags<'a> {
    pieces: Pieces<'a>,
}

impl<'a> EntityTags<'a> {
    /// Creates an iterator over the members of these field lines.
    pub fn new(lines: GetAll<'a, HeaderValue>) -> Self {
        Self {
            pieces: Pieces::new(&Lines::All(lines)),
        }
    }
}

impl<'a> Iterator for EntityTags<'a> {
    type Item = EntityTagRef<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.pieces
            .find_map(|piece| EntityTagRef::parse(piece).ok())
    }
}

/// The lines of a field.
pub(crate) enum Lines<'a> {
    /// The only line, as in nearly every request. There is nothing to iterate over.
    One(&'a HeaderValue),
    All(GetAll<'a, HeaderValue>),
}

impl<'a> Lines<'a> {
    #[inline]
    pub(crate) fn of(headers: &'a HeaderMap, name: &HeaderName) -> Self {
        /// Up to this number of fields, comparing names costs less than hashing one.
        const FEW: usize = 3;
        // There are as many lines as names, so no field has two lines.
        if headers.len() == headers.keys_len() {
            let line = match headers.len() {
                0..=FEW => among_few(headers, name),
                _ => headers.get(name),
            };
            if let Some(line) = line {
                return Lines::One(line);
            }
        }
        Lines::All(headers.get_all(name))
    }

    /// Returns the first result of the closure that is not `None`, over all lines.
    pub(crate) fn find_map<T>(&self, mut f: impl FnMut(&'a [u8]) -> Option<T>) -> Option<T> {
        match self {
            Lines::One(line) => f(line.as_bytes()),
            Lines::All(lines) => lines.iter().find_map(|line| f(line.as_bytes())),
        }
    }

    /// Returns a line, which may be empty, and all others.
    #[inline]
    pub(crate) fn split(&self) -> (&'a [u8], Option<ValueIter<'a, HeaderValue>>) {
        match self {
            Lines::One(line) => (line.as_bytes(), None),
            Lines::All(lines) => (&[], Some(lines.iter())),
        }
    }
}

/// Not inlined: most requests have more fields.
#[inline(never)]
fn among_few<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    (headers.iter()).find_map(|(it, line)| (it == name).then_some(line))
}

/// An iterator over the non-empty pieces of all lines, without the blanks around them.
#[derive(Debug)]
pub(crate) struct Pieces<'a> {
    rest: &'a [u8],
    lines: Option<ValueIter<'a, HeaderValue>>,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(lines: &Lines<'a>) -> Self {
        let (rest, lines) = lines.split();
        Self { rest, lines }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.rest = &self.rest[skip_separators(self.rest)..];
            if self.rest.is_empty() {
                self.rest = self.lines.as_mut()?.next()?.as_bytes();
                continue;
            }
            let (piece, rest) = self.rest.split_at(piece_end(self.rest));
            self.rest = rest;
            return Some(trim(piece));
        }
    }
}

/// Reports whether the field is `*` and nothing else (RFC 9110 sections 13.1.1 and 13.1.2).
#[inline]
pub(crate) fn is_asterisk(lines: &Lines<'_>) -> bool {
    if let Lines::One(line) = lines {
        // The first byte of most fields decides it without a walk.
        return !matches!(line.as_bytes(), [b'"' | b'W', ..]) && is_lone_asterisk(lines);
    }
    is_lone_asterisk(lines)
}

fn is_lone_asterisk(lines: &Lines<'_>) -> bool {
    let mut pieces = Pieces::new(lines);
    pieces.next() == Some(b"*") && pieces.next().is_none()
}

/// One of the two comparisons of RFC 9110 section 8.8.3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Strong,
    Weak,
}

/// Reports whether a member of the list is equivalent to `tag`.
#[inline]
pub(crate) fn contains(lines: &Lines<'_>, tag: EntityTagRef<'_>, comparison: Comparison) -> bool {
    match comparison {
        Comparison::Strong => !tag.is_weak() && lines_contain::<true>(lines, tag.opaque_tag()),
        Comparison::Weak => lines_contain::<false>(lines, tag.opaque_tag()),
    }
}

#[inline]
fn lines_contain<const STRONG: bool>(lines: &Lines<'_>, opaque_tag: &[u8]) -> bool {
    // Most fields are one strong tag, the one that this server sent or an older one. A line that is
    // no longer than the tag has no other member that could be it.
    let has_tag = |line: &[u8]| {
        line == opaque_tag
            || line.len() > opaque_tag.len() && line_contains::<STRONG>(line, opaque_tag)
    };
    match lines {
        Lines::One(line) => has_tag(line.as_bytes()),
        Lines::All(lines) => lines.iter().any(|line| has_tag(line.as_bytes())),
    }
}
