//! Comparison of entity tags by [`Rules`] that deviate from RFC 9110.

use super::{Preconditions, Rules, is_safe, suffixes::Suffixes};
use crate::{
    etag::{
        Comparison, EntityTagRef, LONG_LINE, LONG_TAG, Lines, Pieces, PiecesWith, find_quote,
        is_etagc,
    },
    fields::trim,
};

/// The current tag, and how members are compared with it.
struct Comparer<'a> {
    /// The characters between the quotes of the current tag.
    current: &'a [u8],
    /// Its write half, if only the write halves of split tags are compared, and their separator.
    write: Option<(&'a [u8], u8)>,
    suffixes: Suffixes<'a>,
    unquoted: bool,
    /// A strong member can match.
    strong: bool,
    /// A weak member can match.
    weak: bool,
}

/// A member of a list, split into its parts: the characters between the quotes, and those after the
/// closing quote.
#[derive(Clone, Copy)]
struct Reading<'a> {
    opaque: &'a [u8],
    outside: &'a [u8],
}

impl<'a> Preconditions<'a> {
    /// Returns the first member of the field that matches the current tag by the rules.
    pub(super) fn find_tolerantly(
        &self,
        lines: &Lines<'a>,
        current: EntityTagRef<'_>,
        rules: &Rules,
        comparison: Comparison,
    ) -> Option<&'a [u8]> {
        let unsafe_strong = comparison == Comparison::Strong && !is_safe(self.method);
        let separator = rules.separator.filter(|_| unsafe_strong);
        let write =
            separator.and_then(|separator| Some((after(current.opaque(), separator)?, separator)));
        let any = comparison == Comparison::Weak || rules.weak_if_match;
        let mut table = None;
        let mut comparer = Comparer {
            current: current.opaque(),
            write,
            suffixes: Suffixes::new(rules.suffixes, &mut table),
            unquoted: rules.unquoted,
            strong: any || !current.is_weak(),
            weak: any || !current.is_weak() && rules.weakened_by_proxy,
        };
        lines.find_map(|line| comparer.find(line))
    }
}

impl Comparer<'_> {
    /// Returns the first member of a line that matches.
    fn find<'p>(&mut self, line: &'p [u8]) -> Option<&'p [u8]> {
        // Whatever matches contains the current tag, or its write half.
        let needle = self.write.map_or(self.current, |(half, _)| half);
        if line.len() >= LONG_LINE && needle.len() >= LONG_TAG {
            PiecesWith::new(line, needle)
                .map(trim)
                .find(|piece| self.matches(piece))
        } else {
            Pieces::of_line(line).find(|piece| self.matches(piece))
        }
    }

    fn matches(&mut self, piece: &[u8]) -> bool {
        self.read(piece).is_some_and(|reading| {
            self.equivalent(reading)
                // This comes last, because a member that is equivalent is almost always
                // well-formed. No early exit, so that the compiler can use vector instructions.
                && reading.opaque.iter().fold(true, |all, &b| all & is_etagc(b))
        })
    }

    /// Reads a member, unless its beginning shows that it does not match.
    #[inline]
    fn read<'p>(&self, piece: &'p [u8]) -> Option<Reading<'p>> {
        let (comparable, rest) = match piece {
            [b'W', b'/', rest @ ..] => (self.weak, rest),
            rest => (self.strong, rest),
        };
        let (quoted, characters) = match rest {
            [b'"', quoted @ ..] => (true, quoted),
            unquoted => (false, unquoted),
        };
        // With a write half the beginning is the read half, which may be another one.
        let begins = self.write.is_some() || begins_with(characters, self.current);
        if !comparable || !begins {
            return None;
        }
        let (opaque, outside) = if quoted {
            let end = find_quote(characters)?;
            (&characters[..end], &characters[end + 1..])
        } else if self.unquoted && !matches!(characters, [] | b"*") {
            (characters, &characters[..0])
        } else {
            return None;
        };
        Some(Reading { opaque, outside })
    }

    fn equivalent(&mut self, reading: Reading<'_>) -> bool {
        if !self.suffixes.are_all_of(reading.outside) {
            return false;
        }
        if self.is_suffixed(reading.opaque, self.current) {
            return true;
        }
        match self.write {
            Some((half, separator)) => self.same_write_half(reading.opaque, half, separator),
            None => false,
        }
    }

    fn same_write_half(&mut self, opaque: &[u8], current: &[u8], separator: u8) -> bool {
        match after(opaque, separator) {
            // In `"R-gzip"` the `-` belongs to the suffix `-gzip`, so it is not a separator.
            Some(half) => {
                self.is_suffixed(half, current)
                    && !(self.suffixes).are_all_of(&opaque[opaque.len() - half.len() - 1..])
            }
            None => false,
        }
    }

    /// Reports whether `bytes` are `current`, followed by zero or more suffixes.
    fn is_suffixed(&mut self, bytes: &[u8], current: &[u8]) -> bool {
        begins_with(bytes, current) && self.suffixes.are_all_of(&bytes[current.len()..])
    }
}

/// Reports whether the bytes begin with the prefix. Most members of a list differ from the current
/// tag in the first byte or the last one, and cost no call.
#[inline]
fn begins_with(bytes: &[u8], prefix: &[u8]) -> bool {
    let Some(last) = prefix.len().checked_sub(1) else {
        return true;
    };
    bytes.first() == prefix.first()
        && bytes.get(last) == prefix.get(last)
        && bytes.starts_with(prefix)
}

/// Returns the bytes after the first separator.
fn after(opaque: &[u8], separator: u8) -> Option<&[u8]> {
    let at = memchr::memchr(separator, opaque)?;
    Some(&opaque[at + 1..])
}
