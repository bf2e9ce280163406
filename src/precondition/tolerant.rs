//! Comparison of entity tags by [`Rules`] that deviate from RFC 9110.

use http::{HeaderValue, header::ValueIter};

use super::{
    Preconditions, Rules, aho_corasick, is_safe,
    shift_and::ShiftAnd,
    suffixes::{By, SuffixSet, Suffixes},
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
    /// What is compared if only the write halves of split tags are.
    write: Option<WriteHalf<'a>>,
    /// How many characters a member needs to match, and the first of them, unless it may be any.
    least: usize,
    first: Option<u8>,
    suffixes: Suffixes<'a>,
    unquoted: bool,
    /// A strong member can match.
    strong: bool,
    /// A weak member can match.
    weak: bool,
}

/// The write half of the current tag.
#[derive(Clone, Copy)]
struct WriteHalf<'a> {
    half: &'a [u8],
    separator: u8,
    /// The separator and the half, without what is before.
    with_separator: &'a [u8],
    /// They are a sequence of suffixes. `None` if that is not known yet.
    is_suffixes: Option<bool>,
}

/// The line from some member on.
enum Found<'p> {
    /// The member matches.
    Match(&'p [u8]),
    /// An automaton is needed to decide.
    Undecided(&'p [u8]),
}

/// What has not been compared of a field.
struct Rest<'a> {
    line: &'a [u8],
    lines: Option<ValueIter<'a, HeaderValue>>,
}

impl<'a> Preconditions<'a> {
    /// Finds the first member of the field that matches the current tag by the rules. Returns its
    /// line from there on. A member that matches by RFC 9110 matches by every set of rules.
    pub(super) fn find_tolerantly(
        &self,
        lines: &Lines<'a>,
        current: EntityTagRef<'_>,
        rules: &Rules,
        comparison: Comparison,
    ) -> Option<&'a [u8]> {
        let unsafe_strong = comparison == Comparison::Strong && !is_safe(self.method);
        let separator = rules.separator.filter(|_| unsafe_strong);
        let any = comparison == Comparison::Weak || rules.weak_if_match;
        let current_is_weak = current.is_weak();
        let current = current.opaque();
        let write = separator.and_then(|separator| WriteHalf::of(current, separator));
        let mut comparer = Comparer {
            current,
            write,
            least: write.map_or(current.len(), |write| write.with_separator.len()),
            // With a write half the beginning is the read half, which may be another one.
            first: current.first().copied().filter(|_| write.is_none()),
            suffixes: Suffixes::new(&rules.suffixes),
            unquoted: rules.unquoted,
            strong: any || !current_is_weak,
            weak: any || !current_is_weak && rules.weakened_by_proxy,
        };
        let (line, lines) = lines.split();
        let mut rest = Rest { line, lines };
        match comparer.find(&mut rest)? {
            Found::Match(line) => Some(line),
            Found::Undecided(_) if rules.suffixes.are_few() => {
                comparer.go_on_with_shift_and(&rules.suffixes, rest)
            }
            Found::Undecided(_) => comparer.go_on_with_aho_corasick(&rules.suffixes, rest),
        }
    }
}

impl<'a> WriteHalf<'a> {
    fn of(current: &'a [u8], separator: u8) -> Option<Self> {
        let half = after(current, separator)?;
        Some(Self {
            half,
            separator,
            with_separator: &current[current.len() - half.len() - 1..],
            is_suffixes: None,
        })
    }
}

