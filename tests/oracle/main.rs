//! Compares the core with a second, naive implementation of RFC 9110 section 13.2.2, for every
//! combination of the fields with every method and every state of the resource.

mod compare;
mod dates;
mod oracle;
mod tags;

use self::{
    compare::{Comparison, Lines, METHODS, State},
    dates::{AFTER, ASCTIME, BEFORE, DATES, GARBAGE, LAST_SECOND, MODIFIED, RFC_850, THIS_SECOND},
    oracle::Resource,
};

const ETAGS: [Option<&str>; 3] = [None, Some("\"x\""), Some("W/\"x\"")];

/// Returns all states: present with every combination of a date and a tag, missing, and unknown.
fn states(dates: &[&'static str]) -> Vec<State> {
    states_with(ETAGS, dates)
}

fn states_with(etags: [Option<&'static str>; 3], dates: &[&'static str]) -> Vec<State> {
    let dates = dates.iter().copied().map(Some).chain([None]);
    let present = dates.flat_map(|last_modified| {
        etags.map(|etag| Resource::Present {
            etag,
            last_modified,
        })
    });
    present
        .chain([Resource::Missing, Resource::Unknown])
        .map(State::new)
        .collect()
}

#[test]
fn all_four_fields() {
    const TAGS: [Lines; 7] = [
        &[],
        &["\"x\""],
        &["W/\"x\""],
        &["\"y\", \"z\""],
        &["\"y\"", "\"x\""],
        &["*"],
        &["x"],
    ];
    const INSTANTS: [Lines; 6] = [
        &[],
        &[MODIFIED],
        &[BEFORE],
        &[AFTER],
        &[GARBAGE],
        &[MODIFIED, MODIFIED],
    ];
    let states = states(&[MODIFIED]);
    let mut comparison = Comparison::default();
    for if_match in TAGS {
        for if_unmodified_since in INSTANTS {
            for if_none_match in TAGS {
                for if_modified_since in INSTANTS {
                    let fields = [
                        ("if-modified-since", if_modified_since),
                        ("if-none-match", if_none_match),
                        ("if-unmodified-since", if_unmodified_since),
                        ("if-match", if_match),
                    ];
                    comparison.ask_all(&fields, &METHODS, &states);
                }
            }
        }
    }
    comparison.assert_agrees(200_000);
}

#[test]
fn if_range_after_the_others() {
    const TAGS: [Lines; 3] = [&[], &["\"x\""], &["\"y\""]];
    const INSTANTS: [Lines; 3] = [&[], &[MODIFIED], &[BEFORE]];
    const RANGES: [Lines; 2] = [&[], &["bytes=0-1"]];
    const IF_RANGES: [Lines; 18] = [
        &[],
        &["\"x\""],
        &["W/\"x\""],
        &["\"y\""],
        &["x"],
        &["*"],
        &[""],
        &["\"x\", \"y\""],
        &["\"x\"", "\"x\""],
        &[MODIFIED],
        &[BEFORE],
        &[AFTER],
        &[RFC_850],
        &[ASCTIME],
        &[GARBAGE],
        &[MODIFIED, MODIFIED],
        &[THIS_SECOND],
        &[LAST_SECOND],
    ];
    let states = states(&[MODIFIED, THIS_SECOND, LAST_SECOND]);
    let mut comparison = Comparison::default();
    for if_range in IF_RANGES {
        for range in RANGES {
            for (guard, date) in TAGS.into_iter().flat_map(|t| INSTANTS.map(|d| (t, d))) {
                for name in ["if-match", "if-none-match"] {
                    let since = match name {
                        "if-match" => "if-modified-since",
                        _ => "if-unmodified-since",
                    };
                    let fields = [
                        ("range", range),
                        ("if-range", if_range),
                        (since, date),
                        (name, guard),
                    ];
                    comparison.ask_all(&fields, &METHODS, &states);
                }
            }
        }
    }
    comparison.assert_agrees(100_000);
}

/// With `Range` the parts are joined by their tag, so no rule of comparison applies.
#[test]
fn reads_with_a_range() {
    const TAGS: [Lines; 9] = [
        &[],
        &["\"x\""],
        &["W/\"x\""],
        &["\"x-gzip\""],
        &["\"x\"-gzip"],
        &["\"y\", \"x-gzip\""],
        &["\"r-x\""],
        &["*"],
        &["x"],
    ];
    const INSTANTS: [Lines; 3] = [&[], &[MODIFIED], &[THIS_SECOND]];
    const IF_RANGES: [Lines; 4] = [&[], &["\"x\""], &["\"x-gzip\""], &[MODIFIED]];
    let states = states(&[MODIFIED, THIS_SECOND, LAST_SECOND]);
    let mut comparison = Comparison::default();
    for if_match in TAGS {
        for if_none_match in TAGS {
            for date in INSTANTS {
                for if_range in IF_RANGES {
                    let fields = [
                        ("if-range", if_range),
                        ("range", &["bytes=0-1"]),
                        ("if-match", if_match),
                        ("if-none-match", if_none_match),
                        ("if-modified-since", date),
                    ];
                    comparison.ask_all(&fields, &["GET", "QUERY", "HEAD"], &states);
                }
            }
        }
    }
    comparison.assert_agrees(100_000);
}

#[test]
fn lists() {
    const LISTS: &[Lines] = &[
        &[""],
        &[","],
        &[", ,\t,"],
        &["", ""],
        &["*"],
        &[" * "],
        &["*,"],
        &[",*"],
        &["*", ""],
        &["", "*"],
        &["**"],
        &["*, *"],
        &["*", "*"],
        &["*, \"x\""],
        &["\"x\", *"],
        &["*", "\"x\""],
        &["\"x\"", "*"],
        &["\"*\""],
        &["\"x\""],
        &["\t\"x\" "],
        &["\"x\","],
        &[",\"x\""],
        &["\"y\",\"x\""],
        &["\"y\" ,\t\"x\""],
        &["\"x\"\t,\"y\""],
        &["\"y\",,,\"x\""],
        &["\"y\" \"x\""],
        &["\"y\"\"x\""],
        &["\"y\"; \"x\""],
        &["\"y\"", "\"x\""],
        &["", "\"x\""],
        &["\"x\"", ""],
        &["y, \"x\""],
        &["\"x\", y"],
        &["y", "\"x\""],
        &["\"y, \"x\""],
        &["\"y", "\"x\""],
        &["\"y,", "\"x\""],
        &["\"x", "\""],
        &["\"x\"y, \"x\""],
        &["y\"x\""],
        &["y\"a,b\", \"x\""],
        &["y\"a,\"x\",\"b"],
        &["\"a,b\",\"x\""],
        &["\"a,\"x\",b\""],
        &["\",\",\"x\""],
        &["\"\",\"x\""],
        &["\"\""],
        &["\""],
        &["\"\"\"x\""],
        &["\"x\"\""],
        &["\"\"x\"\""],
        &["\"x,"],
        &["x"],
        &["x\""],
        &["'x'"],
        &["\"X\""],
        &["\" x\""],
        &["\"x \""],
        &["\"x\\\""],
        &["\"\\x\""],
        &["\"y\\\",\"x\""],
        &["\"é\", \"x\""],
        &["é, \"x\""],
        &["y\"€,\", \"x\""],
        &["y\"¢,\", \"x\""],
        &["y\"\"€\"x\", \"y\""],
        &["W/\"x\""],
        &["w/\"x\""],
        &["W\"x\""],
        &["W/ \"x\""],
        &["W /\"x\""],
        &["W/x"],
        &["W/"],
        &["W", "/\"x\""],
        &["W/W/\"x\""],
        &["W/*"],
        &["W/,\"x\""],
        &["W/\"y\",W/\"x\""],
        &["W/\"x\"", "\"x\""],
        &["\"y\", W/\"x\""],
        &["W/x, \"x\""],
        &["W/\"x\"y,\"x\""],
        &["W/\"x,\"x\""],
        &["\"x-gzip\""],
        &["\"x\"-gzip"],
        &["\"0123456789abcdef\", \"0123456789abcdef, \", \"x\""],
        &["\"a long opaque-tag, of more than sixty-four bytes, that has commas within\",\"x\""],
    ];
    let mut comparison = Comparison::default();
    // Lists are walked over in one way for a short tag, and in others for a long one.
    for (x, y) in [("x", "y"), ("x-234567", "y"), ("x-234567", "y-234567")] {
        let text = |text: &'static str| &*text.replace('x', x).replace('y', y).leak();
        let states = states_with(ETAGS.map(|etag| etag.map(text)), &[MODIFIED]);
        let lines = |list: Lines| {
            &*list
                .iter()
                .map(|line| text(line))
                .collect::<Vec<_>>()
                .leak()
        };
        for &list in LISTS {
            let list = lines(list);
            for other in [&[], lines(LISTS[18]), lines(LISTS[22])] {
                let if_match = [("if-match", list), ("if-none-match", other)];
                let if_none_match = [("if-match", other), ("if-none-match", list)];
                let over_date = [
                    ("if-modified-since", &[MODIFIED][..]),
                    ("if-none-match", list),
                ];
                for fields in [if_match, if_none_match, over_date] {
                    comparison.ask_all(&fields, &METHODS, &states);
                }
            }
        }
    }
    comparison.assert_agrees(150_000);
}

#[test]
fn dates() {
    let resource_dates: Vec<&str> = DATES
        .iter()
        .filter(|(text, seconds)| seconds.is_some() && text.len() == MODIFIED.len())
        .map(|(text, _)| *text)
        .filter(|text| !text.starts_with("Mon, 06") && !text.contains(":60"))
        .collect();
    let states = states(&resource_dates);
    let mut comparison = Comparison::default();
    for (text, _) in DATES {
        let line: Lines = std::slice::from_ref(text);
        for name in ["if-unmodified-since", "if-modified-since"] {
            comparison.ask_all(&[(name, line)], &METHODS, &states);
        }
    }
    comparison.assert_agrees(50_000);
}
