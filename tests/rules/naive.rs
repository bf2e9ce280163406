//! All rules at once against code that is as short as the rules are, and as slow as it likes.

use tower_conditional::Rules;

use crate::{revalidates, writes};

struct Naive<'a> {
    current: &'a str,
    suffixes: &'a [&'a str],
    unquoted: bool,
    weak: bool,
    write_half: bool,
}

impl Naive<'_> {
    fn matches(&self, line: &str) -> bool {
        pieces(line).any(|piece| self.is_same(piece.trim_matches([' ', '\t'])))
    }

    fn is_same(&self, piece: &str) -> bool {
        let (weak, tag) = match piece.strip_prefix("W/") {
            Some(tag) => (true, tag),
            None => (false, piece),
        };
        let (opaque, outside) = match tag.strip_prefix('"') {
            Some(tag) => match tag.split_once('"') {
                Some(parts) => parts,
                None => return false,
            },
            None if self.unquoted && !matches!(tag, "" | "*") => (tag, ""),
            None => return false,
        };
        let is_etagc = |c: char| !matches!(c, ' ' | '\t' | '"');
        (!weak || self.weak)
            && opaque.chars().all(is_etagc)
            && self.are_suffixes(outside)
            && (self.is_suffixed(opaque, self.current) || self.has_same_write_half(opaque))
    }

    fn is_suffixed(&self, opaque: &str, tag: &str) -> bool {
        (opaque.strip_prefix(tag)).is_some_and(|suffixes| self.are_suffixes(suffixes))
    }

    fn has_same_write_half(&self, opaque: &str) -> bool {
        let (Some((_, half)), Some((_, other))) =
            (self.current.split_once('-'), opaque.split_once('-'))
        else {
            return false;
        };
        self.write_half
            && self.is_suffixed(other, half)
            && !self.are_suffixes(&opaque[opaque.len() - other.len() - 1..])
    }

    fn are_suffixes(&self, text: &str) -> bool {
        let mut reached = vec![false; text.len() + 1];
        reached[0] = true;
        for at in 0..text.len() {
            for suffix in self.suffixes {
                if reached[at] && text[at..].starts_with(suffix) {
                    reached[at + suffix.len()] = true;
                }
            }
        }
        reached[text.len()]
    }
}

/// Splits a line at the commas outside quotes.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    line.split(move |c| {
        inside ^= c == '"';
        c == ',' && !inside
    })
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

    fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

/// What lines consist of: everything that matters to one of the rules, and almost does.
fn tokens(current: &str, suffixes: &[&str]) -> Vec<String> {
    let cut = |text: &str| text[..text.len().saturating_sub(1)].to_owned();
    let half = current.split_once('-').map_or(current, |(_, half)| half);
    let mut tokens: Vec<String> = [
        "\"", "W/", ",", " ", "\t", "x", "-", "*", "\",\"", "W", "x-",
    ]
    .map(str::to_owned)
    .to_vec();
    for text in suffixes.iter().take(3).chain(&[current, half]) {
        tokens.extend([(*text).to_owned(), cut(text)]);
    }
    for member in [
        format!("{current}{}", suffixes[0]),
        format!("x-{half}"),
        format!("x-{half}{}", suffixes[0]),
        format!("x -{half}"),
    ] {
        tokens.extend([format!("\"{member}\""), format!("\"{member}~\","), member]);
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

fn check(numbers: &mut Numbers, current: &str, suffixes: &'static [&'static str]) -> [usize; 2] {
    let tokens = tokens(current, suffixes);
    let mut found = [0; 2];
    for round in 0..200 {
        let mut line = String::new();
        for _ in 0..1 + numbers.below(7) {
            line.push_str(&tokens[numbers.below(tokens.len())]);
        }
        match round % 6 {
            // Many more, after which there is an automaton.
            0 => {
                let end = format!("{line},{}", tokens[numbers.below(tokens.len())]);
                line = format!("{line},").repeat(1 + 700 / line.len()) + &end;
            }
            // A line that is long enough to be searched, and a token that may match.
            1 => {
                let before = numbers.one_of(&["\"abc\", ", "a,", " ,", "\"7-8~\","]);
                let token = &tokens[numbers.below(tokens.len())];
                line = format!("{}{token},{line}", before.repeat(600 / before.len()));
            }
            _ => {}
        }
        let [split, unquoted, weak] = [(); 3].map(|()| numbers.below(3) > 0);
        let mut rules = Rules::RFC9110
            .coding_suffixes(suffixes)
            .unquoted_tags(unquoted)
            .weak_if_match(weak);
        if split {
            rules = rules.split_tags('-');
        }
        for write in [true, false] {
            let naive = Naive {
                current,
                suffixes,
                unquoted,
                weak: weak || !write,
                write_half: split && write,
            };
            let verb = if write { writes } else { revalidates };
            let right = naive.matches(&line) || line.trim_matches([' ', '\t', ',']) == "*";
            let tag = format!("\"{current}\"");
            assert_eq!(
                verb(&line, &tag, rules),
                right,
                "{line} for {tag} by {rules:?}"
            );
            found[usize::from(right)] += 1;
        }
    }
    found
}

#[test]
fn fields_match_as_by_naive_code() {
    const FEW: &[&str] = &["-gzip", "-br", "-zstd", "--gzip"];
    const SHORT: &[&str] = &["a", "-", "b-", "-ab", "8", "-,b"];
    let many: Vec<&str> = (0..70).map(|n| &*format!("-c{n:02}").leak()).collect();
    let alike: Vec<&str> = (1..=40).map(|n| &*"a".repeat(n).leak()).collect();
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut found = [0; 2];
    for suffixes in [FEW, SHORT, many.leak(), alike.leak()] {
        for current in [
            "",
            "7",
            "a",
            "-",
            "7-",
            "-8",
            "7-8",
            "a,b",
            "a-,8",
            "*",
            "W/7",
            "R-gzip",
            "R-g",
            "R-c0",
            "1234-678",
            "12345678",
            "1234-6789",
            "12345678-",
            "-1234567",
            "-12345678",
            "0f343b0931126a20-f133d67c2b018a3b",
            "aaaa-aaaaaaaa",
        ] {
            let more = check(&mut numbers, current, suffixes);
            found = [found[0] + more[0], found[1] + more[1]];
        }
    }
    let [different, same] = found;
    assert!(different > 25_000 && same > 2_000, "{found:?}");
}
