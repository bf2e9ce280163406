//! The content-coding suffixes of [`Rules`](super::Rules), and the bytes that consist of them.

use std::fmt;

use super::{
    aho_corasick::{self, AhoCorasick},
    shift_and::{self, ShiftAnd},
};
use crate::etag::is_etagc;

/// A set of suffixes of 1 to 63 bytes, and what is known of it at compile time.
#[derive(Clone, Copy)]
pub(super) struct SuffixSet {
    all: &'static [&'static str],
    /// A bit for each byte that a suffix begins with.
    first: [u64; 4],
    /// A bit for each byte that a suffix ends with.
    last: [u64; 4],
    shortest: usize,
    /// Bit `length` is set for each suffix.
    lengths: u64,
    /// The bytes of all suffixes together.
    bytes: usize,
}

impl SuffixSet {
    pub(super) const NONE: Self = Self::new(&[]);

    /// Panics if a suffix is invalid, or if there are too many.
    pub(super) const fn new(all: &'static [&'static str]) -> Self {
        let mut set = Self {
            all,
            first: [0; 4],
            last: [0; 4],
            shortest: usize::MAX,
            lengths: 0,
            bytes: 0,
        };
        let mut i = 0;
        while i < all.len() {
            let suffix = all[i].as_bytes();
            assert!(
                !suffix.is_empty() && suffix.len() < 64,
                "a content-coding suffix has 1 to 63 bytes"
            );
            let mut j = 0;
            while j < suffix.len() {
                assert!(
                    is_etagc(suffix[j]),
                    "a content-coding suffix is part of an entity tag"
                );
                j += 1;
            }
            let (first, last) = (suffix[0], suffix[suffix.len() - 1]);
            set.first[(first / 64) as usize] |= 1 << (first % 64);
            set.last[(last / 64) as usize] |= 1 << (last % 64);
            set.lengths |= 1 << suffix.len();
            if suffix.len() < set.shortest {
                set.shortest = suffix.len();
            }
            set.bytes += suffix.len();
            i += 1;
        }
        assert!(
            all.len() <= aho_corasick::MOST && set.bytes <= aho_corasick::MOST_BYTES,
            "there are at most 511 content-coding suffixes, of 4,095 bytes together"
        );
        set
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) const fn all(&self) -> &'static [&'static str] {
        self.all
    }

    /// Reports whether the bytes are one of the suffixes.
    pub(super) fn has(&self, bytes: &[u8]) -> bool {
        self.all.iter().any(|suffix| suffix.as_bytes() == bytes)
    }

    /// Reports whether the smaller automaton is enough for them.
    pub(super) const fn are_few(&self) -> bool {
        self.bytes <= shift_and::MOST_BYTES
    }
}

impl fmt::Debug for SuffixSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.all.fmt(f)
    }
}

/// The suffixes in one evaluation.
pub(super) struct Suffixes<'m> {
    set: &'m SuffixSet,
    by: By<'m>,
}

/// How bytes are split into suffixes.
pub(super) enum By<'m> {
    /// By comparing each suffix, while `patience` lasts: up to that many comparisons cost less than
    /// making an automaton.
    Comparing {
        patience: usize,
    },
    ShiftAnd(&'m ShiftAnd),
    AhoCorasick(&'m AhoCorasick<'m>),
}

/// The patience for the smallest set.
const PATIENCE: usize = 128;

impl<'m> Suffixes<'m> {
    /// Makes no automaton yet: most requests need none.
    pub(super) fn new(set: &'m SuffixSet) -> Self {
        let patience = PATIENCE.max(set.bytes);
        let by = By::Comparing { patience };
        Self { set, by }
    }

    /// Uses an automaton that was made for the set.
    pub(super) const fn with(set: &'m SuffixSet, by: By<'m>) -> Self {
        Self { set, by }
    }

    /// Reports whether `bytes` are a sequence of zero or more suffixes. Returns `None` if that needs
    /// an automaton.
    #[inline(always)]
    pub(super) fn are_all_of(&mut self, bytes: &[u8]) -> Option<bool> {
        if bytes.is_empty() {
            Some(true)
        } else if self.may_be(bytes) {
            self.split(bytes)
        } else {
            Some(false)
        }
    }

    /// Reports whether the bytes may be a sequence of suffixes. It rejects most without a call.
    #[inline(always)]
    pub(super) fn may_be(&self, bytes: &[u8]) -> bool {
        let ([first, ..], [.., last]) = (bytes, bytes) else {
            return false;
        };
        let length = bytes.len();
        self.may_begin(*first, length)
            && has_bit(&self.set.last, *last)
            // They are one suffix, or long enough for two.
            && (length / 2 >= self.set.shortest
                || length < 64 && self.set.lengths >> length & 1 != 0)
    }

    /// Reports whether so many bytes that begin with this one may be a sequence of suffixes.
    #[inline(always)]
    pub(super) fn may_begin(&self, first: u8, length: usize) -> bool {
        length >= self.set.shortest && has_bit(&self.set.first, first)
    }

    /// Reports whether `bytes`, which are not empty, are a sequence of suffixes, as `are_all_of` does.
    #[inline(never)]
    fn split(&mut self, bytes: &[u8]) -> Option<bool> {
        match &mut self.by {
            By::ShiftAnd(automaton) => Some(automaton.accepts(bytes)),
            By::AhoCorasick(automaton) => Some(automaton.accepts(bytes)),
            By::Comparing { patience } => compare(self.set, bytes, patience),
        }
    }
}

#[inline(always)]
const fn has_bit(bits: &[u64; 4], byte: u8) -> bool {
    bits[(byte / 64) as usize] >> (byte % 64) & 1 != 0
}

#[inline(never)]
fn compare(set: &SuffixSet, bytes: &[u8], patience: &mut usize) -> Option<bool> {
    *patience = patience.checked_sub(set.all.len())?;
    // Most members have one suffix.
    if set.has(bytes) {
        return Some(true);
    }
    split_by_each(set.all, bytes, patience)
}

/// Compares each suffix with the bytes at each place where one can begin. Returns `None` if that
/// takes more comparisons than there is patience for.
///
/// Bit `k` of `reached` is set if the bytes up to `rest[k]` are a sequence of suffixes. No suffix is
/// longer than 63 bytes, so 64 bits are enough.
fn split_by_each(all: &[&str], bytes: &[u8], patience: &mut usize) -> Option<bool> {
    let mut rest = bytes;
    let mut reached = 1_u64;
    while !rest.is_empty() {
        *patience = patience.checked_sub(all.len())?;
        let begun = all.iter().fold(0, |lengths, suffix| {
            let suffix = suffix.as_bytes();
            // The first byte and the last one reject most without a call.
            let begins = rest.first() == suffix.first()
                && rest.get(suffix.len() - 1) == suffix.last()
                && rest.starts_with(suffix);
            lengths | u64::from(begins) << suffix.len()
        });
        reached = (reached & !1) | begun;
        // Each suffix was found inside `rest`, so no bit is beyond its end.
        let skipped = reached.trailing_zeros();
        match rest.get(skipped as usize..) {
            Some(further) if reached != 0 => rest = further,
            _ => return Some(false),
        }
        reached >>= skipped;
    }
    Some(true)
}

#[cfg(test)]
mod tests;
