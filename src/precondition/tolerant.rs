//! Comparison by [`Rules`] that depart from RFC 9110.

use super::{Preconditions, Rules};
use crate::{
    EntityTagRef,
    etag::{Comparison, Lines, Pieces, is_etagc},
};

/// What a member is compared with, and how.
struct Comparer<'a> {
    current: EntityTagRef<'a>,
    rules: &'a Rules,
    comparison: Comparison,
    /// Whether split tags compare their write halves only.
    write: bool,
}

/// A member as a tolerant reader has it: opaque-tag without quotes, and what follows them.
#[derive(Clone, Copy)]
struct Reading<'a> {
    weak: bool,
    opaque: &'a [u8],
    outside: &'a [u8],
}

impl<'a> Preconditions<'a> {
    /// The first member of the field that is the current tag by the rules.
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
            write: comparison == Comparison::Strong && !self.method.is_safe(),
        };
        Pieces::new(lines).find(|piece| comparer.matches(piece))
    }
}

impl Comparer<'_> {
    fn matches(&self, piece: &[u8]) -> bool {
        match self.read(piece) {
            Some(reading) => self.comparable(reading.weak) && self.equivalent(reading),
            None => false,
        }
    }

    /// Whether a member that is weak or not may be equivalent to the current tag at all.
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
                let end = quoted.iter().position(|&b| b == b'"')?;
                (&quoted[..end], &quoted[end + 1..])
            }
            unquoted if self.rules.unquoted && !matches!(unquoted, [] | b"*") => {
                (unquoted, &unquoted[..0])
            }
            _ => return None,
        };
        let well_formed = opaque.iter().all(|&b| is_etagc(b));
        well_formed.then_some(Reading {
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
            Some(separator) if self.write => {
                match (
                    write_half(reading.opaque, separator),
                    write_half(current, separator),
                ) {
                    (Some(half), Some(current)) => self.is_suffixed(half, current),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether `bytes` are `current` and then nothing but suffixes.
    fn is_suffixed(&self, bytes: &[u8], current: &[u8]) -> bool {
        bytes
            .strip_prefix(current)
            .is_some_and(|rest| self.is_suffixes(rest))
    }

    /// Whether `bytes` are some suffixes one after the other, or nothing.
    ///
    /// One suffix may begin with another, so all ways to take them apart are followed at once: bit
    /// `k` of `reached` tells that the bytes before the one `k` further on are suffixes.
    fn is_suffixes(&self, bytes: &[u8]) -> bool {
        let mut reached = 1_u64;
        for at in 0..bytes.len() {
            if reached & 1 != 0 {
                for suffix in self.rules.suffixes {
                    if bytes[at..].starts_with(suffix.as_bytes()) {
                        reached |= 1 << suffix.len();
                    }
                }
            }
            reached >>= 1;
            if reached == 0 {
                return false;
            }
        }
        reached & 1 != 0
    }
}

/// What follows the first separator.
fn write_half(opaque: &[u8], separator: u8) -> Option<&[u8]> {
    let at = opaque.iter().position(|&b| b == separator)?;
    Some(&opaque[at + 1..])
}
