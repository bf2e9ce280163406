//! The rules of comparison, each alone and combined.

use std::time::SystemTime;

use http::{
    HeaderMap, HeaderValue, Method,
    header::{IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE},
};
use tower_conditional::{CurrentState, Decision, EntityTag, Preconditions, Rules, Validators};

const GZIP: Rules = Rules::RFC9110.coding_suffixes(&["-gzip"]);
const SPLIT: Rules = Rules::RFC9110.split_tags('-');
const LAUNCHPAD: Rules = GZIP.split_tags('-');
const WEAK: Rules = Rules::RFC9110.weak_if_match(true);
const WEAKENED: Rules = Rules::RFC9110.weakened_by_proxy(true);
const UNQUOTED: Rules = Rules::RFC9110.unquoted_tags(true);
const IRONIC: Rules = WEAK.unquoted_tags(true);
const PROXIES: Rules = Rules::RFC9110
    .coding_suffixes(&["-gzip", "-br", "-zstd", "--gzip"])
    .weakened_by_proxy(true);

fn decide(method: Method, headers: &HeaderMap, current: &str, rules: Rules) -> Decision {
    let current = Validators::from(current.parse::<EntityTag>().expect("a tag"));
    Preconditions::new(&method, headers).evaluate(
        CurrentState::Present(&current),
        &rules,
        SystemTime::now(),
    )
}

fn field(name: http::HeaderName, value: &str) -> HeaderMap {
    let value = HeaderValue::from_bytes(value.as_bytes()).expect("a field value");
    HeaderMap::from_iter([(name, value)])
}

/// Reports whether a PUT with this `If-Match` is performed.
fn writes(if_match: &str, current: &str, rules: Rules) -> bool {
    decide(Method::PUT, &field(IF_MATCH, if_match), current, rules).performs()
}

/// Reports whether a GET with this `If-None-Match` is answered 304.
fn revalidates(if_none_match: &str, current: &str, rules: Rules) -> bool {
    let headers = field(IF_NONE_MATCH, if_none_match);
    !decide(Method::GET, &headers, current, rules).performs()
}

#[track_caller]
fn check(verb: fn(&str, &str, Rules) -> bool, rules: Rules, current: &str, rows: &[(&str, bool)]) {
    for &(value, expected) in rows {
        assert_eq!(
            verb(value, current, rules),
            expected,
            "{value} for {current}"
        );
    }
}

