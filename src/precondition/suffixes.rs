//! The content-coding suffixes of [`Rules`](super::Rules), and the bytes that consist of them.

/// The number of suffixes up to which each of them is compared. With more of them, a table rejects
/// most.
const FEW: usize = 4;

/// How many of the first bytes of a suffix the table has.
const DEPTH: usize = 4;

/// For each of the first bytes of a suffix, and each value of that byte, the suffixes that have it:
/// bit `k` stands for suffix `k` and for every 64th after it.
pub(super) type Table = [[u64; 256]; DEPTH];

/// A set of suffixes of 1 to 63 bytes.
pub(super) struct Suffixes<'t> {
    all: &'static [&'static str],
    /// It is made when it is needed first: most members have no suffix. It is borrowed, because it
    /// is too large to be moved.
    table: &'t mut Option<Table>,
}

impl<'t> Suffixes<'t> {
    pub(super) fn new(all: &'static [&'static str], table: &'t mut Option<Table>) -> Self {
        Self { all, table }
    }

    /// Reports whether `bytes` are a sequence of zero or more suffixes.
    ///
    /// One suffix can be a prefix of another, so there can be several ways to split `bytes`. All of
    /// them are followed at once: bit `k` of `reached` is set if the bytes up to `rest[k]` are a
    /// sequence of suffixes. No suffix is longer than 63 bytes, so 64 bits are enough.
    #[inline]
    pub(super) fn are_all_of(&mut self, bytes: &[u8]) -> bool {
        bytes.is_empty() || self.split(bytes)
    }

    fn split(&mut self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        let mut reached = 1_u64;
        while !rest.is_empty() {
            reached = (reached & !1) | self.lengths_at(rest);
            // Each suffix was found inside `rest`, so no bit is beyond its end.
            let skipped = reached.trailing_zeros();
            match rest.get(skipped as usize..) {
                Some(further) if reached != 0 => rest = further,
                _ => return false,
            }
            reached >>= skipped;
        }
        true
    }

    /// Returns the lengths of the suffixes that `rest` begins with, as bits.
    #[inline]
    fn lengths_at(&mut self, rest: &[u8]) -> u64 {
        if self.all.len() <= FEW {
            return self.all.iter().fold(0, |lengths, suffix| {
                lengths | u64::from(begins_with(rest, suffix)) << suffix.len()
            });
        }
        let all = self.all;
        let table = self.table.get_or_insert_with(|| table(all));
        let mut candidates = u64::MAX;
        for (bytes, byte) in table.iter().zip(rest) {
            candidates &= bytes[usize::from(*byte)];
        }
        let mut lengths = 0;
        while candidates != 0 {
            let mut at = candidates.trailing_zeros() as usize;
            candidates &= candidates - 1;
            while let Some(suffix) = all.get(at) {
                lengths |= u64::from(begins_with(rest, suffix)) << suffix.len();
                at += 64;
            }
        }
        lengths
    }
}

/// Reports whether `rest` begins with the suffix. Many suffixes begin alike, so the last byte rejects
/// most of them, and costs no call.
#[inline]
fn begins_with(rest: &[u8], suffix: &str) -> bool {
    let suffix = suffix.as_bytes();
    rest.get(suffix.len() - 1) == suffix.last() && rest.starts_with(suffix)
}

#[cold]
fn table(suffixes: &[&str]) -> Table {
    let mut table = [[0; 256]; DEPTH];
    for (index, suffix) in suffixes.iter().enumerate() {
        let bit = 1 << (index % 64);
        for (depth, bytes) in table.iter_mut().enumerate() {
            match suffix.as_bytes().get(depth) {
                Some(byte) => bytes[usize::from(*byte)] |= bit,
                // A shorter suffix is rejected by none of the bytes that follow it.
                None => bytes.iter_mut().for_each(|suffixes| *suffixes |= bit),
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One way to split the bytes is enough.
    fn splits(bytes: &[u8], suffixes: &[&str]) -> bool {
        bytes.is_empty()
            || suffixes.iter().any(|suffix| {
                bytes
                    .strip_prefix(suffix.as_bytes())
                    .is_some_and(|rest| splits(rest, suffixes))
            })
    }

    #[test]
    fn bytes_are_split_in_every_way() {
        const FEW: &[&str] = &["-a", "-ab", "b-a", "--"];
        const MANY: &[&str] = &["-", "-a", "-ab", "a", "b-", "bb", "-aab", "--"];
        for suffixes in [FEW, MANY] {
            let mut table = None;
            let mut set = Suffixes::new(suffixes, &mut table);
            for number in 0..3_usize.pow(7) {
                let digits = (0..7).map(|place| number / 3_usize.pow(place) % 3);
                let bytes: Vec<u8> = digits.map(|digit| b"-ab"[digit]).collect();
                for length in 0..=bytes.len() {
                    let bytes = &bytes[..length];
                    assert_eq!(
                        set.are_all_of(bytes),
                        splits(bytes, suffixes),
                        "{}",
                        bytes.escape_ascii()
                    );
                }
            }
        }
    }

    // Suffix 64 has the bit of suffix 0.
    #[test]
    fn more_than_64_suffixes() {
        let suffixes: Vec<&'static str> = (0..130)
            .map(|n| &*Box::leak(format!("-{n}x").into_boxed_str()))
            .collect();
        let mut table = None;
        let all = Box::leak(suffixes.clone().into_boxed_slice());
        let mut set = Suffixes::new(all, &mut table);
        for suffix in &suffixes {
            assert!(set.are_all_of(suffix.as_bytes()), "{suffix}");
            assert!(set.are_all_of(format!("{suffix}-129x").as_bytes()));
            assert!(!set.are_all_of(format!("{suffix}-130x").as_bytes()));
        }
    }
}
