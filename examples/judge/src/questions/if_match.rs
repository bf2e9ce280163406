//! Section 13.1.1, If-Match, with GET: a false precondition must not be performed.

use super::{
    Need::{NoSuffix, Strong, Tag},
    Question, get,
};

pub(super) const QUESTIONS: &[Question] = &[
    get(
        "if-match-same",
        "13.1.1",
        "If-Match with the current strong tag is true",
        &[("If-Match", "{etag}")],
    )
    .needs(&[Strong]),
    get(
        "if-match-other",
        "13.1.1",
        "If-Match with another tag is answered 412",
        &[("If-Match", "{other}")],
    )
    .needs(&[Tag]),
    get(
        "if-match-weak",
        "13.1.1",
        "If-Match compares strongly: a weak tag never matches",
        &[("If-Match", "{weak}")],
    ),
    get(
        "if-match-of-weak",
        "13.1.1",
        "If-Match compares strongly: what is weak is never matched",
        &[("If-Match", "{strong}")],
    ),
    get(
        "if-match-star",
        "13.1.1",
        "If-Match: * is true for what exists",
        &[("If-Match", "*")],
    )
    .needs(&[Tag]),
    get(
        "if-match-star-quoted",
        "13.1.1",
        "\"*\" in quotes is a tag to If-Match",
        &[("If-Match", "\"*\"")],
    )
    .needs(&[Tag]),
    get(
        "if-match-case",
        "8.8.3.2",
        "If-Match compares with case",
        &[("If-Match", "{swapped}")],
    ),
    get(
        "if-match-shorter",
        "8.8.3.2",
        "The start of a tag does not match in If-Match",
        &[("If-Match", "{shorter}")],
    ),
    get(
        "if-match-suffix",
        "8.8.3.2",
        "A tag with the suffix of a coding does not match in If-Match",
        &[("If-Match", "\"{inner}-gzip\"")],
    )
    .needs(&[NoSuffix]),
    get(
        "if-match-half",
        "8.8.3.2",
        "A tag with another part before a dash does not match in If-Match",
        &[("If-Match", "{half}")],
    ),
    get(
        "if-match-unquoted",
        "8.8.3",
        "A tag without quotes does not match in If-Match",
        &[("If-Match", "{inner}")],
    )
    .harm(),
    get(
        "if-match-head",
        "13.1.1",
        "If-Match is evaluated for HEAD",
        &[("If-Match", "{other}")],
    )
    .method("HEAD")
    .needs(&[Tag]),
];
