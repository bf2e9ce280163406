//! Suffixes that a proxy adds for a content coding.

use http::{HeaderMap, Method, header::IF_MATCH};
use tower_conditional::Rules;

use crate::{GZIP, PROXIES, check, decide, revalidates, writes};

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
    let long = format!(r#"{}"-gzip""#, r#""-br", "#.repeat(100));
    check(writes, GZIP, r#""""#, &[(long.as_str(), true)]);
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
fn a_suffix_may_be_named_twice() {
    const FEW: Rules = Rules::RFC9110.coding_suffixes(&["-gzip", "-br", "-gzip"]);
    const MANY: Rules = Rules::RFC9110.coding_suffixes(&["-gzip", "-br", "-gzip", "-a", "-b"]);
    for rules in [FEW, MANY] {
        let rows = [(r#""x-gzip-br""#, true), (r#""x-gzip-c""#, false)];
        check(writes, rules, r#""x""#, &rows);
    }
}

// Outside quotes a comma ends the member.
#[test]
fn a_suffix_with_a_comma_counts_inside_quotes_only() {
    let rules = Rules::RFC9110.coding_suffixes(&["-a,b", "-c"]);
    let rows = [
        (r#""x-a,b""#, true),
        (r#""x-a,b"-c"#, true),
        (r#""x"-a,b"#, false),
        (r#""x-c"-a,b"#, false),
        (r#""x"-a,b, "y""#, false),
        (r#""y", "x"-a,b"#, false),
    ];
    check(writes, rules, r#""x""#, &rows);
    check(revalidates, rules, r#""x""#, &rows);
}

// After many members an automaton takes over, in the line where that is.
#[test]
fn members_are_found_on_every_line() {
    let many: Vec<&str> = (0..100).map(|n| &*format!("-c{n:02}x").leak()).collect();
    let many = Rules::RFC9110.coding_suffixes(many.leak());
    for (rules, near, hit) in [
        (PROXIES, r#""x-gzip-brr""#, r#""x-gzip-br-br""#),
        (many, r#""x-c00x-c99""#, r#""x-c00x-c99x-c50x""#),
    ] {
        let line =
            |members: usize, hit: &str| format!("{}{hit}", format!("{near}, ").repeat(members));
        for (lines, found) in [
            ([line(200, hit), line(0, near), line(0, near)], true),
            ([line(200, near), line(0, hit), line(0, near)], true),
            ([line(200, near), line(0, near), line(0, hit)], true),
            ([line(1, near), line(200, hit), line(200, near)], true),
            ([line(1, near), line(200, near), line(200, hit)], true),
            ([line(200, near), line(200, near), line(200, near)], false),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(IF_MATCH, line.parse().expect("a field value"));
            }
            let decision = decide(Method::PUT, &headers, r#""x""#, rules);
            assert_eq!(decision.performs(), found, "{headers:?}");
        }
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

#[test]
#[should_panic(expected = "1 to 63 bytes")]
fn an_empty_suffix_is_no_suffix() {
    let _ = Rules::RFC9110.coding_suffixes(&["-gzip", ""]);
}

#[test]
#[should_panic(expected = "1 to 63 bytes")]
fn a_suffix_has_an_end() {
    const LONG: &str = "-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde";
    assert_eq!(LONG.len(), 64);
    let _ = Rules::RFC9110.coding_suffixes(&[LONG]);
}

#[test]
#[should_panic(expected = "at most 511 content-coding suffixes, of 4,095 bytes together")]
fn suffixes_are_not_too_many() {
    let _ = Rules::RFC9110.coding_suffixes(&["-"; 512]);
}

#[test]
#[should_panic(expected = "at most 511 content-coding suffixes, of 4,095 bytes together")]
fn suffixes_are_not_too_long_together() {
    const LONG: &str = "-012345678901234567890123456789012345678901234567890123456789ab";
    assert_eq!(LONG.len(), 63);
    let _ = Rules::RFC9110.coding_suffixes(&[LONG; 65]);
    // One more byte.
    let mut suffixes = vec![LONG; 65];
    suffixes.push("-");
    let _ = Rules::RFC9110.coding_suffixes(suffixes.leak());
}

#[test]
fn a_suffix_has_no_quotes() {
    for suffix in ["\"", "\"-a", "-\"a", "-a\""] {
        let suffixes: &[&str] = vec![suffix].leak();
        let panics = std::panic::catch_unwind(|| Rules::RFC9110.coding_suffixes(suffixes));
        let message = panics.expect_err("a quote ends a tag").downcast::<&str>();
        assert!(
            message.is_ok_and(|it| it.contains("part of an entity tag")),
            "{suffix}"
        );
    }
}
