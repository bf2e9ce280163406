//! The rules of comparison, each alone and combined.

mod forms;
mod long_lines;
mod naive;
mod split;
mod suffixes;

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

/// A filter that looks at a few characters of a member must not be all that looks at it.
#[test]
fn every_character_of_a_tag_counts() {
    for length in 1..=20 {
        let current = "a".repeat(length);
        for at in 0..length {
            let mut other = current.clone();
            other.replace_range(at..=at, "b");
            for rules in [Rules::RFC9110, GZIP, LAUNCHPAD, WEAKENED, IRONIC, PROXIES] {
                for other in [
                    format!("\"{other}\""),
                    format!("\"{other}-gzip\""),
                    format!("W/\"{other}\""),
                    format!("\"{current}\"{other}"),
                    other.clone(),
                ] {
                    let current = format!("\"{current}\"");
                    assert!(!writes(&other, &current, rules), "{other} for {current}");
                    assert!(
                        !revalidates(&other, &current, rules),
                        "{other} for {current}"
                    );
                }
            }
        }
    }
}
