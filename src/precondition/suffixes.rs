//! The content-coding suffixes of [`Rules`](super::Rules), and the bytes that consist of them.

/// How many suffixes are compared with how many bytes before an automaton is made. It costs as much
/// as these comparisons.
const PATIENCE: usize = 1_024;

/// A set of suffixes of 1 to 63 bytes.
pub(super) struct Suffixes<'m> {
    all: &'static [&'static str],
    /// A bit for each byte that a suffix begins with.
    first: [u64; 4],
    shortest: usize,
    patience: usize,
    machines: &'m mut Machines,
}

/// The automaton for a set of suffixes, when it is needed.
///
/// It is on the stack, because an evaluation allocates nothing, and borrowed, because it is too
/// large to be moved.
#[derive(Default)]
pub(super) struct Machines {
    small: Option<Automaton<1>>,
    large: Option<Automaton<4>>,
}

impl<'m> Suffixes<'m> {
    pub(super) fn new(all: &'static [&'static str], machines: &'m mut Machines) -> Self {
        let (mut first, mut shortest) = ([0; 4], usize::MAX);
        for suffix in all {
            shortest = shortest.min(suffix.len());
            if let Some(byte) = suffix.bytes().next() {
                first[usize::from(byte / 64)] |= 1 << (byte % 64);
            }
        }
        Self {
            all,
            first,
            shortest,
            patience: PATIENCE,
            machines,
        }
    }

    /// Reports whether `bytes` are a sequence of zero or more suffixes. The length and the first byte
    /// reject most without a call.
    #[inline]
    pub(super) fn are_all_of(&mut self, bytes: &[u8]) -> bool {
        let Some(byte) = bytes.first() else {
            return true;
        };
        bytes.len() >= self.shortest
            && self.first[usize::from(byte / 64)] >> (byte % 64) & 1 != 0
            && self.split(bytes)
    }

    #[inline(never)]
    fn split(&mut self, bytes: &[u8]) -> bool {
        if let Some(automaton) = &self.machines.small {
            automaton.accepts(bytes)
        } else if let Some(automaton) = &self.machines.large {
            automaton.accepts(bytes)
        } else {
            // Most members have one suffix.
            self.all.iter().any(|suffix| suffix.as_bytes() == bytes)
                || self.split_with_patience(bytes)
        }
    }

    #[inline(never)]
    fn split_with_patience(&mut self, bytes: &[u8]) -> bool {
        let all = self.all;
        let comparisons = all.len().saturating_mul(bytes.len());
        if let Some(patience) = self.patience.checked_sub(comparisons) {
            self.patience = patience;
            return split_by_each(all, bytes);
        }
        self.patience = 0;
        (Automaton::learn(&mut self.machines.small, all).map(|it| it.accepts(bytes)))
            .or_else(|| Automaton::learn(&mut self.machines.large, all).map(|it| it.accepts(bytes)))
            .unwrap_or_else(|| split_by_each(all, bytes))
    }
}

/// Follows all ways to split bytes into suffixes at once, because one suffix can be a prefix of
/// another (the Shift-And algorithm). What a byte costs does not depend on the suffixes.
///
/// There is a bit for each byte of each suffix, one suffix after the other. All bits of a suffix are
/// in the same word.
pub(super) struct Automaton<const WORDS: usize> {
    /// For each value of a byte, the places where the suffixes have it.
    places: [[u64; WORDS]; 256],
    first: [u64; WORDS],
    last: [u64; WORDS],
}

impl<const WORDS: usize> Automaton<WORDS> {
    const EMPTY: Self = Self {
        places: [[0; WORDS]; 256],
        first: [0; WORDS],
        last: [0; WORDS],
    };

    /// Makes the automaton for these suffixes, unless they are too many.
    fn learn<'m>(machine: &'m mut Option<Self>, all: &[&str]) -> Option<&'m Self> {
        if places(all).last()? / 64 >= WORDS {
            return None;
        }
        let automaton = machine.insert(Self::EMPTY);
        for (suffix, place) in all.iter().zip(places(all)) {
            let (word, bit) = (place / 64, place % 64);
            automaton.first[word] |= 1 << bit;
            automaton.last[word] |= 1 << (bit + suffix.len() - 1);
            for (at, byte) in suffix.bytes().enumerate() {
                automaton.places[usize::from(byte)][word] |= 1 << (bit + at);
            }
        }
        Some(automaton)
    }

    /// Reports whether the bytes are a sequence of suffixes.
    fn accepts(&self, bytes: &[u8]) -> bool {
        // The places of the byte that was read last, in all sequences that begin as the bytes do.
        let mut reached = [0; WORDS];
        let mut complete = true;
        for byte in bytes {
            // After a last place comes the first of every suffix, and so of the next one.
            let begins = if complete { u64::MAX } else { 0 };
            let places = &self.places[usize::from(*byte)];
            let (mut any, mut ended) = (0, 0);
            for word in 0..WORDS {
                let next = (reached[word] << 1 | self.first[word] & begins) & places[word];
                reached[word] = next;
                any |= next;
                ended |= next & self.last[word];
            }
            if any == 0 {
                return false;
            }
            complete = ended != 0;
        }
        complete
    }
}

