//! The automatons against naive code.

use super::*;

/// One way to split the bytes is enough.
fn splits(bytes: &[u8], suffixes: &[&str]) -> bool {
    let mut reached = vec![false; bytes.len() + 1];
    reached[0] = true;
    for at in 0..bytes.len() {
        for suffix in suffixes {
            if reached[at] && bytes[at..].starts_with(suffix.as_bytes()) {
                reached[at + suffix.len()] = true;
            }
        }
    }
    reached[bytes.len()]
}

/// The answers of all that can split bytes.
fn answers(set: &SuffixSet, all: &[Vec<u8>]) -> Vec<Vec<bool>> {
    let split = |by: By<'_>| {
        let mut suffixes = Suffixes { set, by };
        let split = |bytes: &Vec<u8>| {
            let all = suffixes.are_all_of(bytes).expect("an answer");
            // What rejects most without a call is no part of the automatons.
            assert_eq!(all, bytes.is_empty() || suffixes.split(bytes) == Some(true));
            all
        };
        all.iter().map(split).collect()
    };
    let patience = usize::MAX;
    let mut answers = vec![split(By::Comparing { patience })];
    if set.are_few() {
        answers.push(split(By::ShiftAnd(&ShiftAnd::new(set.all))));
    }
    answers.push(aho_corasick::with(set.all, |automaton| {
        split(By::AhoCorasick(automaton))
    }));
    answers
}

#[track_caller]
fn check(suffixes: &[String], all: &[Vec<u8>]) -> usize {
    let suffixes = suffixes.to_vec().leak();
    let suffixes = suffixes.iter().map(String::as_str).collect::<Vec<_>>();
    let set = SuffixSet::new(suffixes.leak());
    let right: Vec<_> = all.iter().map(|bytes| splits(bytes, set.all)).collect();
    for found in answers(&set, all) {
        for ((bytes, found), right) in all.iter().zip(found).zip(&right) {
            assert_eq!(found, *right, "{} by {set:?}", bytes.escape_ascii());
        }
    }
    right.iter().filter(|right| **right).count()
}

#[test]
fn bytes_are_split_in_every_way() {
    const FEW: &[&str] = &["-a", "-ab", "b-a", "--"];
    const MANY: &[&str] = &["-", "-a", "-ab", "a", "b-", "bb", "-aab", "--"];
    const TWICE: &[&str] = &["-ab", "b", "-ab", "b", "-ab-ab"];
    let mut all = Vec::new();
    for number in 0..3_usize.pow(7) {
        let digits = (0..7).map(|place| number / 3_usize.pow(place) % 3);
        let bytes: Vec<u8> = digits.map(|digit| b"-ab"[digit]).collect();
        all.extend((0..=bytes.len()).map(|length| bytes[..length].to_vec()));
    }
    for suffixes in [FEW, MANY, TWICE] {
        let suffixes: Vec<_> = suffixes.iter().map(|suffix| (*suffix).to_owned()).collect();
        check(&suffixes, &all);
        // There are more bytes than the small automaton has bits.
        check(
            &[&suffixes[..], &["x".repeat(63), "x".repeat(62)]].concat(),
            &all,
        );
    }
}

/// A generator of numbers that look random (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn word(&mut self, letters: &[u8], longest: usize) -> String {
        let length = 1 + self.below(longest);
        let letters = (0..length).map(|_| char::from(letters[self.below(letters.len())]));
        letters.collect()
    }
}

/// Sequences of suffixes, of which some are then spoilt.
fn sequences(numbers: &mut Numbers, suffixes: &[String]) -> Vec<Vec<u8>> {
    let mut sequence = || {
        let words = (0..1 + numbers.below(12)).map(|_| &suffixes[numbers.below(suffixes.len())]);
        let mut bytes = words.fold(Vec::new(), |bytes, word| [&bytes, word.as_bytes()].concat());
        match numbers.below(6) {
            0 => bytes.truncate(numbers.below(bytes.len())),
            1 => drop(bytes.remove(numbers.below(bytes.len()))),
            2 => bytes.insert(numbers.below(bytes.len()), b'a'),
            3 => {
                let at = numbers.below(bytes.len());
                bytes[at] = b"-ab\" \0\xFF"[numbers.below(7)];
            }
            _ => {}
        }
        bytes
    };
    (0..60).map(|_| sequence()).collect()
}

#[test]
fn many_sets_split_as_naive_code_does() {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let letters: Vec<u8> = (0x21..=0xFF_u8)
        .filter(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        .collect();
    let (mut matched, mut tried) = (0, 0);
    for round in 0..400 {
        let alphabet = &letters[..[1, 2, 3, letters.len()][round % 4]];
        let longest = [3, 8, 27, 63][numbers.below(4)];
        let mut suffixes: Vec<String> = Vec::new();
        let mut bytes = 0;
        for _ in 0..1 + numbers.below([4, 20, 150][round % 3]) {
            let mut word = numbers.word(alphabet, longest);
            // Many begin or end as others do.
            if let Some(other) = suffixes.get(numbers.below(suffixes.len() + 1)) {
                let at = numbers.below(other.len() + 1);
                word = match numbers.below(3) {
                    0 => format!("{}{word}", &other[..at]),
                    1 => format!("{word}{}", &other[at..]),
                    _ => word,
                };
                word.truncate(63);
            }
            bytes += word.len();
            if bytes <= aho_corasick::MOST_BYTES {
                suffixes.push(word);
            }
        }
        let all = sequences(&mut numbers, &suffixes);
        tried += all.len();
        matched += check(&suffixes, &all);
    }
    assert!(
        (tried / 3..tried * 9 / 10).contains(&matched),
        "{matched} of {tried}"
    );
}

#[test]
fn the_largest_sets() {
    // Each node has many children, or one.
    let short: Vec<_> = (0..511)
        .map(|n| format!("{:03}-{n:03}", n * 7 % 511))
        .collect();
    let long: Vec<_> = (0..65)
        .map(|n| format!("{n:02}{}", "z".repeat(61)))
        .collect();
    let bytes = |suffixes: &[String]| suffixes.iter().map(String::len).sum::<usize>();
    assert_eq!((bytes(&short), bytes(&long)), (3_577, 4_095));
    let mut numbers = Numbers(1);
    for suffixes in [short, long] {
        let all = sequences(&mut numbers, &suffixes);
        check(&suffixes, &all);
        let each: Vec<_> = suffixes
            .iter()
            .map(|suffix| suffix.clone().into_bytes())
            .collect();
        assert_eq!(check(&suffixes, &each), suffixes.len());
    }
}

#[test]
fn patience_ends_before_an_automaton_is_cheaper() {
    const SMALL: SuffixSet = SuffixSet::new(&["-gzip", "-br"]);
    const LARGE: SuffixSet = SuffixSet::new(&["-0123456789012345678901234567890123456789"; 60]);
    for (set, bytes, most) in [
        (SMALL, &b"-gzip-br"[..], PATIENCE),
        (SMALL, b"-brip", PATIENCE),
        (LARGE, b"-9999999999999999999999999999999999999999", 2_460),
    ] {
        let mut suffixes = Suffixes::new(&set);
        let answers = (0..PATIENCE).take_while(|_| suffixes.are_all_of(bytes).is_some());
        let comparisons = answers.count() * set.all.len();
        assert!(
            (1..=most).contains(&comparisons),
            "{comparisons} for {set:?}"
        );
    }

    // One sequence can be as long as a field.
    let mut suffixes = Suffixes::new(&SMALL);
    assert_eq!(suffixes.are_all_of(&b"-gzip".repeat(1_000)), None);
}