#[test]
fn no_rule_is_on_by_default() {
    let rows = [
        (r#""x-gzip""#, false),
        (r#""x"-gzip"#, false),
        (r#"W/"x""#, false),
        ("x", false),
        (r#""r-x""#, false),
        (r#""x""#, true),
    ];
    check(writes, Rules::RFC9110, r#""x""#, &rows);
    check(writes, Rules::default(), r#""x""#, &rows);
}

#[test]
fn coding_suffixes_inside_and_outside_of_the_quotes() {
    let rows = [
        (r#""x""#, true),
        (r#""x-gzip""#, true),
        (r#""x"-gzip"#, true),
        (r#""x-gzip"-gzip"#, true),
        (r#""x-gzip-gzip-gzip""#, true),
        (r#""a", "x-gzip""#, true),
        (r#""x-GZIP""#, false),
        (r#""x-br""#, false),
        (r#""x"-not-gzip"#, false),
        (r#""x-not-gzip""#, false),
        (r#""x"gzip"#, false),
        (r#""x" -gzip"#, false),
        (r#""x-gzip"#, false),
        (r#"x-gzip"#, false),
        (r#""-gzip""#, false),
    ];
    check(writes, GZIP, r#""x""#, &rows);
    check(revalidates, GZIP, r#""x""#, &rows);
}

#[test]
fn coding_suffixes_keep_weak_and_strong_apart() {
    assert!(revalidates(r#"W/"x-gzip""#, r#""x""#, GZIP));
    assert!(revalidates(r#"W/"x"-gzip"#, r#"W/"x""#, GZIP));
    assert!(!writes(r#"W/"x-gzip""#, r#""x""#, GZIP));
    assert!(!writes(r#""x-gzip""#, r#"W/"x""#, GZIP));
}

#[test]
fn coding_suffixes_match_exactly_first() {
    // If the current tag ends in a suffix, it matches itself, and itself with one more suffix, but
    // not itself without the suffix.
    let rows = [
        (r#""x-gzip""#, true),
        (r#""x-gzip-gzip""#, true),
        (r#""x""#, false),
    ];
    check(writes, GZIP, r#""x-gzip""#, &rows);
    check(
        writes,
        GZIP,
        r#""""#,
        &[(r#""-gzip""#, true), (r#""""#, true)],
    );
}

#[test]
fn coding_suffixes_of_several_proxies() {
    let rows = [
        (r#""x-br-gzip""#, true),
        (r#""x--gzip""#, true),
        (r#""x-zstd""#, true),
        (r#"W/"x-br""#, true),
        (r#"W/"x""#, true),
        (r#""x;gzip""#, false),
    ];
    check(writes, PROXIES, r#""x""#, &rows);
}

#[test]
fn coding_suffixes_that_begin_alike() {
    let rules = Rules::RFC9110.coding_suffixes(&["-a", "-a-b", "-a-a"]);
    let long = format!("\"x{}\"", "-a".repeat(4_000));
    let rows = [
        (r#""x-a-b-a""#, true),
        (r#""x-a-a-a-a-b""#, true),
        (r#""x-a-b-b""#, false),
        (long.as_str(), true),
    ];
    check(writes, rules, r#""x""#, &rows);
}

#[test]
fn split_tags_compare_the_write_half_on_writes() {
    let rows = [
        (r#""R-W""#, true),
        (r#""old-W""#, true),
        (r#""R-old""#, false),
        (r#""W""#, false),
        (r#""R""#, false),
        (r#""R0-R1-W""#, false),
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
fn weak_if_match_compares_weakly() {
    let rows = [
        (r#"W/"x""#, true),
        (r#""x""#, true),
        (r#"W/"y""#, false),
        ("x", false),
    ];
    check(writes, WEAK, r#"W/"x""#, &rows);
    check(writes, WEAK, r#""x""#, &rows);
}

#[test]
fn weakened_by_proxy_is_for_our_strong_tags_only() {
    check(
        writes,
        WEAKENED,
        r#""x""#,
        &[(r#"W/"x""#, true), (r#""x""#, true), (r#"w/"x""#, false)],
    );
    check(
        writes,
        WEAKENED,
        r#"W/"x""#,
        &[(r#"W/"x""#, false), (r#""x""#, false)],
    );
}

#[test]
fn unquoted_tags_are_read_as_if_quoted() {
    let rows = [
        ("55e84c0ac2e66d1e0a8e46b4", true),
        (r#""55e84c0ac2e66d1e0a8e46b4""#, true),
        ("x, 55e84c0ac2e66d1e0a8e46b4", true),
        ("55e84c0ac2e66d1e0a8e46b4,", true),
        ("W/55e84c0ac2e66d1e0a8e46b4", false),
        ("55e84c0ac2e66d1e0a8e46b", false),
        ("55e84c0a c2e66d1e0a8e46b4", false),
        (r#"55e84c0ac2e66d1e0a8e46b4""#, false),
        ("", false),
    ];
    check(writes, UNQUOTED, r#""55e84c0ac2e66d1e0a8e46b4""#, &rows);
    check(
        revalidates,
        UNQUOTED,
        r#""55e84c0a""#,
        &[("55e84c0a", true), ("W/55e84c0a", true)],
    );
}

#[test]
fn unquoted_asterisk_beside_others_is_no_tag() {
    check(
        writes,
        UNQUOTED,
        r#""*""#,
        &[("*, x", false), (r#""*""#, true), ("*", true)],
    );
}

#[test]
fn unquoted_weak_tags_of_ironic() {
    let rows = [
        ("W/eeee", true),
        (r#"W/"eeee""#, true),
        ("eeee", true),
        ("W/tttt", false),
    ];
    check(writes, IRONIC, r#"W/"eeee""#, &rows);
}

#[test]
fn unquoted_tags_with_suffixes() {
    check(
        writes,
        GZIP.unquoted_tags(true),
        r#""x""#,
        &[("x-gzip", true), ("x-br", false)],
    );
}

#[test]
#[should_panic(expected = "1 to 63 bytes")]
fn an_empty_suffix_is_no_suffix() {
    let _ = Rules::RFC9110.coding_suffixes(&["-gzip", ""]);
}

#[test]
#[should_panic(expected = "1 to 63 bytes")]
fn a_suffix_has_an_end() {
    const LONG: &str = "-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let _ = Rules::RFC9110.coding_suffixes(&[LONG]);
}

#[test]
#[should_panic(expected = "part of an entity tag")]
fn a_suffix_has_no_quotes() {
    let _ = Rules::RFC9110.coding_suffixes(&["\""]);
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

#[test]
fn the_order_of_setting_does_not_matter() {
    let other = Rules::RFC9110.split_tags('-').coding_suffixes(&["-gzip"]);
    for value in [r#""old-W-gzip""#, r#""R-W""#, r#""R-old""#] {
        assert_eq!(
            writes(value, r#""R-W""#, other),
            writes(value, r#""R-W""#, LAUNCHPAD)
        );
    }
}

#[test]
fn if_range_is_touched_by_no_rule() {
    let all = LAUNCHPAD
        .weak_if_match(true)
        .weakened_by_proxy(true)
        .unquoted_tags(true);
    for (value, performs_with_range) in [
        (r#""r-x""#, true),
        (r#""r-x-gzip""#, false),
        (r#""r-x"-gzip"#, false),
        (r#"W/"r-x""#, false),
        ("r-x", false),
        (r#""old-x""#, false),
    ] {
        let mut headers = field(IF_RANGE, value);
        headers.insert(RANGE, HeaderValue::from_static("bytes=0-9"));
        let decision = decide(Method::GET, &headers, r#""r-x""#, all);
        assert_eq!(
            decision != Decision::PerformWithoutRange,
            performs_with_range,
            "{value}"
        );
    }
}

// Bit 64 of the suffixes that were found does not exist.
#[test]
fn a_long_rest_that_is_no_suffix_does_not_match() {
    for length in [6, 63, 64, 65, 128, 1_000] {
        let rest = "z".repeat(length);
        for sent in [
            format!("\"x{rest}\""),
            format!("\"x\"{rest}"),
            format!("\"x-gzip{rest}\""),
            format!("\"x{rest}-gzip\""),
        ] {
            assert!(!writes(&sent, r#""x""#, PROXIES), "{sent}");
            assert!(!revalidates(&sent, r#""x""#, PROXIES), "{sent}");
        }
    }
    const LONG: &str = "-zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";
    assert_eq!(LONG.len(), 63, "the longest suffix");
    let rules = Rules::RFC9110.coding_suffixes(&[LONG, "-gzip"]);
    assert!(writes(&format!("\"x{LONG}{LONG}-gzip\""), r#""x""#, rules));
    assert!(!writes(&format!("\"x{LONG}z\""), r#""x""#, rules));
    assert!(!writes(&format!("\"x{LONG}-gzi\""), r#""x""#, rules));
}

// Bytes of the tag that the client sent were joined with a part of other bytes.
#[test]
fn no_rule_applies_to_a_read_with_a_range() {
    let all = LAUNCHPAD
        .weak_if_match(true)
        .weakened_by_proxy(true)
        .unquoted_tags(true);
    for name in [IF_MATCH, IF_NONE_MATCH] {
        for current in [r#""r-x""#, r#"W/"r-x""#] {
            for value in [
                r#""r-x""#,
                r#""r-x-gzip""#,
                r#""r-x"-gzip"#,
                r#"W/"r-x""#,
                "r-x",
                "*",
            ] {
                let mut headers = field(name.clone(), value);
                headers.insert(RANGE, HeaderValue::from_static("bytes=0-9"));
                for method in ["GET", "QUERY"] {
                    let method = || method.parse::<Method>().unwrap();
                    let found = decide(method(), &headers, current, all);
                    let strict = decide(method(), &headers, current, Rules::RFC9110);
                    assert_eq!(found, strict, "{name}: {value} for {current}");
                }
                for method in [Method::HEAD, Method::PUT] {
                    let found = decide(method.clone(), &headers, current, all);
                    let without = decide(method, &field(name.clone(), value), current, all);
                    assert_eq!(found, without, "{name}: {value} for {current}");
                }
            }
        }
    }
}

#[test]
fn obs_text_and_commas_stay_part_of_a_tag() {
    let current = EntityTag::strong(b"\xFFa,b").expect("a tag");
    let value = HeaderValue::from_bytes(b"\"z\", \"\xFFa,b-gzip\"").expect("a value");
    let headers = HeaderMap::from_iter([(IF_MATCH, value)]);
    let decision = Preconditions::new(&Method::PATCH, &headers).evaluate(
        CurrentState::Present(&current.into()),
        &GZIP,
        SystemTime::now(),
    );
    assert!(decision.performs());
}

// Lines from some length on are searched for the tag, and shorter ones are walked over. Both must
// find the same members.
#[test]
fn a_long_line_matches_as_each_of_its_members_does() {
    const READ_HALF: &str = "0f343b0931126a20";
    const WRITE_HALF: &str = "f133d67c2b018a3b";
    const ALL: Rules = PROXIES
        .split_tags('-')
        .unquoted_tags(true)
        .weak_if_match(true);
    const MANY: Rules =
        ALL.coding_suffixes(&["-gzip", "-br", "-zstd", "--gzip", "-a", "-ab", "-x-"]);

    let current = format!("\"{READ_HALF}-{WRITE_HALF}\"");
    let tag = &current[1..current.len() - 1];
    let members = [
        format!("\"{tag}\""),
        format!("W/\"{tag}\""),
        format!("W/W/\"{tag}\""),
        format!("\"{tag}-gzip\""),
        format!("\"{tag}\"-gzip"),
        format!("\"{tag}-ab\"-x-"),
        format!("\"{tag}-gzi\""),
        format!("\"{tag} \""),
        format!("\" {tag}\""),
        format!("\"{tag}\" x"),
        format!("x\"{tag}\""),
        format!("\"a,{tag}\""),
        format!("\"other-{WRITE_HALF}\""),
        format!("\"other-{WRITE_HALF}-br\""),
        format!("\"other-{WRITE_HALF}x\""),
        format!("\"other-x-{WRITE_HALF}\""),
        format!("\"ot her-{WRITE_HALF}\""),
        format!("\"ot,her-{WRITE_HALF}\""),
        format!("\"-{WRITE_HALF}\""),
        format!("\"{WRITE_HALF}\""),
        tag.to_owned(),
        format!("W/{tag}"),
        format!("{tag}-gzip"),
        format!("other-{WRITE_HALF}"),
        format!("\"{tag}"),
        format!("{tag}\""),
        format!("\"{tag}\"\"{tag}\""),
    ];
    let fillers = [
        "a,",
        ", ",
        "\"a\",",
        "\"a,b\", ",
        "x\"y,z\"w,",
        "\"0000000000000000-0000000000000000\", ",
        "\"0f343b0931126a20-f133d67c2b018a3c\",",
        "0f343b0931126a20-f133d67c2b018a3c,",
        "\"f133d67c2b018a3b,\",",
    ];
    for rules in [GZIP, PROXIES, SPLIT, UNQUOTED, WEAKENED, ALL, MANY] {
        for verb in [writes, revalidates] {
            for member in &members {
                let alone = verb(member, &current, rules);
                for filler in fillers {
                    let filler = filler.repeat(1_000 / filler.len());
                    for line in [
                        format!("{filler}{member}"),
                        format!("{filler} {member} ,{filler}"),
                        format!("{member},{filler}"),
                    ] {
                        // A quote that is never closed reaches to the end of the line.
                        if member.matches('"').count() % 2 == 0 || line.ends_with(member) {
                            assert_eq!(verb(&line, &current, rules), alone, "{member} in {line}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_hostile_line_is_searched_as_it_is_walked_over() {
    let current = "\"0f343b0931126a20f133d67c2b018a3b\"";
    for (before, found) in [
        ("a, ", true),
        ("\"a\", ", true),
        ("\"a\" x, ", true),
        ("x\"y,z\"w, ", true),
        ("\"a\" ", false),
        ("\"a\" x ", false),
        ("a, \"b\" ", false),
        ("a,\"", false),
        ("a\",", false),
        ("a\",\",", true),
        ("W/", true),
        ("a,w/", false),
        ("a, W/W/", false),
        ("a,b ", false),
    ] {
        for after in ["", ",", " ,b", " , \"c\""] {
            let line = format!("{before}{current}{after}");
            assert_eq!(revalidates(&line, current, Rules::RFC9110), found, "{line}");
            assert!(
                !revalidates(&format!("{line} x"), current, Rules::RFC9110) || !after.is_empty()
            );
        }
    }
}