/// Returns the places of the first bytes of the suffixes.
fn places<'a>(all: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
    let mut end = 0;
    all.iter().map(move |suffix| {
        let length = suffix.len();
        let begin = if end % 64 + length > 64 {
            end / 64 * 64 + 64
        } else {
            end
        };
        end = begin + length;
        begin
    })
}

/// Does the same without an automaton, for few bytes, or for a set that is too large: compares each
/// suffix.
///
/// Bit `k` of `reached` is set if the bytes up to `rest[k]` are a sequence of suffixes. No suffix is
/// longer than 63 bytes, so 64 bits are enough.
fn split_by_each(all: &[&str], bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut reached = 1_u64;
    while !rest.is_empty() {
        let begun = all.iter().fold(0, |lengths, suffix| {
            let suffix = suffix.as_bytes();
            // The first byte rejects most without a call.
            let begins = rest.first() == suffix.first() && rest.starts_with(suffix);
            lengths | u64::from(begins) << suffix.len()
        });
        reached = (reached & !1) | begun;
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
        // With a suffix that is never found, the set has more bytes than one word has bits, and more
        // than an automaton has.
        let long = &*Box::leak("x".repeat(63).into_boxed_str());
        let two_words = [FEW, &[long]].concat().leak();
        let too_large = [MANY, &[long; 4]].concat().leak();
        // The bytes of a suffix are in two words.
        let across = [&[long][..], MANY].concat().leak();
        for suffixes in [FEW, MANY, two_words, across, too_large] {
            let mut machines = Machines::default();
            let mut set = Suffixes::new(suffixes, &mut machines);
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

    #[test]
    fn more_than_64_suffixes() {
        let suffixes: Vec<&'static str> = (0..130)
            .map(|n| &*Box::leak(format!("-{n}x").into_boxed_str()))
            .collect();
        let mut machines = Machines::default();
        let all = Box::leak(suffixes.clone().into_boxed_slice());
        let mut set = Suffixes::new(all, &mut machines);
        for suffix in &suffixes {
            assert!(set.are_all_of(suffix.as_bytes()), "{suffix}");
            assert!(set.are_all_of(format!("{suffix}-129x").as_bytes()));
            assert!(!set.are_all_of(format!("{suffix}-130x").as_bytes()));
        }
    }

    /// Without the automaton, the cost of a byte depends on how many suffixes there are.
    #[test]
    fn an_automaton_is_made_unless_the_suffixes_are_too_many() {
        let suffixes = |lengths: &[usize]| -> Vec<&str> {
            let bytes = &*Box::leak("x".repeat(63).into_boxed_str());
            lengths.iter().map(|length| &bytes[..*length]).collect()
        };
        // No suffix is in two words, and each word is filled as far as that allows.
        for (lengths, expected) in [
            (&[1, 63, 1, 60, 4][..], &[0, 1, 64, 65, 128][..]),
            (&[60, 10, 63, 2, 62, 2], &[0, 64, 128, 192, 194, 256]),
        ] {
            let found: Vec<usize> = places(&suffixes(lengths)).collect();
            assert_eq!(found, expected, "{lengths:?}");
        }
        for (lengths, small, large) in [
            (&[5, 3][..], true, true),
            (&[32, 32], true, true),
            (&[32, 32, 1], false, true),
            (&[63, 2], false, true),
            (&[63, 63, 63, 63], false, true),
            (&[63, 63, 63, 63, 2], false, false),
        ] {
            let all = suffixes(lengths);
            let learned = (
                Automaton::<1>::learn(&mut None, &all).is_some(),
                Automaton::<4>::learn(&mut None, &all).is_some(),
            );
            assert_eq!(learned, (small, large), "{lengths:?}");
        }
    }
}
