//! Weak tags, tags that a proxy weakened, and tags without quotes.

use crate::{GZIP, IRONIC, UNQUOTED, WEAK, WEAKENED, check, revalidates, writes};

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

// Without its quotes the tag is two members.
#[test]
fn unquoted_tags_end_at_a_comma() {
    let rows = [
        ("a,b", false),
        (r#""a,b""#, true),
        ("W/a,b", false),
        ("a,b,", false),
    ];
    check(writes, UNQUOTED, r#""a,b""#, &rows);
    check(revalidates, UNQUOTED, r#""a,b""#, &rows);
}

#[test]
fn unquoted_asterisk_beside_others_is_no_tag() {
    check(
        writes,
        UNQUOTED,
        r#""*""#,
        &[("*, x", false), (r#""*""#, true), ("*", true)],
    );
    check(
        revalidates,
        UNQUOTED,
        r#""*""#,
        &[("W/*", false), ("W/*, x", false), (r#"W/"*""#, true)],
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
