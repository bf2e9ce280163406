//! Comparison of entity tags by [`Rules`] that deviate from RFC 9110.

use super::{
    Preconditions, Rules, is_safe,
    suffixes::{Machines, Suffixes},
};
use crate::{
    etag::{
        Comparison, EntityTagRef, LONG_LINE, LONG_TAG, Lines, PiecesWith, Start, Starts,
        after_malformed, is_etagc,
    },
    fields::trim_end,
};

/// How many members of a long line may contain the current tag and not match. After so many, more
/// are to be expected, and to search for each costs more than to walk over all.
const FALSE: usize = 4;

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

impl<'a> Preconditions<'a> {
    /// Returns the first member of the field that matches the current tag by the rules. A member
    /// that matches by RFC 9110 matches by every set of rules.
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
        let mut machines = Machines::default();
        let mut comparer = Comparer {
            current: current.opaque(),
            write,
            suffixes: Suffixes::new(rules.suffixes, &mut machines),
            unquoted: rules.unquoted,
            strong: any || !current.is_weak(),
            weak: any || !current.is_weak() && rules.weakened_by_proxy,
        };
        lines.find_map(|line| comparer.find(line))
    }
}

/// A member of a list, split into its parts. It need not be well-formed.
struct Member<'a> {
    weak: bool,
    /// The characters between the quotes.
    opaque: &'a [u8],
    /// What follows the closing quote.
    outside: &'a [u8],
}

impl Comparer<'_> {
    /// Returns the first member of a line that matches.
    fn find<'p>(&mut self, line: &'p [u8]) -> Option<&'p [u8]> {
        // Whatever matches contains the current tag, or its write half.
        let needle = self.write.map_or(self.current, |(half, _)| half);
        if line.len() < LONG_LINE || needle.len() < LONG_TAG {
            return self.walk(line);
        }
        let mut pieces = PiecesWith::new(line, needle);
        for _ in 0..FALSE {
            let piece = pieces.next()?;
            if let Some(member) = self.walk(piece) {
                return Some(member);
            }
        }
        self.walk(pieces.rest())
    }

    fn walk<'p>(&mut self, line: &'p [u8]) -> Option<&'p [u8]> {
        let mut starts = Starts::new(line);
        while let Some(start) = starts.next() {
            let begin = starts.rest;
            let end = match start {
                Start::Unquoted { after } => {
                    let end = after_malformed(after);
                    if self.unquoted && self.matches_unquoted(before(begin, end)) {
                        return Some(before(begin, end));
                    }
                    end
                }
                Start::Quoted {
                    weak,
                    opaque,
                    after,
                } => {
                    let end = match after {
                        [] | [b',', ..] => after,
                        after => after_malformed(after),
                    };
                    if self.may_match(opaque) {
                        let member = Member {
                            weak,
                            opaque,
                            outside: before(after, end),
                        };
                        if self.matches(member) {
                            return Some(before(begin, end));
                        }
                    }
                    end
                }
            };
            starts.go_on(end);
        }
        None
    }

    /// Rejects most members of a list without a call.
    #[inline]
    fn may_match(&self, opaque: &[u8]) -> bool {
        let begins = match self.current {
            [first, ..] => opaque.first() == Some(first),
            [] => true,
        };
        // With a write half the beginning is the read half, which may be another one.
        begins || (self.write).is_some_and(|(half, _)| opaque.len() > half.len())
    }

    #[inline]
    fn matches_unquoted(&mut self, bytes: &[u8]) -> bool {
        let (weak, opaque) = match bytes {
            [b'W', b'/', opaque @ ..] => (true, opaque),
            opaque => (false, opaque),
        };
        !matches!(opaque, [] | b"*")
            && self.may_match(opaque)
            // Malformed members have quotes. What is compared has none.
            && !opaque.contains(&b'"')
            && self.matches(Member {
                weak,
                opaque,
                outside: &[],
            })
    }

    /// The current tag and the suffixes are well-formed, and so is what consists of them.
    #[inline(never)]
    fn matches(&mut self, member: Member<'_>) -> bool {
        let Member {
            weak,
            opaque,
            outside,
        } = member;
        (if weak { self.weak } else { self.strong })
            && (self.is_suffixed(opaque, self.current)
                || self.write.is_some() && self.has_write_half(opaque))
            && self.suffixes.are_all_of(outside)
    }

    /// Reports whether the write half of a member is that of the current tag.
    fn has_write_half(&mut self, opaque: &[u8]) -> bool {
        let Some((current, separator)) = self.write else {
            return false;
        };
        let Some(half) = after(opaque, separator) else {
            return false;
        };
        let (read, rest) = opaque.split_at(opaque.len() - half.len() - 1);
        self.is_suffixed(half, current)
            // In `"R-gzip"` the `-` belongs to the suffix `-gzip`, so it is not a separator.
            && !self.suffixes.are_all_of(rest)
            // No early exit, so that the compiler can use vector instructions.
            && read.iter().fold(true, |all, &b| all & is_etagc(b))
    }

    /// Reports whether `bytes` are `current`, followed by zero or more suffixes.
    #[inline]
    fn is_suffixed(&mut self, bytes: &[u8], current: &[u8]) -> bool {
        begins_with(bytes, current) && self.suffixes.are_all_of(&bytes[current.len()..])
    }
}

/// Returns the beginning of `line` before `rest`, which is its end, without blanks.
#[inline]
fn before<'a>(line: &'a [u8], rest: &[u8]) -> &'a [u8] {
    trim_end(&line[..line.len() - rest.len()])
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
