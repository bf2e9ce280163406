//! How one member of a list is compared with the current tag by rules that deviate from RFC 9110.

use super::{
    beginning::{Beginning, after, begins_with, is_etagcs},
    suffixes::Suffixes,
};
use crate::{
    etag::{word_at, zero_bytes},
    fields::trim_end,
};

/// The current tag, and how members are compared with it.
pub(super) struct Comparer<'a> {
    /// The characters between the quotes of the current tag.
    current: &'a [u8],
    beginning: Beginning,
    /// The write half, if only write halves are compared.
    write: Option<WriteHalf<'a>>,
    /// How many characters a member needs to match.
    least: usize,
    pub(super) suffixes: Suffixes<'a>,
    /// A strong member can match.
    strong: bool,
    /// A weak member can match.
    weak: bool,
}

/// The write half of the current tag.
struct WriteHalf<'a> {
    half: &'a [u8],
    separator: u8,
    /// The separator in each byte.
    separators: u64,
    /// The first bytes of the separator and the half.
    beginning: Beginning,
}

impl<'a> Comparer<'a> {
    /// With a separator only the write halves of split tags are compared.
    #[inline(always)]
    pub(super) fn new(
        current: &'a [u8],
        separator: Option<u8>,
        suffixes: Suffixes<'a>,
        [strong, weak]: [bool; 2],
    ) -> Self {
        let write = separator.and_then(|separator| WriteHalf::of(current, separator));
        Self {
            current,
            beginning: Beginning::of(current),
            least: (write.as_ref()).map_or(current.len(), |write| write.half.len() + 1),
            write,
            suffixes,
            strong,
            weak,
        }
    }

