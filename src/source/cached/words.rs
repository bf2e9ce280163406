//! Tests of the bytes of a text, eight at once.

use std::ops::RangeInclusive;

use crate::etag::zero_bytes;

const ONES: u64 = u64::MAX / 0xff;
const HIGH: u64 = ONES * 0x80;

/// Reports whether a text has one of two bytes. Neither may be 0.
#[inline]
pub(super) fn has_either(text: &[u8], bytes: [u8; 2]) -> bool {
    let [one, other] = bytes.map(|byte| ONES * u64::from(byte));
    any(text, |word| {
        zero_bytes(word ^ one) | zero_bytes(word ^ other) != 0
    })
}

/// Reports whether a text has a character in a range of ASCII. 0 may not be in the range.
#[inline]
pub(super) fn has_in(text: &[u8], range: RangeInclusive<u8>) -> bool {
    // The highest bit of each byte says whether the sum is 128 or more. No sum exceeds a byte.
    let from = ONES * (128 - u64::from(*range.start()));
    let after = ONES * (127 - u64::from(*range.end()));
    any(text, |word| {
        let low = word & !HIGH;
        (low + from) & !(low + after) & !word & HIGH != 0
    })
}

/// Applies a test to words that cover all bytes. A short text is filled up with zeros, and the last
/// word may overlap the one before.
#[inline]
fn any(text: &[u8], test: impl Fn(u64) -> bool) -> bool {
    let Some(last) = text.len().checked_sub(8) else {
        let word = text
            .iter()
            .fold(0, |word, &byte| word << 8 | u64::from(byte));
        return test(word);
    };
    let test = |bytes: &[u8]| {
        bytes
            .try_into()
            .map_or(true, |word| test(u64::from_ne_bytes(word)))
    };
    text.chunks_exact(8).any(test) || test(&text[last..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_found_at_each_place() {
        for (length, place) in (0..20).flat_map(|n| (0..n).map(move |at| (n, at))) {
            for filler in [0, b'$', b'9', b'[', 0x80, 0xff] {
                for byte in 0..=u8::MAX {
                    let mut text = vec![filler; length];
                    text[place] = byte;
                    let either = matches!(byte, b'%' | b'.');
                    assert_eq!(has_either(&text, [b'%', b'.']), either, "{text:?}");
                    let in_range = (b':'..=b'Z').contains(&byte);
                    assert_eq!(has_in(&text, b':'..=b'Z'), in_range, "{text:?}");
                }
            }
        }
        assert!(!has_either(b"", [b'%', b'.']) && !has_in(b"", b':'..=b'Z'));
    }
}
