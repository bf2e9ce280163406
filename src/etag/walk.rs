//! The walk over one field line, which is the hot path of every comparison.
//!
//! Its shape follows from measured instructions (see `benches`): slice patterns instead of an index
//! avoid checking a bound twice, and a member that differs from the tag in one known byte costs no
//! call.

use memchr::{memchr, memchr_iter};

/// Reports whether a member of this line is equivalent to the tag with this opaque-tag.
///
/// Members are compared byte by byte and not parsed: what equals a well-formed tag is well-formed.
/// The `STRONG` comparison skips weak members (RFC 9110 section 8.8.3.2).
pub(super) fn line_contains<const STRONG: bool>(line: &[u8], opaque_tag: &[u8]) -> bool {
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

/// Counts the commas and blanks at the beginning.
pub(super) fn skip_separators(bytes: &[u8]) -> usize {
    const COMMAS: [u8; 16] = [b','; 16];
    let mut at = 0;
    while let Some(b',' | b' ' | b'\t') = bytes.get(at) {
        at += 1;
        while bytes.get(at..at + COMMAS.len()) == Some(&COMMAS[..]) {
            at += COMMAS.len();
        }
    }
    at
}

fn skip_blanks(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()
}

/// Finds the first comma outside quotes, or else the end. The beginning must be outside quotes.
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
    loop {
        if let None | Some(b',') = bytes.get(at) {
            return at;
        }
        let Some(length) = memchr(b',', &bytes[at..]) else {
            return bytes.len();
        };
        let comma = at + length;
        if memchr_iter(b'"', &bytes[at..comma]).count() % 2 == 0 {
            return comma;
        }
        match memchr(b'"', &bytes[comma..]) {
            Some(length) => at = comma + length + 1,
            None => return bytes.len(),
        }
    }
}