    /// Whatever matches contains these bytes.
    pub(super) fn needle(&self) -> &'a [u8] {
        (self.write.as_ref()).map_or(self.current, |write| write.half)
    }

    /// Reports whether a member matches. Returns `None` if an automaton is needed.
    ///
    /// Most members of a list are rejected without a call.
    #[inline(always)]
    pub(super) fn matches(&mut self, member: Member<'_>) -> Option<bool> {
        let Member {
            weak, line, length, ..
        } = member;
        let look = self.look(line, length);
        if matches!(look, Look::Different) {
            return Some(false);
        }
        let opaque = &line[..length];
        let (opaque, outside) = match member.outside {
            Some([]) => (opaque, &[][..]),
            Some(outside) => match trim_end(outside) {
                [] => (opaque, &[][..]),
                outside if self.suffixes.may_be(outside) => (opaque, outside),
                _ => return Some(false),
            },
            None => match trim_end(opaque) {
                [] | b"*" => return Some(false),
                // What is compared has no quotes.
                opaque => (opaque, &[][..]),
            },
        };
        match look {
            Look::Same(part) => self.decide(weak, opaque, part, outside),
            _ => self.compare(weak, opaque, outside),
        }
    }

    /// Compares the first bytes. The member may end in blanks.
    #[inline(always)]
    fn look(&self, line: &[u8], length: usize) -> Look {
        if length < self.least {
            return Look::Different;
        }
        let Some(word) = word_at(line, 0) else {
            return Look::Unknown;
        };
        if self.beginning.is_that_of(word) {
            let part = Part {
                read: None,
                end: self.current.len(),
            };
            return match (&self.write, self.beginning.is_all) {
                // A longer read half can begin with the same bytes.
                (Some(_), false) => Look::Unknown,
                (_, is_all) => self.look_behind(line, length, part, is_all),
            };
        }
        let Some(write) = &self.write else {
            return Look::Different;
        };
        if length == self.least && line.first() != Some(&write.separator) {
            return Look::Different;
        }
        let found = zero_bytes(word ^ write.separators);
        if found == 0 {
            return match length > 8 {
                true => Look::Unknown,
                false => Look::Different,
            };
        }
        let at = (found.trailing_zeros() / 8) as usize;
        match word_at(line, at) {
            Some(word) if write.beginning.is_that_of(word) => {
                let part = Part {
                    read: Some(at),
                    end: at + 1 + write.half.len(),
                };
                self.look_behind(line, length, part, write.beginning.is_all)
            }
            Some(_) => Look::Different,
            None => Look::Unknown,
        }
    }

    #[inline(always)]
    fn look_behind(&self, line: &[u8], length: usize, part: Part, is_all: bool) -> Look {
        if !self.may_follow(line, part.end, length) {
            Look::Different
        } else if is_all {
            Look::Same(part)
        } else {
            Look::Unknown
        }
    }

    /// Reports whether what is between these places may be suffixes, or blanks at the end.
    #[inline(always)]
    fn may_follow(&self, line: &[u8], at: usize, length: usize) -> bool {
        match line.get(at) {
            Some(b' ' | b'\t') => at < length && matches!(line.get(length - 1), Some(b' ' | b'\t')),
            Some(first) if at < length => self.suffixes.may_begin(*first, length - at),
            _ => at == length,
        }
    }

    /// Compares all bytes.
    #[inline(never)]
    fn compare(&mut self, weak: bool, opaque: &[u8], outside: &[u8]) -> Option<bool> {
        let part = if begins_with(opaque, self.current) {
            Part {
                read: None,
                end: self.current.len(),
            }
        } else {
            let Some(write) = &self.write else {
                return Some(false);
            };
            match after(opaque, write.separator) {
                Some(half) if begins_with(half, write.half) => Part {
                    read: Some(opaque.len() - half.len() - 1),
                    end: opaque.len() - half.len() + write.half.len(),
                },
                _ => return Some(false),
            }
        };
        self.decide(weak, opaque, part, outside)
    }

    /// Checks what surrounds the matching part. Most is rejected without a call.
    #[inline(always)]
    fn decide(&mut self, weak: bool, opaque: &[u8], part: Part, outside: &[u8]) -> Option<bool> {
        let inside = &opaque[part.end..];
        if !(if weak { self.weak } else { self.strong })
            || !(inside.is_empty() || self.suffixes.may_be(inside))
        {
            return Some(false);
        }
        self.decide_rest(opaque, part, outside)
    }

    /// The current tag and the suffixes are well-formed, and so is what consists of them.
    #[inline(never)]
    fn decide_rest(&mut self, opaque: &[u8], part: Part, outside: &[u8]) -> Option<bool> {
        let (read, rest) = opaque.split_at(part.read.unwrap_or_default());
        Some(
            (read.is_empty() || is_etagcs(read))
                && self.suffixes.are_all_of(&opaque[part.end..])?
                && self.suffixes.are_all_of(outside)?
                // In `"R-gzip"` the `-` belongs to the suffix `-gzip`, so it is not a separator.
                && (part.read.is_none() || !self.suffixes.are_all_of(rest)?),
        )
    }
}

/// A member of a list, which need not be well-formed.
pub(super) struct Member<'p> {
    pub(super) weak: bool,
    /// The line from the first character between the quotes on.
    pub(super) line: &'p [u8],
    /// How many characters are between the quotes.
    pub(super) length: usize,
    /// What follows the closing quote. `None` if there are no quotes; the characters between them
    /// can then end in blanks, as this can.
    pub(super) outside: Option<&'p [u8]>,
}

impl<'p> Member<'p> {
    #[inline(always)]
    pub(super) fn unquoted(line: &'p [u8], length: usize) -> Self {
        let (weak, line, length) = match line {
            [b'W', b'/', line @ ..] if length >= 2 => (true, line, length - 2),
            line => (false, line, length),
        };
        Self {
            weak,
            line,
            length,
            outside: None,
        }
    }
}

/// The result of comparing the first bytes of a member.
enum Look {
    /// It does not match.
    Different,
    Unknown,
    /// The part of the tag that is compared is the same.
    Same(Part),
}

/// The part of a member that equals the compared part of the current tag.
struct Part {
    /// The length of the read half, which may be another one. `None` if it is compared too.
    read: Option<usize>,
    end: usize,
}

impl<'a> WriteHalf<'a> {
    #[inline(always)]
    fn of(current: &'a [u8], separator: u8) -> Option<Self> {
        let half = after(current, separator)?;
        Some(Self {
            half,
            separator,
            separators: u64::from_ne_bytes([separator; 8]),
            beginning: Beginning::of(&current[current.len() - half.len() - 1..]),
        })
    }
}
