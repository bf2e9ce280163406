//! The oracle and its dates, against tables.

use example_judge::{
    dates::{self, Form},
    oracle::{Expected, State, expect, is_tag},
};

/// 2026-11-22T12:00:00Z
const NOW: i64 = 1_795_348_800;
const MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// Values were computed with Python's `calendar.timegm`.
const DATES: &[(&str, Option<i64>)] = &[
    (MODIFIED, Some(784_111_777)),
    ("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777)),
    ("Sun Nov  6 08:49:37 1994", Some(784_111_777)),
    // One second more than 50 years in the future, and 50 years.
    ("Monday, 22-Nov-76 12:00:01 GMT", Some(217_512_001)),
    ("Sunday, 22-Nov-76 12:00:00 GMT", Some(3_373_272_000)),
    ("Thu, 29 Feb 2024 23:59:59 GMT", Some(1_709_251_199)),
    ("Sat, 31 Dec 2016 23:59:60 GMT", Some(1_483_228_800)),
    ("Wed, 31 Dec 1969 23:59:59 GMT", Some(-1)),
    ("Thu, 29 Feb 1900 00:00:00 GMT", None),
    ("Sat, 29 Feb 2025 00:00:00 GMT", None),
    ("Sat, 31 Dec 2016 23:59:61 GMT", None),
    ("Sun, 06 Nov 1994 24:00:00 GMT", None),
    ("Sun, 6 Nov 1994 08:49:37 GMT", None),
    ("Sun, 06 Nov 1994 08:49:37 UTC", None),
    ("Sun, 06 Nov 1994 08:49:37", None),
    ("Sun, 06 Nov 94 08:49:37 GMT", None),
    ("1994-11-06T08:49:37Z", None),
    ("yesterday", None),
    ("784111777", None),
    ("*", None),
    ("", None),
];

#[test]
fn dates_are_read() {
    for (text, seconds) in DATES {
        assert_eq!(dates::read(text.as_bytes(), NOW), *seconds, "{text:?}");
    }
}

#[test]
fn dates_are_written_and_read_again() {
    for day in -20_000..40_000 {
        let seconds = day * 86_400 + 3723;
        for form in [Form::Imf, Form::Asctime] {
            let text = dates::write(seconds, form);
            assert_eq!(dates::read(text.as_bytes(), NOW), Some(seconds), "{text}");
        }
    }
    assert_eq!(dates::write(784_111_777, Form::Imf), MODIFIED);
    let old = dates::write(784_111_777, Form::Rfc850);
    assert_eq!(old, "Sunday, 06-Nov-94 08:49:37 GMT");
}

fn decide(method: &str, etag: &str, fields: &[(&str, &str)]) -> Expected {
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
        .collect();
    let state = State {
        exists: etag != "missing",
        etag: etag.contains('"').then_some(etag.as_bytes()),
        last_modified: Some(MODIFIED.as_bytes()),
        ranges: true,
        now: NOW,
    };
    expect(method, &fields, state)
}

/// Table 3 of RFC 9110, section 8.8.3.2.
#[test]
fn tags_are_compared_as_in_table_3() {
    for (one, other, strong, weak) in [
        ("W/\"1\"", "W/\"1\"", false, true),
        ("W/\"1\"", "W/\"2\"", false, false),
        ("W/\"1\"", "\"1\"", false, true),
        ("\"1\"", "\"1\"", true, true),
    ] {
        let failed = decide("PUT", one, &[("If-Match", other)]) == Expected::Failed;
        assert_eq!(failed, !strong, "{one} {other}");
        let found = decide("GET", one, &[("If-None-Match", other)]) == Expected::NotModified;
        assert_eq!(found, weak, "{one} {other}");
    }
}

#[test]
fn the_order_is_that_of_section_13_2_2() {
    use Expected::{Failed, NotModified, Part, Performed};
    const RANGE: (&str, &str) = ("Range", "bytes=0-0");
    const OLD: &str = "Sat, 05 Nov 1994 08:49:37 GMT";
    for (method, fields, expected) in [
        (
            "GET",
            &[("If-Match", "\"2\""), ("If-None-Match", "\"1\"")][..],
            Failed,
        ),
        (
            "GET",
            &[("If-Match", "\"1\""), ("If-Unmodified-Since", OLD)],
            Performed,
        ),
        (
            "GET",
            &[("If-Unmodified-Since", OLD), ("If-None-Match", "\"1\"")],
            Failed,
        ),
        (
            "GET",
            &[("If-None-Match", "\"2\""), ("If-Modified-Since", MODIFIED)],
            Performed,
        ),
        ("GET", &[("If-Modified-Since", MODIFIED)], NotModified),
        ("PUT", &[("If-Modified-Since", MODIFIED)], Performed),
        ("PUT", &[("If-None-Match", "*")], Failed),
        ("QUERY", &[("If-None-Match", "*")], NotModified),
        ("OPTIONS", &[("If-Match", "\"2\"")], Performed),
        ("GET", &[RANGE], Part),
        ("HEAD", &[RANGE], Performed),
        ("GET", &[RANGE, ("If-Range", "\"1\"")], Part),
        ("GET", &[RANGE, ("If-Range", "W/\"1\"")], Performed),
        ("GET", &[RANGE, ("If-Range", MODIFIED)], Part),
        ("GET", &[RANGE, ("If-Range", OLD)], Performed),
        ("GET", &[RANGE, ("If-None-Match", "\"1\"")], NotModified),
    ] {
        assert_eq!(
            decide(method, "\"1\"", fields),
            expected,
            "{method} {fields:?}"
        );
    }
    assert_eq!(decide("PUT", "missing", &[("If-Match", "*")]), Failed);
    assert_eq!(decide("GET", "missing", &[("If-Match", "*")]), Performed);
    assert_eq!(
        decide("PUT", "missing", &[("If-None-Match", "*")]),
        Performed
    );
    assert_eq!(decide("PUT", "none", &[("If-Match", "*")]), Performed);
}

#[test]
fn tags_are_told_from_other_text() {
    for tag in ["\"\"", "\"a,b\"", "W/\"a\\b\"", "\"\u{e9}\""] {
        assert!(is_tag(tag.as_bytes()), "{tag}");
    }
    for text in [
        "",
        "*",
        "a",
        "\"a",
        "w/\"a\"",
        "\"a b\"",
        "\"a\"-gzip",
        "W/a",
    ] {
        assert!(!is_tag(text.as_bytes()), "{text}");
    }
}
