//! Tags with a read half and a write half.

use http::{
    Method,
    header::{IF_MATCH, IF_NONE_MATCH},
};
use tower_conditional::Rules;

use crate::{LAUNCHPAD, SPLIT, check, decide, field, revalidates, writes};

#[test]
fn split_tags_compare_the_write_half_on_writes() {
    let rows = [
        (r#""R-W""#, true),
        (r#""old-W""#, true),
        (r#""R-old""#, false),
        (r#""W""#, false),
        (r#""R""#, false),
        (r#""R0-R1-W""#, false),
        (r#""o ld-W""#, false),
        (r#""-W""#, true),
        (r#"W/"old-W""#, false),
    ];
    check(writes, SPLIT, r#""R-W""#, &rows);
    assert!(writes("*", r#""R-W""#, SPLIT));
}

#[test]
fn split_tags_compare_the_whole_tag_on_reads() {
    let rows = [
        (r#""R-W""#, true),
        (r#""old-W""#, false),
        (r#"W/"R-W""#, true),
    ];
    check(revalidates, SPLIT, r#""R-W""#, &rows);
    let headers = field(IF_MATCH, r#""old-W""#);
    assert!(!decide(Method::GET, &headers, r#""R-W""#, SPLIT).performs());
    let headers = field(IF_NONE_MATCH, r#""old-W""#);
    assert!(decide(Method::PUT, &headers, r#""R-W""#, SPLIT).performs());
}

#[test]
fn split_tags_without_separator_are_compared_whole() {
    check(
        writes,
        SPLIT,
        r#""W""#,
        &[(r#""W""#, true), (r#""R-W""#, false)],
    );
    // Both have an empty write half.
    check(
        writes,
        SPLIT,
        r#""R-""#,
        &[(r#""old-""#, true), (r#""old""#, false)],
    );
}

#[test]
fn split_tags_are_split_after_suffixes_are_stripped() {
    let rows = [
        (r#""old-W-gzip""#, true),
        (r#""old-W"-gzip"#, true),
        (r#""old-W-gzip-gzip""#, true),
        (r#""old-W-not-gzip""#, false),
        (r#""old-W"-not-gzip"#, false),
    ];
    check(writes, LAUNCHPAD, r#""R-W""#, &rows);
}

#[test]
fn split_tags_are_not_split_at_a_suffix() {
    let rows = [
        (r#""R-gzip""#, true),
        (r#""old-gzip""#, false),
        (r#""old-gzip-gzip""#, false),
        (r#""old-x-gzip""#, false),
    ];
    check(writes, LAUNCHPAD, r#""R-gzip""#, &rows);
}

// A few bytes are looked at before all of them are.
#[test]
fn split_tags_with_read_halves_that_begin_alike() {
    const READ: &str = "0123456789abcdefghij";
    for (write, other) in [("", "x"), ("w", "x"), ("0f343b09", "0f343b0x")] {
        for current in 0..=READ.len() {
            for sent in 0..=READ.len() {
                let current = format!("\"{}-{write}\"", &READ[..current]);
                let sent = &READ[..sent];
                for before in ["", "\"y\", "] {
                    for (line, found) in [
                        (format!("{before}\"{sent}-{write}\""), true),
                        (format!("{before}\"{sent}-{write}-gzip\""), true),
                        (format!("{before}\"{sent}-{other}\""), false),
                    ] {
                        assert_eq!(
                            writes(&line, &current, LAUNCHPAD),
                            found,
                            "{line} for {current}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn what_follows_a_member_is_no_part_of_a_split_tag() {
    for line in [
        r#""x ",- aaaaaaaa"#,
        r#""x ",- , "aaaaaa""#,
        r#""x",- aaaaaaaa"#,
        r#""x", -,aaaaaaaa"#,
        r#""x"- aaaaaaaa"#,
    ] {
        assert!(!writes(line, r#""7-""#, SPLIT), "{line}");
    }
}

// To find that out takes more comparisons than are made before there is an automaton.
#[test]
fn split_tags_are_not_split_at_many_suffixes() {
    for count in [1, 10, 100, 1_000] {
        let suffixes = "-gzip".repeat(count);
        for (sent, found) in [
            (format!("\"R{suffixes}\""), true),
            (format!("\"old{suffixes}\""), false),
            (format!("\"x\", \"old{suffixes}\""), false),
            (format!("\"old{suffixes}\", \"R{suffixes}\""), true),
        ] {
            let current = format!("\"R{suffixes}\"");
            assert_eq!(writes(&sent, &current, LAUNCHPAD), found, "{sent}");
        }
    }
}

#[test]
fn split_tags_with_another_separator() {
    let rules = Rules::RFC9110.split_tags('.');
    check(
        writes,
        rules,
        r#""r-1.w""#,
        &[(r#""r-2.w""#, true), (r#""r-1-w""#, false)],
    );
}

#[test]
#[should_panic(expected = "one ASCII character of an entity tag")]
fn a_separator_is_no_blank() {
    let _ = Rules::RFC9110.split_tags(' ');
}

#[test]
#[should_panic(expected = "one ASCII character of an entity tag")]
fn a_separator_is_one_byte() {
    let _ = Rules::RFC9110.split_tags('–');
}
