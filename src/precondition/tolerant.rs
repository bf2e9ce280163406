//! Comparison of entity tags by [`Rules`] that deviate from RFC 9110.

use http::{HeaderValue, header::ValueIter};

use super::{
    Preconditions, Rules, aho_corasick,
    comparer::Comparer,
    is_safe,
    shift_and::ShiftAnd,
    suffixes::{By, SuffixSet, Suffixes},
};
use crate::{
    etag::{
        Comparison, EntityTagRef, LONG_LINE, LONG_TAG, Lines, PiecesWith, Start, Starts,
        after_malformed,
    },
    fields::trim_end,
};

/// How many members of a long line may contain the current tag and not match. After so many, more
/// are to be expected, and to search for each costs more than to walk over all.
const FALSE: usize = 4;

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
        let any = comparison == Comparison::Weak || rules.weak_if_match;
        let strong = any || !current.is_weak();
        let weak = any || !current.is_weak() && rules.weakened_by_proxy;
        let suffixes = &rules.suffixes;
        let mut search = Search {
            comparer: Comparer::new(
                current.opaque(),
                rules.separator.filter(|_| unsafe_strong),
                Suffixes::new(suffixes),
                [strong, weak],
            ),
            unquoted: rules.unquoted,
        };
        let (line, lines) = lines.split();
        let mut rest = Rest { line, lines };
        match search.find(&mut rest)? {
            Found::Match(line) => Some(line),
            Found::Undecided(_) if suffixes.are_few() => {
                search.go_on_with_shift_and(suffixes, rest)
            }
            Found::Undecided(_) => search.go_on_with_aho_corasick(suffixes, rest),
        }
    }
}

/// The search for a member that matches.
struct Search<'a> {
    comparer: Comparer<'a>,
    unquoted: bool,
}

/// What has not been searched of a field.
struct Rest<'a> {
    line: &'a [u8],
    lines: Option<ValueIter<'a, HeaderValue>>,
}

/// The line from some member on.
enum Found<'p> {
    /// The member matches.
    Match(&'p [u8]),
    /// An automaton is needed to decide.
    Undecided(&'p [u8]),
}

impl Search<'_> {
    /// The automaton is on the stack, because an evaluation allocates nothing, and in the frame of
    /// the function that needs it, so that its size does not slow down others.
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
        let mut search = self;
        search.comparer.suffixes = Suffixes::with(suffixes, by);
        match search.find(&mut rest)? {
            Found::Match(line) | Found::Undecided(line) => Some(line),
        }
    }

    /// Finds the first member that matches. If it is undecided, the rest begins with it.
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
        let needle = self.comparer.needle();
        if line.len() < LONG_LINE || needle.len() < LONG_TAG {
            return self.walk(line);
        }
        let mut pieces = PiecesWith::new(line, needle);
        for _ in 0..FALSE {
            let piece = pieces.next()?;
            // The piece ends where the rest begins.
            let from = |member: &[u8]| &line[line.len() - pieces.rest().len() - member.len()..];
            match self.walk(piece) {
                Some(Found::Match(member)) => return Some(Found::Match(from(member))),
                Some(Found::Undecided(member)) => return Some(Found::Undecided(from(member))),
                None => {}
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
                    let matches = match self.unquoted {
                        true => (self.comparer).matches_unquoted(begin, begin.len() - end.len()),
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
                    let inside = &begin[if weak { 3 } else { 1 }..];
                    let outside = &after[..after.len() - end.len()];
                    let length = opaque.len();
                    (self.comparer.matches(weak, inside, length, outside), end)
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
