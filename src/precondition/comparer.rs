//! How one member of a list is compared with the current tag by rules that deviate from RFC 9110.

use super::{
    Rules,
    suffixes::{SuffixSet, Suffixes},
};
use crate::{
    etag::{EntityTagRef, is_etagc, zero_bytes},
    fields::trim_end,
};

/// The current tag, and how members are compared with it.
pub(super) struct Comparer<'a> {
    /// The characters between the quotes of the current tag.
    current: &'a [u8],
    beginning: Beginning,
    /// What is compared if only the write halves of split tags are.
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
    /// Eight of them.
    separators: u64,
    /// Of the separator and the half.
    beginning: Beginning,
}

/// The first bytes of something, up to eight.
struct Beginning {
    word: u64,
    mask: u64,
    /// There are no more.
    is_all: bool,
}

impl Beginning {
    #[inline(always)]
    fn of(bytes: &[u8]) -> Self {
        match word_at(bytes, 0) {
            Some(word) => Self {
                word,
                mask: u64::MAX,
                is_all: bytes.len() == 8,
            },
            None => Self {
                word: (bytes.iter().rev()).fold(0, |word, byte| word << 8 | u64::from(*byte)),
                mask: !(u64::MAX << (8 * bytes.len())),
                is_all: true,
            },
        }
    }

    #[inline(always)]
    const fn is_that_of(&self, word: u64) -> bool {
        (word ^ self.word) & self.mask == 0
    }
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
                [first, rest @ ..] if !self.suffixes.may_begin(*first, 1 + rest.len()) => {
                    return Some(false);
                }
                outside => (opaque, outside),
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

    /// Looks at a few bytes. There may be blanks at the end.
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
                // It can have a longer read half that begins so.
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

    /// Reports whether what is between these places may be suffixes.
    #[inline(always)]
    fn may_follow(&self, line: &[u8], at: usize, length: usize) -> bool {
        match line.get(at) {
            Some(b' ' | b'\t') => at <= length,
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

    /// Looks at what follows the part of the tag.
    #[inline(always)]
    fn decide(&mut self, weak: bool, opaque: &[u8], part: Part, outside: &[u8]) -> Option<bool> {
        let inside = &opaque[part.end..];
        if !inside.is_empty() && !self.suffixes.split(inside)? {
            return Some(false);
        }
        self.decide_rest(weak, opaque, part, outside)
    }

    /// The current tag and the suffixes are well-formed, and so is what consists of them.
    #[inline(never)]
    fn decide_rest(
        &mut self,
        weak: bool,
        opaque: &[u8],
        part: Part,
        outside: &[u8],
    ) -> Option<bool> {
        if !(if weak { self.weak } else { self.strong }) || !self.suffixes.are_all_of(outside)? {
            return Some(false);
        }
        let Some(read) = part.read else {
            return Some(true);
        };
        let (read, rest) = opaque.split_at(read);
        Some(
            is_etagcs(read)
                // In `"R-gzip"` the `-` belongs to the suffix `-gzip`, so it is not a separator.
                && !self.suffixes.are_all_of(rest)?,
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

/// What a few bytes of a member tell.
enum Look {
    /// It does not match.
    Different,
    Unknown,
    /// The part of the tag that is compared is the same.
    Same(Part),
}

/// The part of a member that is that of the current tag.
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

/// Reports whether the line is one member, and matches: it is the current tag with at most one
/// suffix, or has its write half. Most members are, and then nothing has to be prepared.
#[inline(always)]
pub(super) fn matches_alone(
    line: &[u8],
    current: EntityTagRef<'_>,
    rules: &Rules,
    separator: Option<u8>,
    [strong, weak]: [bool; 2],
) -> bool {
    let (weak, member) = match line {
        [b'W', b'/', member @ ..] => (weak, member),
        member => (strong, member),
    };
    let (tag, opaque) = (current.opaque_tag(), current.opaque());
    // Without its closing quote.
    let begin = &tag[..tag.len() - 1];
    weak && if begins_with(member, begin) {
        match &member[begin.len()..] {
            [b'"'] => true,
            [b'"', outside @ ..] => rules.suffixes.has(outside),
            [inside @ .., b'"'] => rules.suffixes.has(inside),
            _ => false,
        }
    } else if rules.unquoted && member == opaque {
        // Without quotes a comma ends a member.
        !matches!(member, [] | b"*") && !member.contains(&b',')
    } else {
        match (member, separator) {
            ([b'"', other @ .., b'"'], Some(separator)) if other.last() == opaque.last() => {
                has_write_half_of(other, opaque, separator, &rules.suffixes)
            }
            _ => false,
        }
    }
}

#[inline(never)]
fn has_write_half_of(other: &[u8], current: &[u8], separator: u8, suffixes: &SuffixSet) -> bool {
    match (after(current, separator), after(other, separator)) {
        (Some(half), Some(same)) if same == half => {
            let (read, rest) = other.split_at(other.len() - half.len() - 1);
            is_etagcs(read) && Suffixes::new(suffixes).are_all_of(rest) == Some(false)
        }
        _ => false,
    }
}

/// Has no early exit, so that the compiler can use vector instructions.
fn is_etagcs(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |all, &b| all & is_etagc(b))
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
        && (last < 2 || bytes.starts_with(prefix))
}

/// Returns the bytes after the first separator.
fn after(opaque: &[u8], separator: u8) -> Option<&[u8]> {
    // In a few bytes a call costs more than it saves.
    let at = if opaque.len() < 16 {
        opaque.iter().position(|byte| *byte == separator)?
    } else {
        memchr::memchr(separator, opaque)?
    };
    opaque.get(at + 1..)
}

/// The eight bytes at this place, if there are as many. The first one is the lowest.
#[inline(always)]
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + 8)?.try_into().ok()?;
    Some(u64::from_le_bytes(bytes))
}
