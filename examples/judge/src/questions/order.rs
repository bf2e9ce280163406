//! Section 13.2: when preconditions are evaluated, and in which order.

use super::{
    Need::{Strong, Tag},
    Question, Subject, get,
};

pub(super) const QUESTIONS: &[Question] = &[
    get(
        "match-over-unmodified",
        "13.1.4",
        "If-Unmodified-Since is ignored beside If-Match",
        &[("If-Match", "{etag}"), ("If-Unmodified-Since", "{before}")],
    )
    .needs(&[Strong]),
    get(
        "false-match-over-unmodified",
        "13.2.2",
        "A true If-Unmodified-Since does not override a false If-Match",
        &[("If-Match", "{other}"), ("If-Unmodified-Since", "{date}")],
    )
    .needs(&[Tag]),
    get(
        "none-match-over-since",
        "13.1.3",
        "If-Modified-Since is ignored beside If-None-Match",
        &[
            ("If-None-Match", "{other}"),
            ("If-Modified-Since", "{date}"),
        ],
    ),
    get(
        "same-over-since",
        "13.1.3",
        "An earlier If-Modified-Since does not undo If-None-Match",
        &[
            ("If-None-Match", "{etag}"),
            ("If-Modified-Since", "{before}"),
        ],
    ),
    get(
        "malformed-over-since",
        "13.1.3",
        "A malformed If-None-Match counts as present",
        &[("If-None-Match", "judge"), ("If-Modified-Since", "{date}")],
    )
    .harm(),
    get(
        "match-first",
        "13.2.2",
        "If-Match is evaluated before If-None-Match",
        &[("If-Match", "{other}"), ("If-None-Match", "{etag}")],
    ),
    get(
        "match-then-none-match",
        "13.2.2",
        "After a true If-Match comes If-None-Match",
        &[("If-Match", "*"), ("If-None-Match", "{etag}")],
    ),
    get(
        "unmodified-first",
        "13.2.2",
        "If-Unmodified-Since is evaluated before If-None-Match",
        &[
            ("If-Unmodified-Since", "{before}"),
            ("If-None-Match", "{etag}"),
        ],
    ),
    get(
        "unmodified-then-since",
        "13.2.2",
        "After a true If-Unmodified-Since comes If-Modified-Since",
        &[
            ("If-Unmodified-Since", "{date}"),
            ("If-Modified-Since", "{date}"),
        ],
    )
    .should(),
    get(
        "missing-if-match",
        "13.2.1",
        "A 404 comes before If-Match",
        &[("If-Match", "{other}")],
    )
    .of(Subject::Missing)
    .needs(&[Tag]),
    get(
        "missing-none-match",
        "13.2.1",
        "A 404 comes before If-None-Match: *",
        &[("If-None-Match", "*")],
    )
    .of(Subject::Missing)
    .needs(&[Tag]),
    get(
        "options-if-match",
        "13.2.1",
        "OPTIONS ignores If-Match",
        &[("If-Match", "{other}")],
    )
    .method("OPTIONS")
    .needs(&[Tag]),
    get(
        "options-none-match",
        "13.2.1",
        "OPTIONS ignores If-None-Match",
        &[("If-None-Match", "{etag}")],
    )
    .method("OPTIONS"),
];
