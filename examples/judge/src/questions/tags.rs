//! Sections 8.8.3.2 and 13.1.2: comparison, and If-None-Match.

use super::{
    Need::{NoSuffix, Tag},
    Question, get,
};

pub(super) const QUESTIONS: &[Question] = &[
    get(
        "same",
        "13.1.2",
        "If-None-Match with the current tag is answered 304",
        &[("If-None-Match", "{etag}")],
    ),
    get(
        "other",
        "13.1.2",
        "If-None-Match with another tag is answered in full",
        &[("If-None-Match", "{other}")],
    )
    .needs(&[Tag]),
    get(
        "weak-matches",
        "8.8.3.2",
        "If-None-Match compares weakly: W/ makes no difference",
        &[("If-None-Match", "{weak}")],
    ),
    get(
        "strong-matches",
        "8.8.3.2",
        "If-None-Match compares weakly: a missing W/ makes no difference",
        &[("If-None-Match", "{strong}")],
    ),
    get(
        "weak-in-list",
        "8.8.3.2",
        "A weak tag in a list matches weakly",
        &[("If-None-Match", "W/{other}, {weak}")],
    ),
    get(
        "case",
        "8.8.3.2",
        "Tags are compared with their case",
        &[("If-None-Match", "{swapped}")],
    ),
    get(
        "shorter",
        "8.8.3.2",
        "The start of a tag is another tag",
        &[("If-None-Match", "{shorter}")],
    ),
    get(
        "longer",
        "8.8.3.2",
        "A tag with one more character is another tag",
        &[("If-None-Match", "\"{inner}x\"")],
    ),
    get(
        "suffix",
        "8.8.3.2",
        "A tag with the suffix of a coding is another tag",
        &[("If-None-Match", "\"{inner}-gzip\"")],
    )
    .needs(&[NoSuffix]),
    get(
        "suffix-br",
        "8.8.3.2",
        "A tag with the suffix of another coding is another tag",
        &[("If-None-Match", "\"{inner}-br\"")],
    )
    .needs(&[NoSuffix]),
    get(
        "half",
        "8.8.3.2",
        "A tag with another part before a dash is another tag",
        &[("If-None-Match", "{half}")],
    ),
    get(
        "star",
        "13.1.2",
        "If-None-Match: * is false for what exists",
        &[("If-None-Match", "*")],
    )
    .needs(&[Tag]),
    get(
        "star-quoted",
        "13.1.2",
        "\"*\" in quotes is a tag",
        &[("If-None-Match", "\"*\"")],
    )
    .needs(&[Tag]),
    get(
        "star-in-list",
        "13.1.2",
        "* beside other members does not match",
        &[("If-None-Match", "*, {other}")],
    )
    .harm()
    .also(&[304, 400])
    .needs(&[Tag]),
    get(
        "unquoted",
        "8.8.3",
        "A tag without quotes does not match",
        &[("If-None-Match", "{inner}")],
    )
    .harm(),
    get(
        "unclosed",
        "8.8.3",
        "A tag without its closing quote does not match",
        &[("If-None-Match", "\"{inner}")],
    )
    .harm(),
    get(
        "lower-weak",
        "8.8.3",
        "w/ in lower case does not mark a weak tag",
        &[("If-None-Match", "w/{strong}")],
    )
    .harm(),
    get(
        "after-quote",
        "8.8.3",
        "A tag with more after its closing quote does not match",
        &[("If-None-Match", "{strong}-gzip")],
    )
    .harm()
    .needs(&[NoSuffix]),
];
