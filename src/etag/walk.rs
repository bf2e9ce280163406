//! The walk over one field line, which is the hot path of every comparison.
//!
//! Its shape follows from measured instructions (see `benches`): slice patterns instead of an index
//! avoid checking a bound twice, and a member that differs from the tag in one known byte costs no
//! call.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2};

use crate::fields::trim_end;

/// From this length of a line on, searching for the tag is cheaper than walking over all members.
const LONG_LINE: usize = 512;

/// Candidates for a shorter tag can be so close together that the walk is cheaper on any line.
const LONG_TAG: usize = 8;

/// Reports whether a member of this line is equivalent to the tag with this opaque-tag.
///
/// Members are compared byte by byte and not parsed: what equals a well-formed tag is well-formed.
/// The `STRONG` comparison skips weak members (RFC 9110 section 8.8.3.2).
pub(super) fn line_contains<const STRONG: bool>(line: &[u8], opaque_tag: &[u8]) -> bool {
    if line.len() >= LONG_LINE && opaque_tag.len() >= LONG_TAG {
        search::<STRONG>(line, opaque_tag)
    } else {
        walk::<STRONG>(line, opaque_tag)
    }
}

/// Searches for the bytes of the tag, and then looks at what is around them.
///
/// Whether a position is inside quotes depends only on how many quotes come before it. A member
/// begins outside quotes, at the beginning of the line or after a comma, and ends at the end of the
/// line or before a comma. Blanks do not count, nor does a weakness indicator.
fn search<const STRONG: bool>(line: &[u8], opaque_tag: &[u8]) -> bool {
    let mut inside = false;
    let mut counted = 0;
    let mut from = 0;
    while let Some(start) = find(line, opaque_tag, from) {
        inside ^= memchr_iter(b'"', &line[counted..start]).count() % 2 == 1;
        counted = start;
        let (before, weak) = match &line[..start] {
            [before @ .., b'W', b'/'] => (before, true),
            before => (before, false),
        };
        let after = &line[start + opaque_tag.len()..];
        if !(inside || weak && STRONG)
            && matches!(trim_end(before), [] | [.., b','])
            && matches!(after[skip_blanks(after)..], [] | [b',', ..])
        {
            return true;
        }
        // The closing quote can be the opening quote of the next candidate.
        from = start + opaque_tag.len() - 1;
    }
    false
}

/// Finds the next occurrence of the tag that does not begin before `from`.
///
/// Two of its bytes are compared at many positions at once: the opening quote, and the character
/// before the closing quote, in which most tags of a list differ. (`memmem` is as fast on a long
/// line, but takes longer than most lines do to prepare.)
fn find(line: &[u8], opaque_tag: &[u8], from: usize) -> Option<usize> {
    let distance = opaque_tag.len() - 2;
    let last = opaque_tag[distance];
    let mut at = from;
    loop {
        // A line that is not a list of tags may have none of one of the two bytes.
        at += memchr(b'"', &line[at..])?;
        at += memchr(last, line.get(at + distance..)?)?;
        for _ in 0..JUMP {
            let (Some(first), Some(second)) = (
                block::<BLOCK>(line, at),
                block::<BLOCK>(line, at + distance),
            ) else {
                return find_in_block(line, opaque_tag, at..line.len());
            };
            let candidate = (first.iter().zip(second))
                .fold(false, |found, (a, b)| found | ((*a == b'"') & (*b == last)));
            if candidate {
                if let Some(start) = find_in_block(line, opaque_tag, at..at + BLOCK) {
                    return Some(start);
                }
            }
            at += BLOCK;
        }
    }
}

fn find_in_block(line: &[u8], opaque_tag: &[u8], block: Range<usize>) -> Option<usize> {
    let distance = opaque_tag.len() - 2;
    let last = opaque_tag[distance];
    block.into_iter().find(|start| {
        line[*start] == b'"'
            && line.get(start + distance) == Some(&last)
            && line[*start..].starts_with(opaque_tag)
    })
}

/// How many blocks are looked at before the next position is searched by other means again.
const JUMP: usize = 8;

/// How many positions are looked at together, so that the compiler can use vector instructions.
const BLOCK: usize = 32;

fn walk<const STRONG: bool>(line: &[u8], opaque_tag: &[u8]) -> bool {
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
            _ => {
                rest = &rest[piece_end(rest)..];
                continue;
            }
        };
        // A tag contains no quotes, so the next quote closes it. Without one the line is over.
        let Some(length) = find_quote(&quoted[1..]) else {
            return false;
        };
        let (member, after) = quoted.split_at(length + 2);
        rest = after;
        if !matches!(rest, [] | [b',', ..]) {
            rest = &rest[skip_blanks(rest)..];
            if !matches!(rest, [] | [b',', ..]) {
                rest = &rest[piece_end(rest)..];
                continue;
            }
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

/// Finds the next double quote. Tags are short, so the first bytes are searched without a call.
#[inline]
pub(crate) fn find_quote(bytes: &[u8]) -> Option<usize> {
    const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_ne_bytes([b'"'; 8]);
    let mut at = 0;
    while at < 64 {
        if bytes.get(at) == Some(&b'"') {
            return Some(at);
        }
        if block::<32>(bytes, at).is_some_and(|block| !has_quote(block)) {
            at += 32;
            continue;
        }
        let Some(word) = block::<8>(bytes, at) else {
            break;
        };
        // A byte of `found` is set where `word` has a quote. Higher bytes can be false positives,
        // the lowest one cannot.
        let word = u64::from_le_bytes(*word) ^ QUOTES;
        let found = word.wrapping_sub(LOW) & !word & HIGH;
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    memchr(b'"', &bytes[at..]).map(|length| at + length)
}

#[inline]
fn block<const N: usize>(bytes: &[u8], at: usize) -> Option<&[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

/// Searches without an early exit, so that the compiler can use vector instructions.
#[inline]
fn has_quote(block: &[u8; 32]) -> bool {
    block
        .iter()
        .fold(false, |found, byte| found | (*byte == b'"'))
}

/// How many bytes are looked at one by one before a call or a vector instruction pays.
const SCALAR: usize = 16;

/// Counts the commas and blanks at the beginning.
pub(super) fn skip_separators(bytes: &[u8]) -> usize {
    skip(bytes, |byte| {
        (byte == b',') | (byte == b' ') | (byte == b'\t')
    })
}

fn skip_blanks(bytes: &[u8]) -> usize {
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
fn malformed_end(bytes: &[u8], mut at: usize) -> usize {
    if memchr(b',', &bytes[at..]).is_none() {
        return bytes.len();
    }
    let mut inside = false;
    loop {
        if block::<SCALAR>(bytes, at).is_some_and(|block| !has_quote_or_comma(block)) {
            match memchr2(b'"', b',', &bytes[at + SCALAR..]) {
                Some(length) => at += SCALAR + length,
                None => return bytes.len(),
            }
        }
        // In hostile pieces quotes and commas are so close together that a call would not pay.
        let end = bytes.len().min(at + SCALAR);
        while at < end {
            match bytes[at] {
                b'"' => inside = !inside,
                b',' if !inside => return at,
                _ => {}
            }
            at += 1;
        }
        if at == bytes.len() {
            return at;
        }
    }
}

/// Searches without an early exit, so that the compiler can use vector instructions.
#[inline]
fn has_quote_or_comma(block: &[u8; SCALAR]) -> bool {
    block.iter().fold(false, |found, byte| {
        found | (*byte == b'"') | (*byte == b',')
    })
}
