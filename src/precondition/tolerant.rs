//! Comparison of entity tags by [`Rules`] that deviate from RFC 9110.

use http::{HeaderValue, header::ValueIter};

use super::{
    Preconditions, Rules, aho_corasick,
    alone::matches_alone,
    comparer::{Comparer, Member},
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

/// The number of false candidates in a long line after which the rest of it is walked over. More
/// are then to be expected, and searching for each costs more.
const MOST_FALSE: usize = 4;

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
        let separator = rules.separator.filter(|_| unsafe_strong);
        if let Lines::One(line) = lines {
            let line = line.as_bytes();
            if matches_alone(line, current, rules, separator, [strong, weak]) {
                return Some(line);
            }
        }
        let suffixes = &rules.suffixes;
        let mut search = Search {
            comparer: Comparer::new(
                current.opaque(),
                separator,
                Suffixes::new(suffixes),
                [strong, weak],
            ),
            unquoted: rules.unquoted,
            undecided: false,
        };
        let (line, lines) = lines.split();
        let mut rest = Rest { line, lines };
        let found = search.find(&mut rest)?;
        if !search.undecided {
            Some(found)
        } else if suffixes.are_few() {
            search.go_on_with_shift_and(suffixes, rest)
        } else {
            search.go_on_with_aho_corasick(suffixes, rest)
        }
    }
}

/// The search for a member that matches.
struct Search<'a> {
    comparer: Comparer<'a>,
    unquoted: bool,
    /// An automaton is needed to decide whether the member matches that was found.
    undecided: bool,
}

/// What has not been searched of a field.
struct Rest<'a> {
    line: &'a [u8],
    lines: Option<ValueIter<'a, HeaderValue>>,
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
        search.find(&mut rest)
    }

    /// Finds the first member that matches, and returns its line from there on. Afterwards
    /// `rest` begins with that member.
    #[inline(always)]
    fn find<'p>(&mut self, rest: &mut Rest<'p>) -> Option<&'p [u8]> {
        let needle = self.comparer.needle();
        loop {
            let line = rest.line;
            let found = match line.len() < LONG_LINE || needle.len() < LONG_TAG {
                true => self.walk(line),
                false => self.find_in_long(line, needle),
            };
            if let Some(found) = found {
                rest.line = found;
                return Some(found);
            }
            rest.line = rest.lines.as_mut()?.next()?.as_bytes();
        }
    }

    #[inline(never)]
    fn find_in_long<'p>(&mut self, line: &'p [u8], needle: &[u8]) -> Option<&'p [u8]> {
        let mut pieces = PiecesWith::new(line, needle);
        for _ in 0..MOST_FALSE {
            let Some(piece) = pieces.next() else {
                if pieces.has_given_up() {
                    break;
                }
                return None;
            };
            if let Some(found) = self.walk(piece) {
                // The piece ends where the rest begins.
                return Some(&line[line.len() - pieces.rest().len() - found.len()..]);
            }
        }
        self.walk(pieces.rest())
    }

    #[inline(never)]
    fn walk<'p>(&mut self, line: &'p [u8]) -> Option<&'p [u8]> {
        let mut starts = Starts::new(line);
        while let Some(start) = starts.next() {
            let begin = starts.rest;
            let (end, member) = match start {
                Start::Unquoted { after } => {
                    let end = after_malformed(after);
                    if !self.unquoted {
                        starts.go_on(end);
                        continue;
                    }
                    (end, Member::unquoted(begin, begin.len() - end.len()))
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
                    let member = Member {
                        weak,
                        line: &begin[if weak { 3 } else { 1 }..],
                        length: opaque.len(),
                        outside: Some(&after[..after.len() - end.len()]),
                    };
                    (end, member)
                }
            };
            match self.comparer.matches(member) {
                Some(false) => starts.go_on(end),
                matches => {
                    self.undecided = matches.is_none();
                    return Some(begin);
                }
            }
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
