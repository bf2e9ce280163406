//! The members of one field line, one after the other.
//!
//! A hostile line has a member for every two or three bytes, so that a call for each of them would
//! cost more than all the rest. So everything here is inlined, and looks at a few bytes before it
//! calls what is faster for many.

use super::{
    walk::{SCALAR, find_quote, malformed_end, short_end, skip_separators, word_quote},
    word::{commas_outside, first_byte, word_at},
};

/// The separators before a member, and what is at its beginning.
pub(crate) struct Starts<'a> {
    pub(crate) rest: &'a [u8],
    separators: usize,
}

pub(crate) enum Start<'a> {
    Quoted {
        weak: bool,
        /// The characters between the quotes.
        opaque: &'a [u8],
        /// The line after the closing quote.
        after: &'a [u8],
    },
    /// Anything else. This is what follows its first byte.
    Unquoted { after: &'a [u8] },
}

impl<'a> Starts<'a> {
    pub(crate) const fn new(line: &'a [u8]) -> Self {
        Self {
            rest: line,
            separators: 0,
        }
    }

    /// Reads the beginning of the next member, which is then that of `rest`. Returns `None` at the
    /// end of the line, or if a quote is never closed: such a member extends to the end.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<Start<'a>> {
        loop {
            let (weak, characters) = match self.rest {
                [] => return None,
                [b'"', characters @ ..] => (false, characters),
                [b',' | b' ' | b'\t', after @ ..] => {
                    self.rest = after;
                    self.separators += 1;
                    // There are rarely many, so that a call for each member would not pay.
                    if self.separators % SCALAR == 0 {
                        self.rest = &after[skip_separators(after)..];
                    }
                    continue;
                }
                [b'W', b'/', b'"', characters @ ..] => (true, characters),
                [_, after @ ..] => return Some(Start::Unquoted { after }),
            };
            let (opaque, after) = split_at_quote(characters)?;
            return Some(Start::Quoted {
                weak,
                opaque,
                after,
            });
        }
    }

    /// Goes on after a member. `end` is where it ends: with a comma, or with the line.
    #[inline(always)]
    pub(crate) fn go_on(&mut self, end: &'a [u8]) {
        self.rest = match end {
            [_, after @ ..] => after,
            [] => end,
        };
    }
}

/// Returns what is before the first quote, and what is after it.
#[inline(always)]
fn split_at_quote(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = match bytes {
        [b'"', after @ ..] => return Some((&[], after)),
        [_, b'"', after @ ..] => return Some((&bytes[..1], after)),
        _ => match word_quote(bytes, 0) {
            Some(length) => length,
            None => find_quote(bytes)?,
        },
    };
    Some((&bytes[..length], &bytes[length + 1..]))
}

/// Skips everything before the first comma outside quotes. The beginning must be outside quotes.
#[inline(always)]
pub(crate) fn after_malformed(line: &[u8]) -> &[u8] {
    match line {
        [] | [b',', ..] => return line,
        [b'"', ..] => {}
        [_, after @ ..] => match after {
            [] | [b',', ..] => return after,
            [second, end @ ..] if *second != b'"' => {
                if let [b',', ..] = end {
                    return end;
                }
            }
            _ => {}
        },
    }
    let Some(word) = word_at(line, 0) else {
        return &line[short_end(line, 0, false)..];
    };
    match commas_outside(word, false) {
        (0, inside) => after_long(&line[8..], inside),
        (commas, _) => &line[first_byte(commas)..],
    }
}

/// Does the same. The beginning may be inside quotes.
fn after_long(line: &[u8], mut inside: bool) -> &[u8] {
    // In a hostile line, quotes and commas are so close together that a call would not pay.
    let mut at = 0;
    while at < SCALAR {
        let Some(word) = word_at(line, at) else {
            return &line[short_end(line, at, inside)..];
        };
        let commas;
        (commas, inside) = commas_outside(word, inside);
        if commas != 0 {
            return &line[at + first_byte(commas)..];
        }
        at += 8;
    }
    let rest = &line[at..];
    let outside = match inside {
        false => Some(0),
        true => find_quote(rest).map(|length| length + 1),
    };
    match outside {
        Some(at) => &rest[malformed_end(rest, at)..],
        None => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_member_ends_as_byte_by_byte() {
        const LENGTH: usize = 110;
        for (open, close) in (0..LENGTH).flat_map(|at| (at..LENGTH).map(move |end| (at, end))) {
            let mut line = [b'x'; LENGTH];
            line[open..close].fill(b',');
            line[open] = b'"';
            line[close] = b'"';
            for comma in (close..LENGTH).step_by(7) {
                let old = std::mem::replace(&mut line[comma], b',');
                let mut inside = false;
                let end = line.iter().position(|byte| {
                    inside ^= *byte == b'"';
                    *byte == b',' && !inside
                });
                let rest = &line[end.unwrap_or(LENGTH)..];
                assert_eq!(after_malformed(&line), rest, "{}", line.escape_ascii());
                line[comma] = old;
            }
        }
    }
}
