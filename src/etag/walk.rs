//! The walk over one field line, which is the hot path of every comparison.
//!
//! Its shape follows from measured instructions (see `benches`): slice patterns instead of an index
//! avoid checking a bound twice, and a member that differs from the tag in one known byte costs no
//! call.

use memchr::{memchr, memchr2};

use super::{
    member::{Start, Starts, after_malformed},
    search::search,
    word::{bytes_of, commas_outside, first_byte, word_at},
};

/// From this length of a line on, searching for the tag is cheaper than walking over all members.
pub(crate) const LONG_LINE: usize = 512;

/// A line below [`LONG_LINE`] is walked over for a shorter tag. With comparison rules every line is,
/// because candidates can be dense.
pub(crate) const LONG_TAG: usize = 8;

/// Reports whether a member of this line is equivalent to the tag with this opaque-tag.
///
/// Members are compared byte by byte and not parsed: what equals a well-formed tag is well-formed.
/// The `STRONG` comparison skips weak members (RFC 9110 section 8.8.3.2). A line whose members are
/// malformed, or shorter than the tag, costs more to walk over than to search, whatever its length.
pub(super) fn line_contains<const STRONG: bool>(line: &[u8], opaque_tag: &[u8]) -> bool {
    if line.len() >= LONG_LINE {
        search::<STRONG>(line, opaque_tag)
    } else if opaque_tag.len() < LONG_TAG {
        // Most lines begin with a tag. Others may have none.
        (matches!(line, [b'"' | b'W', ..]) || memchr(b'"', line).is_some())
            && walk_all::<STRONG>(line, opaque_tag)
    } else {
        walk::<STRONG>(line, opaque_tag, search::<STRONG>)
    }
}

/// Compares a tag with one member after the other.
pub(super) fn walk_all<const STRONG: bool>(line: &[u8], opaque_tag: &[u8]) -> bool {
    let [b'"', current @ .., b'"'] = opaque_tag else {
        return false;
    };
    let mut starts = Starts::new(line);
    while let Some(start) = starts.next() {
        let end = match start {
            Start::Unquoted { after } => after_malformed(after),
            Start::Quoted {
                weak,
                opaque,
                mut after,
            } => {
                if let [b' ' | b'\t', ..] = after {
                    after = &after[skip_blanks(after)..];
                }
                if !matches!(after, [] | [b',', ..]) {
                    after_malformed(after)
                } else if !(weak && STRONG) && is_same_opaque(opaque, current) {
                    return true;
                } else {
                    after
                }
            }
        };
        starts.go_on(end);
    }
    false
}

/// Compares a long tag with one member after the other, until one of them is malformed or short:
/// `go_on` then does the same for the rest of the line.
#[inline(always)]
pub(super) fn walk<const STRONG: bool>(
    line: &[u8],
    opaque_tag: &[u8],
    go_on: impl Fn(&[u8], &[u8]) -> bool,
) -> bool {
    let mut rest = line;
    loop {
        let (quoted, weak) = match rest {
            [] => return false,
            [b'"', ..] => (rest, false),
            [b',', b' ', quoted @ ..] if quoted.first() == Some(&b'"') => (quoted, false),
            [b',' | b' ' | b'\t', ..] => {
                rest = &rest[skip_separators(rest)..];
                continue;
            }
            [b'W', b'/', quoted @ ..] if quoted.first() == Some(&b'"') => (quoted, true),
            _ => return go_on(rest, opaque_tag),
        };
        // A tag contains no quotes, so the next quote closes it. Without one the member extends to
        // the end of the line.
        let Some(length) = find_quote(&quoted[1..]) else {
            return false;
        };
        let (member, after) = quoted.split_at(length + 2);
        rest = after;
        if !matches!(rest, [] | [b',', ..]) {
            rest = &rest[skip_blanks(rest)..];
            if !matches!(rest, [] | [b',', ..]) {
                return go_on(&rest[piece_end(rest)..], opaque_tag);
            }
        }
        if length + 2 < opaque_tag.len() {
            return go_on(rest, opaque_tag);
        }
        if is_same(member, opaque_tag) && !(weak && STRONG) {
            return true;
        }
    }
}

/// Compares the last characters first: most members of a list differ there, and cost no call.
#[inline]
fn is_same(member: &[u8], opaque_tag: &[u8]) -> bool {
    match (member, opaque_tag) {
        ([.., a, _], [.., b, _]) => a == b && member == opaque_tag,
        _ => false,
    }
}

/// Compares the characters between the quotes. Few of them are compared without a call.
#[inline]
fn is_same_opaque(opaque: &[u8], current: &[u8]) -> bool {
    if opaque.len() != current.len() {
        return false;
    }
    if current.len() < LONG_TAG {
        opaque.iter().zip(current).all(|(a, b)| a == b)
    } else {
        opaque.last() == current.last() && opaque == current
    }
}