impl Comparer<'_> {
    /// The automaton is on the stack, because an evaluation allocates nothing, and in the frame of
    /// the function that needs it, so that others are not slowed down by its size.
    #[inline(never)]
    fn go_on_with_shift_and<'p>(self, suffixes: &SuffixSet, rest: Rest<'p>) -> Option<&'p [u8]> {
        let automaton = ShiftAnd::new(suffixes.all());
        self.go_on(suffixes, By::ShiftAnd(&automaton), rest)
    }

    #[inline(never)]
    fn go_on_with_aho_corasick<'p>(self, suffixes: &SuffixSet, rest: Rest<'p>) -> Option<&'p [u8]> {
        aho_corasick::with(suffixes.all(), |automaton| {
            self.go_on(suffixes, By::AhoCorasick(automaton), rest)
        })
    }

    #[inline(never)]
    fn go_on<'p>(self, suffixes: &SuffixSet, by: By<'_>, mut rest: Rest<'p>) -> Option<&'p [u8]> {
        let mut comparer = Comparer {
            suffixes: Suffixes::with(suffixes, by),
            ..self
        };
        match comparer.find(&mut rest)? {
            Found::Match(line) | Found::Undecided(line) => Some(line),
        }
    }

    /// Finds the first member that matches. If it is undecided, it is the first one of the rest.
    #[inline(never)]
    fn find<'p>(&mut self, rest: &mut Rest<'p>) -> Option<Found<'p>> {
        loop {
            match self.find_in(rest.line) {
                Some(Found::Undecided(line)) => {
                    rest.line = line;
                    return Some(Found::Undecided(line));
                }
                None => rest.line = rest.lines.as_mut()?.next()?.as_bytes(),
                found => return found,
            }
        }
    }

    fn find_in<'p>(&mut self, line: &'p [u8]) -> Option<Found<'p>> {
        // Whatever matches contains the current tag, or its write half.
        let needle = self.write.map_or(self.current, |write| write.half);
        if line.len() < LONG_LINE || needle.len() < LONG_TAG {
            return self.walk(line);
        }
        let mut pieces = PiecesWith::new(line, needle);
        for _ in 0..FALSE {
            let piece = pieces.next()?;
            if let Some(found) = self.walk(piece) {
                let (Found::Match(member) | Found::Undecided(member)) = found;
                // The piece ends where the rest begins.
                let line = &line[line.len() - pieces.rest().len() - member.len()..];
                return Some(match found {
                    Found::Match(_) => Found::Match(line),
                    Found::Undecided(_) => Found::Undecided(line),
                });
            }
        }
        self.walk(pieces.rest())
    }

    #[inline(never)]
    fn walk<'p>(&mut self, line: &'p [u8]) -> Option<Found<'p>> {
        let mut starts = Starts::new(line);
        while let Some(start) = starts.next() {
            let begin = starts.rest;
            let (matches, end) = match start {
                Start::Unquoted { after } => {
                    let end = after_malformed(after);
                    let piece = &begin[..begin.len() - end.len()];
                    let matches = match self.unquoted {
                        true => self.matches_unquoted(piece),
                        false => Some(false),
                    };
                    (matches, end)
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
                    let matches = match self.may_match(opaque) {
                        true => self.matches(weak, opaque, before(after, end)),
                        false => Some(false),
                    };
                    (matches, end)
                }
            };
            match matches {
                Some(false) => {}
                Some(true) => return Some(Found::Match(begin)),
                None => return Some(Found::Undecided(begin)),
            }
            starts.go_on(end);
        }
        None
    }

    /// Rejects most members of a list without a call.
    #[inline(always)]
    fn may_match(&self, opaque: &[u8]) -> bool {
        opaque.len() >= self.least
            && (self.first).map_or(true, |first| opaque.first() == Some(&first))
    }

    /// The blanks at the end do not belong to the member.
    #[inline(always)]
    fn matches_unquoted(&mut self, piece: &[u8]) -> Option<bool> {
        let (weak, opaque) = match piece {
            [b'W', b'/', opaque @ ..] => (true, opaque),
            opaque => (false, opaque),
        };
        if !self.may_match(opaque) {
            return Some(false);
        }
        match trim_end(opaque) {
            [] | b"*" => Some(false),
            // What is compared has no quotes.
            opaque => self.matches(weak, opaque, &[]),
        }
    }

    /// Reports whether a member matches. Returns `None` if that needs an automaton.
    ///
    /// The current tag and the suffixes are well-formed, and so is what consists of them. The cheap
    /// tests come first, because there are lists of members that fail in the last one.
    #[inline(never)]
    fn matches(&mut self, weak: bool, opaque: &[u8], outside: &[u8]) -> Option<bool> {
        if !(if weak { self.weak } else { self.strong }) {
            return Some(false);
        }
        if begins_with(opaque, self.current) {
            // Then the write halves are followed by the same.
            let inside = &opaque[self.current.len()..];
            return Some(self.suffixes.are_all_of(outside)? && self.suffixes.are_all_of(inside)?);
        }
        let Some(write) = self.write else {
            return Some(false);
        };
        let half = match after(opaque, write.separator) {
            Some(half) if begins_with(half, write.half) => half,
            _ => return Some(false),
        };
        let (read, rest) = opaque.split_at(opaque.len() - half.len() - 1);
        let inside = &half[write.half.len()..];
        Some(
            // No early exit, so that the compiler can use vector instructions.
            read.iter().fold(true, |all, &b| all & is_etagc(b))
                && self.suffixes.are_all_of(outside)?
                && self.suffixes.are_all_of(inside)?
                // In `"R-gzip"` the `-` belongs to the suffix `-gzip`, so it is not a separator.
                && !self.is_write_half_suffixes()?
                && (inside.is_empty() || !self.suffixes.are_all_of(rest)?),
        )
    }

    /// Reports whether the separator and the write half are a sequence of suffixes.
    fn is_write_half_suffixes(&mut self) -> Option<bool> {
        let Some(write) = &mut self.write else {
            return Some(false);
        };
        if write.is_suffixes.is_none() {
            write.is_suffixes = Some(self.suffixes.are_all_of(write.with_separator)?);
        }
        write.is_suffixes
    }
}

/// Returns the first member of a line that begins with it.
pub(super) fn first_member(line: &[u8]) -> &[u8] {
    before(line, after_malformed(line))
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
