//! An automaton for suffixes of at most 64 bytes together. It is cheap to make.

/// How many bytes the suffixes may have together.
pub(super) const MOST_BYTES: usize = 64;

/// Follows all ways to split bytes into suffixes at once, because one suffix can be a prefix of
/// another (the Shift-And algorithm).
///
/// There is a bit for each byte of each suffix, one suffix after the other.
pub(super) struct ShiftAnd {
    /// For each value of a byte, the places where the suffixes have it.
    places: [u64; 256],
    first: u64,
    last: u64,
}

/// The number of bytes between two checks whether they can still be a sequence.
const BLOCK: usize = 8;

impl ShiftAnd {
    /// Makes the automaton for these suffixes, which have not too many bytes.
    #[inline(always)]
    pub(super) fn new(all: &[&str]) -> Self {
        let mut automaton = Self {
            places: [0; 256],
            first: 0,
            last: 0,
        };
        automaton.learn(all);
        automaton
    }

    fn learn(&mut self, all: &[&str]) {
        let mut place = 1;
        for suffix in all {
            self.first |= place;
            let mut end = place;
            for byte in suffix.bytes() {
                self.places[usize::from(byte)] |= place;
                end = place;
                place <<= 1;
            }
            self.last |= end;
        }
    }

    /// Reports whether the bytes are a sequence of suffixes.
    #[inline(always)]
    pub(super) fn accepts(&self, bytes: &[u8]) -> bool {
        // The places of the byte that was read last, in all sequences that begin as the bytes do,
        // and where the next byte can begin a suffix.
        let (mut reached, mut begins) = (0, self.first);
        let mut read = |byte: u8| {
            reached = (reached << 1 | begins) & self.places[usize::from(byte)];
            // After the end of a suffix, any suffix can begin. The shift alone would begin only the
            // next one.
            begins = if reached & self.last == 0 {
                0
            } else {
                self.first
            };
            reached != 0
        };
        // Most mismatches are in the first bytes.
        let (start, bytes) = bytes.split_at(BLOCK.min(bytes.len()));
        for byte in start {
            if !read(*byte) {
                return false;
            }
        }
        let mut blocks = bytes.chunks_exact(BLOCK);
        for block in &mut blocks {
            // If no suffix fits, none can fit later, so one check for each block is enough.
            if !block.iter().fold(true, |_, byte| read(*byte)) {
                return false;
            }
        }
        for byte in blocks.remainder() {
            if !read(*byte) {
                return false;
            }
        }
        begins != 0
    }
}
