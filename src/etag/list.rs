//! Lists of entity tags over all lines of a field (RFC 9110 sections 5.6.1 and 13.1.1).
//!
//! A field line is split at the commas outside double quotes. A backslash escapes nothing: section
//! 8.8.3 has no quoted-pair. A piece is a member if it is exactly one entity tag between optional
//! blanks; empty pieces are ignored, and malformed ones are skipped. An opening quote that is never
//! closed takes the rest of its line with it, but not the next line.

use http::{
    HeaderValue,
    header::{GetAll, ValueIter},
};
use memchr::{memchr, memchr_iter};

use super::EntityTagRef;

/// The well-formed members of an `If-Match` or `If-None-Match` field, over all its lines.
///
/// Nothing is copied. Malformed members are skipped, and so is `*`, which is no entity tag.
///
/// ```
/// use http::{header::IF_NONE_MATCH, HeaderMap, HeaderValue};
/// use tower_conditional::EntityTags;
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
    /// The members of all these field lines.
    pub fn new(lines: GetAll<'a, HeaderValue>) -> Self {
        let pieces = Pieces::new(&lines);
        Self { pieces }
    }
}

impl<'a> Iterator for EntityTags<'a> {
    type Item = EntityTagRef<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.pieces
            .find_map(|piece| EntityTagRef::parse(piece).ok())
    }
}

/// Every piece of every line that is not empty, without the blanks around it.
#[derive(Debug)]
pub(crate) struct Pieces<'a> {
    lines: ValueIter<'a, HeaderValue>,
    rest: &'a [u8],
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(lines: &GetAll<'a, HeaderValue>) -> Self {
        Self {
            lines: lines.iter(),
            rest: &[],
        }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = skip_separators(self.rest, 0);
            if start == self.rest.len() {
                self.rest = self.lines.next()?.as_bytes();
                continue;
            }
            let end = piece_end(self.rest, start);
            let mut piece = &self.rest[start..end];
            while let [head @ .., b' ' | b'\t'] = piece {
                piece = head;
            }
            self.rest = &self.rest[end..];
            return Some(piece);
        }
    }
}

/// Whether the field is `*`, which stands alone (RFC 9110 sections 13.1.1 and 13.1.2).
#[inline]
pub(crate) fn is_asterisk(lines: &GetAll<'_, HeaderValue>) -> bool {
    // The usual first byte settles it without a walk.
    if let Some(b'"' | b'W') = lines.iter().next().and_then(|line| line.as_bytes().first()) {
        return false;
    }
    let mut pieces = Pieces::new(lines);
    pieces.next() == Some(b"*") && pieces.next().is_none()
}

/// Which comparison of RFC 9110 section 8.8.3.2 decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Strong,
    Weak,
}

/// Whether a member of the list is equivalent to `tag`.
///
/// The bytes of `tag` are looked for at the beginning of each piece, so that no member has to be
/// parsed: whatever equals a well-formed tag is well-formed.
#[inline]
pub(crate) fn contains(
    lines: &GetAll<'_, HeaderValue>,
    tag: EntityTagRef<'_>,
    comparison: Comparison,
) -> bool {
    if comparison == Comparison::Strong && tag.is_weak() {
        return false;
    }
    lines
        .iter()
        .any(|line| line_contains(line.as_bytes(), tag.opaque_tag(), comparison))
}

fn line_contains(line: &[u8], opaque_tag: &[u8], comparison: Comparison) -> bool {
    let mut at = 0;
    loop {
        at = skip_separators(line, at);
        let (quote, weak) = match &line[at..] {
            [] => return false,
            [b'"', ..] => (at, false),
            [b'W', b'/', b'"', ..] => (at + 2, true),
            _ => {
                at = piece_end(line, at);
                continue;
            }
        };
        let Some(close) = closing_quote(line, quote + 1) else {
            return false;
        };
        let end = skip_blanks(line, close + 1);
        if !matches!(line.get(end), None | Some(b',')) {
            at = piece_end(line, end);
            continue;
        }
        if line[quote..=close] == *opaque_tag && !(weak && comparison == Comparison::Strong) {
            return true;
        }
        at = end;
    }
}

/// The first byte from `at` that is neither a comma nor a blank.
fn skip_separators(line: &[u8], mut at: usize) -> usize {
    const COMMAS: [u8; 16] = [b','; 16];
    while let Some(b',' | b' ' | b'\t') = line.get(at) {
        at += 1;
        while line.get(at..at + COMMAS.len()) == Some(&COMMAS[..]) {
            at += COMMAS.len();
        }
    }
    at
}

fn skip_blanks(line: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t') = line.get(at) {
        at += 1;
    }
    at
}

/// The first comma outside quotes, or the end of the line, where `at` is outside quotes.
fn piece_end(line: &[u8], mut at: usize) -> usize {
    loop {
        let Some(length) = memchr(b',', &line[at..]) else {
            return line.len();
        };
        let comma = at + length;
        if memchr_iter(b'"', &line[at..comma]).count() % 2 == 0 {
            return comma;
        }
        match memchr(b'"', &line[comma..]) {
            Some(length) => at = comma + length + 1,
            None => return line.len(),
        }
    }
}

/// The next double quote from `at`.
///
/// Tags are short: the first bytes are looked at eight at a time without a call.
#[inline]
fn closing_quote(line: &[u8], mut at: usize) -> Option<usize> {
    const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_ne_bytes([b'"'; 8]);
    let near = line.len().min(at + 64);
    while let Some(Ok(word)) = line[..near].get(at..at + 8).map(<[u8; 8]>::try_from) {
        // Zero bytes of `word` are the quotes; the lowest one found is never a false one.
        let word = u64::from_le_bytes(word) ^ QUOTES;
        let found = word.wrapping_sub(LOW) & !word & HIGH;
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    memchr(b'"', &line[at..]).map(|length| at + length)
}
