//! Comparison by [`Rules`] that depart from RFC 9110.

use http::HeaderName;

use super::{Preconditions, Rules};
use crate::{
    EntityTagRef,
    etag::{Comparison, Pieces, is_etagc},
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
        name: HeaderName,
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
        Pieces::new(&self.headers.get_all::<HeaderName>(name)).find(|piece| comparer.matches(piece))
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
        let Reading {
            mut opaque,
            mut outside,
            ..
        } = reading;
        loop {
            if outside.is_empty() && opaque == current {
                return true;
            }
            if let Some(shorter) = self.strip(outside) {
                outside = shorter;
            } else if outside.is_empty() {
                match self.strip(opaque) {
                    Some(shorter) => opaque = shorter,
                    None => break,
                }
            } else {
                return false;
            }
        }
        match self.rules.separator {
            Some(separator) if self.write => write_half(opaque, separator)
                .is_some_and(|half| write_half(current, separator) == Some(half)),
            _ => false,
        }
    }

    fn strip<'p>(&self, bytes: &'p [u8]) -> Option<&'p [u8]> {
        self.rules
            .suffixes
            .iter()
            .find_map(|suffix| bytes.strip_suffix(suffix.as_bytes()))
    }
}

/// What follows the first separator.
fn write_half(opaque: &[u8], separator: u8) -> Option<&[u8]> {
    let at = opaque.iter().position(|&b| b == separator)?;
    Some(&opaque[at + 1..])
}
