//! Comparison of entity tags by [`Rules`] that deviate from RFC 9110.

use super::{Preconditions, Rules, is_safe};
use crate::etag::{Comparison, EntityTagRef, Lines, Pieces, find_quote, is_etagc};

/// The current tag, and how members are compared with it.
struct Comparer<'a> {
    current: EntityTagRef<'a>,
    rules: &'a Rules,
    comparison: Comparison,
    /// Only the write halves of split tags are compared.
    write: bool,
}

/// A member of a list, split into its parts: the characters between the quotes, and those after the
/// closing quote.
#[derive(Clone, Copy)]
struct Reading<'a> {
    weak: bool,
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
        let comparer = Comparer {
            current,
            rules,
            comparison,
            write: comparison == Comparison::Strong && !is_safe(self.method),
        };
        Pieces::new(lines).find(|piece| comparer.matches(piece))
    }
}

impl Comparer<'_> {
    fn matches(&self, piece: &[u8]) -> bool {
        self.read(piece).is_some_and(|reading| {
            self.comparable(reading.weak)
                && self.equivalent(reading)
                // This comes last, because a member that is equivalent is almost always
                // well-formed.
                && reading.opaque.iter().all(|&b| is_etagc(b))
        })
    }

    /// Reports whether a weak or strong member can match the current tag at all.
    fn comparable(&self, weak: bool) -> bool {
        self.comparison == Comparison::Weak
            || self.rules.weak_if_match
            || !self.current.is_weak() && (!weak || self.rules.weakened_by_proxy)
    }

    fn read<'p>(&self, piece: &'p [u8]) -> Option<Reading<'p>> {
        let (weak, rest) = match piece {
            [b'W', b'/', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let (opaque, outside) = match rest {
            [b'"', quoted @ ..] => {
                let end = find_quote(quoted)?;
                (&quoted[..end], &quoted[end + 1..])
            }
            unquoted if self.rules.unquoted && !matches!(unquoted, [] | b"*") => {
                (unquoted, &unquoted[..0])
            }
            _ => return None,
        };
        Some(Reading {
            weak,
            opaque,
            outside,
        })
    }

    fn equivalent(&self, reading: Reading<'_>) -> bool {
        let current = self.current.opaque();
        if !self.is_suffixes(reading.outside) {
            return false;
        }
        if self.is_suffixed(reading.opaque, current) {
            return true;
        }
        match self.rules.separator {
            Some(separator) if self.write => self.same_write_half(reading.opaque, separator),
            _ => false,
        }
    }

    fn same_write_half(&self, opaque: &[u8], separator: u8) -> bool {
        let current = self.current.opaque();
        match (after(opaque, separator), after(current, separator)) {
            // In `"R-gzip"` the `-` belongs to the suffix `-gzip`, so it is not a separator.
            (Some(half), Some(current)) => {
                self.is_suffixed(half, current)
                    && !self.is_suffixes(&opaque[opaque.len() - half.len() - 1..])
            }
            _ => false,
        }
    }

    /// Reports whether `bytes` are `current`, followed by zero or more suffixes.
    fn is_suffixed(&self, bytes: &[u8], current: &[u8]) -> bool {
        bytes
            .strip_prefix(current)
            .is_some_and(|rest| self.is_suffixes(rest))
    }

    /// Reports whether `bytes` are a sequence of zero or more suffixes.
    ///
    /// One suffix can be a prefix of another, so there can be several ways to split `bytes`. All of
    /// them are followed at once: bit `k` of `reached` is set if the bytes up to `rest[k]` are a
    /// sequence of suffixes. No suffix is longer than 63 bytes, so 64 bits are enough.
    fn is_suffixes(&self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        let mut reached = 1_u64;
        while !rest.is_empty() {
            reached &= !1;
            for suffix in self.rules.suffixes {
                if rest.starts_with(suffix.as_bytes()) {
                    reached |= 1 << suffix.len();
                }
            }
            // Each suffix was found inside `rest`, so no bit is beyond its end.
            let skipped = reached.trailing_zeros();
            match rest.get(skipped as usize..) {
                Some(further) if reached != 0 => rest = further,
                _ => return false,
            }
            reached >>= skipped;
        }
        true
    }
}

/// Returns the bytes after the first separator.
fn after(opaque: &[u8], separator: u8) -> Option<&[u8]> {
    let at = opaque.iter().position(|&b| b == separator)?;
    Some(&opaque[at + 1..])
}