/// Finds the next double quote. Tags are short, so the first bytes are searched without a call.
#[inline]
pub(super) fn find_quote(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < 64 {
        if bytes.get(at) == Some(&b'"') {
            return Some(at);
        }
        if block::<32>(bytes, at).is_some_and(|block| !has_byte(block, b'"')) {
            at += 32;
            continue;
        }
        if bytes.len() < at + 8 {
            break;
        }
        if let Some(found) = word_quote(bytes, at) {
            return Some(found);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    let length = if rest.len() < 8 {
        rest.iter().position(|byte| *byte == b'"')
    } else {
        memchr(b'"', rest)
    };
    length.map(|length| at + length)
}

/// Finds a double quote in the eight bytes at this position, if there are as many.
#[inline]
pub(super) fn word_quote(bytes: &[u8], at: usize) -> Option<usize> {
    let found = bytes_of(word_at(bytes, at)?, b'"');
    (found != 0).then(|| at + first_byte(found))
}

#[inline]
pub(super) fn block<const N: usize>(bytes: &[u8], at: usize) -> Option<&[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

/// How many bytes are looked at one by one before a call or a vector instruction pays.
pub(super) const SCALAR: usize = 16;

/// Counts the commas and blanks at the beginning.
pub(super) fn skip_separators(bytes: &[u8]) -> usize {
    skip(bytes, |byte| {
        (byte == b',') | (byte == b' ') | (byte == b'\t')
    })
}

pub(super) fn skip_blanks(bytes: &[u8]) -> usize {
    skip(bytes, |byte| (byte == b' ') | (byte == b'\t'))
}

/// Counts the bytes at the beginning that are skipped.
#[inline]
fn skip(bytes: &[u8], skipped: impl Fn(u8) -> bool) -> usize {
    let mut at = 0;
    while bytes.get(at).is_some_and(|byte| skipped(*byte)) {
        at += 1;
        if at % SCALAR == 0 {
            // Without an early exit, so that the compiler can use vector instructions.
            while block::<SCALAR>(bytes, at)
                .is_some_and(|block| block.iter().fold(true, |all, byte| all & skipped(*byte)))
            {
                at += SCALAR;
            }
        }
    }
    at
}

/// Finds the first comma outside quotes, or else the end. The beginning must be outside quotes.
#[inline]
pub(super) fn piece_end(bytes: &[u8]) -> usize {
    let mut at = match bytes {
        [b'"', ..] => 1,
        [b'W', b'/', b'"', ..] => 3,
        _ => 0,
    };
    if at > 0 {
        // The fast path for tags.
        match find_quote(&bytes[at..]) {
            Some(length) => at += length + 1,
            None => return bytes.len(),
        }
    }
    match bytes.get(at) {
        None | Some(b',') => at,
        Some(_) => malformed_end(bytes, at),
    }
}

/// Finds the first comma outside quotes that is not before `at`, which is outside quotes.
pub(super) fn malformed_end(bytes: &[u8], mut at: usize) -> usize {
    let mut inside = false;
    let mut first = true;
    loop {
        // In hostile pieces quotes and commas are so close together that a call would not pay.
        for _ in 0..SCALAR / 8 {
            let Some(word) = word_at(bytes, at) else {
                return short_end(bytes, at, inside);
            };
            let commas;
            (commas, inside) = commas_outside(word, inside);
            if commas != 0 {
                return at + first_byte(commas);
            }
            at += 8;
        }
        if first && memchr(b',', &bytes[at..]).is_none() {
            return bytes.len();
        }
        first = false;
        // Inside quotes only a quote matters.
        let jump = match block::<SCALAR>(bytes, at) {
            Some(block) if inside && !has_byte(block, b'"') => memchr(b'"', &bytes[at + SCALAR..]),
            Some(block) if !inside && !has_byte(block, b'"') && !has_byte(block, b',') => {
                memchr2(b'"', b',', &bytes[at + SCALAR..])
            }
            _ => continue,
        };
        match jump {
            Some(length) => at += SCALAR + length,
            None => return bytes.len(),
        }
    }
}

/// Does the same for a few bytes, which may be inside quotes.
pub(super) fn short_end(bytes: &[u8], at: usize, mut inside: bool) -> usize {
    for (at, byte) in bytes.iter().enumerate().skip(at) {
        match byte {
            b'"' => inside = !inside,
            b',' if !inside => return at,
            _ => {}
        }
    }
    bytes.len()
}

/// Searches without an early exit, so that the compiler can use vector instructions.
#[inline]
fn has_byte<const N: usize>(block: &[u8; N], value: u8) -> bool {
    (block.iter()).fold(false, |found, byte| found | (*byte == value))
}
