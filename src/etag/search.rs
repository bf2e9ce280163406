//! The search in one field line, for lines that are long or hostile.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::walk::{LONG_TAG, block, piece_end, skip_blanks, walk, walk_all};
use crate::fields::trim_end;

/// Searches for the bytes of the tag, and then looks at what is around them.
///
/// Whether a position is inside quotes depends only on how many quotes come before it. A member
/// begins outside quotes, at the beginning of the line or after a comma, and ends at the end of the
/// line or before a comma. Blanks do not count, nor does a weakness indicator.
pub(super) fn search<const STRONG: bool>(line: &[u8], opaque_tag: &[u8]) -> bool {
    let mut inside = false;
    let mut counted = 0;
    let mut from = 0;
    let mut misses = Misses::NONE;
    // The character before the closing quote is the one in which most tags of a list differ.
    let distance = opaque_tag.len() - 2;
    while let Some(start) = find(line, opaque_tag, distance, from, &mut misses) {
        inside ^= has_odd_quotes(&line[counted..start]);
        counted = start;
        let (before, weak) = match &line[..start] {
            [before @ .., b'W', b'/'] => (before, true),
            before => (before, false),
        };
        let after = &line[start + opaque_tag.len()..];
        if !(inside || weak && STRONG)
            && matches!(trim_end(before), [] | [.., b','])
            && matches!(after[skip_blanks(after)..], [] | [b',', ..])
        {
            return true;
        }
        if misses.one_more(start) {
            break;
        }
        // The closing quote can be the opening quote of the next candidate.
        from = start + opaque_tag.len() - 1;
    }
    misses.are_too_many
        && if opaque_tag.len() < LONG_TAG {
            walk_all::<STRONG>(line, opaque_tag)
        } else {
            walk::<STRONG>(line, opaque_tag, walk_all::<STRONG>)
        }
}

/// Counts the false candidates of a search.
struct Misses {
    count: usize,
    /// More are to be expected. Looking at each costs more than walking over the line.
    are_too_many: bool,
}

impl Misses {
    /// `FEW` are allowed, and one more for each `BYTES` bytes. A list of digests has fewer: one in
    /// sixteen tags of 36 bytes has the same last digit.
    const FEW: usize = 2;
    const BYTES: usize = 256;

    const NONE: Self = Self {
        count: 0,
        are_too_many: false,
    };

    /// Counts one at this place of the line, and reports whether there are too many.
    #[inline]
    fn one_more(&mut self, at: usize) -> bool {
        self.count += 1;
        self.are_too_many = self.count > Self::FEW + at / Self::BYTES;
        self.are_too_many
    }
}

/// Reports whether a quote is open after these bytes, if none was before.
fn has_odd_quotes(bytes: &[u8]) -> bool {
    memchr_iter(b'"', bytes).count() % 2 == 1
}

/// Finds the next occurrence of the needle that does not begin before `from`. Returns `None` if
/// there is none, or if there are too many misses.
///
/// Two of its bytes are compared at many positions at once: the first one, and the one at
/// `distance`. (`memmem` is as fast on a long line, but takes longer than most lines do to prepare.)
fn find(
    line: &[u8],
    needle: &[u8],
    distance: usize,
    from: usize,
    misses: &mut Misses,
) -> Option<usize> {
    let (initial, last) = (*needle.first()?, *needle.get(distance)?);
    let mut at = from;
    loop {
        // A line that is not a list of tags may have none of one of the two bytes.
        at += memchr(initial, &line[at..])?;
        at += memchr(last, line.get(at + distance..)?)?;
        for _ in 0..JUMP {
            let (Some(first), Some(second)) = (
                block::<BLOCK>(line, at),
                block::<BLOCK>(line, at + distance),
            ) else {
                return find_in_block(line, needle, distance, at..line.len());
            };
            let candidate = (first.iter().zip(second)).fold(false, |found, (a, b)| {
                found | ((*a == initial) & (*b == last))
            });
            if candidate {
                if let Some(start) = find_in_block(line, needle, distance, at..at + BLOCK) {
                    return Some(start);
                }
                if misses.one_more(at) {
                    return None;
                }
            }
            at += BLOCK;
        }
    }
}

fn find_in_block(
    line: &[u8],
    needle: &[u8],
    distance: usize,
    block: Range<usize>,
) -> Option<usize> {
    let (initial, last) = (needle[0], needle[distance]);
    block.into_iter().find(|start| {
        line[*start] == initial
            && line.get(start + distance) == Some(&last)
            && line[*start..].starts_with(needle)
    })
}

/// How many blocks are looked at before the next position is searched by other means again.
const JUMP: usize = 8;

/// How many positions are looked at together, so that the compiler can use vector instructions.
const BLOCK: usize = 32;

/// An iterator over the pieces of a line that contain the needle.
///
/// A piece begins at the beginning of the line or after a comma outside quotes, and ends before the
/// next one. The blanks around it belong to it. The iterator gives up if there are many places that
/// look like the needle.
pub(crate) struct PiecesWith<'a, 'n> {
    line: &'a [u8],
    needle: &'n [u8],
    /// The end of the piece before, which is outside quotes.
    end: usize,
    from: usize,
    misses: Misses,
}

impl<'a, 'n> PiecesWith<'a, 'n> {
    /// The needle must not be empty.
    pub(crate) const fn new(line: &'a [u8], needle: &'n [u8]) -> Self {
        Self {
            line,
            needle,
            end: 0,
            from: 0,
            misses: Misses::NONE,
        }
    }

    /// Reports whether the iterator has ended too soon: `rest` may contain the needle.
    pub(crate) const fn has_given_up(&self) -> bool {
        self.misses.are_too_many
    }

    /// Returns the line after the pieces so far.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.line.get(self.end..).unwrap_or_default()
    }
}

impl<'a> Iterator for PiecesWith<'a, '_> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.line;
        let distance = self.needle.len().checked_sub(1)?;
        let start = find(line, self.needle, distance, self.from, &mut self.misses)?;
        // The needle can begin with a comma that ends the piece before.
        let before = line.get(self.end..start).unwrap_or_default();
        let begin = start - before.len() + piece_begin(before);
        let end = begin + piece_end(&line[begin..]);
        self.end = end;
        self.from = end.max(start + 1);
        Some(&line[begin..end])
    }
}

/// Finds what follows the last comma outside quotes, or else the beginning, which is outside quotes.
fn piece_begin(bytes: &[u8]) -> usize {
    let mut inside = has_odd_quotes(bytes);
    for (at, byte) in bytes.iter().enumerate().rev() {
        match byte {
            b'"' => inside = !inside,
            b',' if !inside => return at + 1,
            _ => {}
        }
    }
    0
}
