//! Eight bytes of a line at a time. The lowest byte of a word is the first one.

/// Returns the eight bytes at this place, if there are as many.
#[inline(always)]
pub(crate) fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + 8)?.try_into().ok()?;
    Some(u64::from_le_bytes(bytes))
}

/// Returns a word whose lowest bit that is set is in the first comma outside quotes, and whether a
/// quote is open after these bytes.
#[inline(always)]
pub(super) const fn commas_outside(word: u64, inside: bool) -> (u64, bool) {
    if !inside && bytes_of(word, b'"') == 0 {
        return (bytes_of(word, b','), false);
    }
    let mut quoted = equal_bytes(word, b'"');
    // The bit of a byte becomes the parity of all bits up to it.
    quoted ^= quoted << 8;
    quoted ^= quoted << 16;
    quoted ^= quoted << 32;
    if inside {
        quoted = !quoted;
    }
    (equal_bytes(word, b',') & !quoted, quoted >> 63 != 0)
}

/// The place of the first byte in which a bit is set.
#[inline(always)]
pub(super) const fn first_byte(word: u64) -> usize {
    (word.trailing_zeros() / 8) as usize
}

/// Returns a word in which the highest bit of each byte is set that has this value.
#[inline(always)]
const fn equal_bytes(word: u64, value: u8) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x7F; 8]);
    let word = word ^ u64::from_ne_bytes([value; 8]);
    !((word & LOW).wrapping_add(LOW) | word | LOW)
}

/// Returns a word whose lowest bit that is set is in the first byte that has this value. Higher bits
/// can be false positives.
#[inline(always)]
pub(super) const fn bytes_of(word: u64, value: u8) -> u64 {
    zero_bytes(word ^ u64::from_ne_bytes([value; 8]))
}

/// Does the same for the value 0.
#[inline(always)]
pub(crate) const fn zero_bytes(word: u64) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    word.wrapping_sub(LOW) & !word & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_comma_outside_quotes_is_found() {
        for number in 0..4_usize.pow(8) {
            let digit = |place| number / 4_usize.pow(place) % 4;
            let bytes = [0, 1, 2, 3, 4, 5, 6, 7].map(|place| b"\",-\x23"[digit(place)]);
            for inside in [false, true] {
                let mut quoted = inside;
                let mut first = None;
                for (at, byte) in bytes.iter().enumerate() {
                    quoted ^= *byte == b'"';
                    if *byte == b',' && !quoted {
                        first = first.or(Some(at));
                    }
                }
                let (commas, open) = commas_outside(u64::from_le_bytes(bytes), inside);
                let found = (commas != 0).then(|| first_byte(commas));
                let text = bytes.escape_ascii();
                assert_eq!((found, open), (first, quoted), "{text} {inside}");
            }
        }
    }
}
