//! A table of dates. Their values were computed with Python's `calendar.timegm`.

/// 2026-11-22T12:00:00Z
pub(crate) const NOW: i64 = 1_795_348_800;

/// The modification date of the resource, and the seconds before and after it.
pub(crate) const MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
pub(crate) const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
pub(crate) const AFTER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";
pub(crate) const RFC_850: &str = "Sunday, 06-Nov-94 08:49:37 GMT";
pub(crate) const ASCTIME: &str = "Sun Nov  6 08:49:37 1994";
pub(crate) const GARBAGE: &str = "yesterday";
pub(crate) const THIS_SECOND: &str = "Sun, 22 Nov 2026 12:00:00 GMT";
pub(crate) const LAST_SECOND: &str = "Sun, 22 Nov 2026 11:59:59 GMT";

/// Texts, and their seconds since 1970, or `None` if they are not an HTTP-date.
pub(crate) const DATES: &[(&str, Option<i64>)] = &[
    (MODIFIED, Some(784_111_777)),
    (BEFORE, Some(784_111_776)),
    (AFTER, Some(784_111_778)),
    (RFC_850, Some(784_111_777)),
    (ASCTIME, Some(784_111_777)),
    (THIS_SECOND, Some(NOW)),
    (LAST_SECOND, Some(NOW - 1)),
    ("Sun Nov 06 08:49:37 1994", Some(784_111_777)),
    // The day-name does not match the date.
    ("Mon, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
    ("Friday, 06-Nov-94 08:49:37 GMT", Some(784_111_777)),
    // One second more than 50 years in the future, and 50 years or less.
    ("Monday, 22-Nov-76 12:00:01 GMT", Some(217_512_001)),
    ("Sunday, 22-Nov-76 12:00:00 GMT", Some(3_373_272_000)),
    ("Friday, 06-Nov-76 08:49:37 GMT", Some(3_371_878_177)),
    ("Sunday, 06-Nov-77 08:49:37 GMT", Some(247_654_177)),
    // Leap days and leap seconds.
    ("Thu, 29 Feb 2024 23:59:59 GMT", Some(1_709_251_199)),
    ("Tue, 29 Feb 2000 00:00:00 GMT", Some(951_782_400)),
    ("Thu, 29 Feb 1900 00:00:00 GMT", None),
    ("Sat, 29 Feb 2025 00:00:00 GMT", None),
    ("Sat, 31 Dec 2016 23:59:60 GMT", Some(1_483_228_800)),
    ("Sat, 31 Dec 2016 23:59:61 GMT", None),
    // The limits of the grammar.
    ("Sat, 01 Jan 2000 00:00:00 GMT", Some(946_684_800)),
    ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
    ("Wed, 31 Dec 1969 23:59:59 GMT", Some(-1)),
    ("Sun, 01 Jan 1950 00:00:00 GMT", Some(-631_152_000)),
    ("Mon, 01 Jan 0001 00:00:00 GMT", Some(-62_135_596_800)),
    ("Fri, 31 Dec 9999 23:59:59 GMT", Some(253_402_300_799)),
    // None of the three forms.
    (GARBAGE, None),
    ("", None),
    ("0", None),
    ("*", None),
    ("784111777", None),
    ("1994-11-06T08:49:37Z", None),
    ("\"Sun, 06 Nov 1994 08:49:37 GMT\"", None),
    ("Sun, 06 Nov 1994 08:49:37 GMT,", None),
    (
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        None,
    ),
    ("Sun, 06 Nov 1994 08:49:37", None),
    ("Sun, 06 Nov 1994 08:49:37 UTC", None),
    ("Sun, 06 Nov 1994 08:49:37 gmt", None),
    ("Sun, 06 Nov 1994 08:49:37 +0000", None),
    ("Sun, 06 Nov 94 08:49:37 GMT", None),
    ("Sun, 6 Nov 1994 08:49:37 GMT", None),
    ("Sun, 00 Nov 1994 08:49:37 GMT", None),
    ("Sun, 31 Nov 1994 08:49:37 GMT", None),
    ("Sun, 32 Oct 1994 08:49:37 GMT", None),
    ("Sun, 06 nov 1994 08:49:37 GMT", None),
    ("sun, 06 Nov 1994 08:49:37 GMT", None),
    ("Xxx, 06 Nov 1994 08:49:37 GMT", None),
    ("Sun,  06 Nov 1994 08:49:37 GMT", None),
    ("Sun 06 Nov 1994 08:49:37 GMT", None),
    ("Sun, 06-Nov-1994 08:49:37 GMT", None),
    ("Sun, 06 Nov 1994 24:00:00 GMT", None),
    ("Sun, 06 Nov 1994 08:60:00 GMT", None),
    ("Sun, 06 Nov 1994 8:49:37 GMT", None),
    ("Sun, 06 Nov 1994 08:49 GMT", None),
    ("Sun, 06-Nov-94 08:49:37 GMT", None),
    ("Sunday, 06 Nov 94 08:49:37 GMT", None),
    ("Sunday, 06-Nov-1994 08:49:37 GMT", None),
    ("Sunday, 31-Nov-94 08:49:37 GMT", None),
    ("Sun Nov 6 08:49:37 1994", None),
    ("Sun Nov  6 08:49:37 1994 GMT", None),
    ("Sunday Nov  6 08:49:37 1994", None),
    ("Sun Nov  0 08:49:37 1994", None),
    ("Sun Nov   08:49:37 1994", None),
];

pub(crate) fn seconds(text: &str) -> Option<i64> {
    let known = DATES.iter().find(|(known, _)| *known == text);
    known
        .unwrap_or_else(|| panic!("{text:?} is not in the table"))
        .1
}
