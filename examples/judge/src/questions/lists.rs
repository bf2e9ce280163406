//! Section 5.6.1, lists; section 5.3, several lines.

use super::{Need::Tag, Question, get};

pub(super) const QUESTIONS: &[Question] = &[
    get(
        "list-first",
        "5.6.1",
        "The first tag of If-None-Match counts",
        &[("If-None-Match", "{etag}, {other}")],
    ),
    get(
        "list-last",
        "5.6.1",
        "The last tag of If-None-Match counts",
        &[("If-None-Match", "{other}, {etag}")],
    ),
    get(
        "list-dense",
        "5.6.1",
        "Tags may follow a comma without a space",
        &[("If-None-Match", "{other},{etag}")],
    ),
    get(
        "list-tabs",
        "5.6.1",
        "Tabs around a comma are whitespace",
        &[("If-None-Match", "{other}\t,\t{etag}")],
    ),
    get(
        "list-spaces",
        "5.6.1",
        "Spaces around a member do not count",
        &[("If-None-Match", "{other}  ,   {etag}  ")],
    ),
    get(
        "list-empty-first",
        "5.6.1",
        "An empty first member is ignored",
        &[("If-None-Match", ", {etag}")],
    ),
    get(
        "list-empty-middle",
        "5.6.1",
        "Empty members in the middle are ignored",
        &[("If-None-Match", "{other}, ,, {etag}")],
    ),
    get(
        "list-empty-last",
        "5.6.1",
        "An empty last member is ignored",
        &[("If-None-Match", "{etag},")],
    ),
    get(
        "list-many",
        "5.6.1",
        "The last of 51 tags counts",
        &[("If-None-Match", "{many}{etag}")],
    ),
    get(
        "lines-first",
        "5.3",
        "The first of two lines of If-None-Match counts",
        &[("If-None-Match", "{etag}"), ("If-None-Match", "{other}")],
    ),
    get(
        "lines-second",
        "5.3",
        "The second of two lines of If-None-Match counts",
        &[("If-None-Match", "{other}"), ("If-None-Match", "{etag}")],
    ),
    get(
        "lines-empty",
        "5.3",
        "An empty first line does not hide the second",
        &[("If-None-Match", ""), ("If-None-Match", "{etag}")],
    ),
    get(
        "lines-if-match",
        "5.3",
        "The second of two lines of If-Match counts",
        &[("If-Match", "{other}"), ("If-Match", "{etag}")],
    ),
    get(
        "list-if-match",
        "5.6.1",
        "The last tag of If-Match counts",
        &[("If-Match", "{other},, {etag}")],
    ),
    get(
        "comma-before",
        "8.8.3",
        "A tag with a comma does not end the list",
        &[("If-None-Match", "\"a,b\", {etag}")],
    ),
    get(
        "comma-inside",
        "8.8.3",
        "A comma in a tag does not separate members of If-None-Match",
        &[("If-None-Match", "\"judge,{inner},judge\"")],
    ),
    get(
        "comma-if-match",
        "8.8.3",
        "A comma in a tag does not separate members of If-Match",
        &[("If-Match", "\"judge,{inner},judge\"")],
    ),
    get(
        "obs-text",
        "8.8.3",
        "A tag with bytes beyond ASCII does not end the list",
        &[("If-None-Match", "{obs}, {etag}")],
    ),
    get(
        "backslash",
        "8.8.3",
        "A backslash in a tag is a character like others",
        &[("If-None-Match", "\"judge\\\", {etag}")],
    )
    .should(),
    get(
        "empty-tag",
        "8.8.3",
        "The empty tag \"\" is a tag of its own",
        &[("If-None-Match", "\"\"")],
    )
    .needs(&[Tag]),
    get(
        "empty-field",
        "5.6.1",
        "An empty If-None-Match lists nothing",
        &[("If-None-Match", "")],
    )
    .harm()
    .needs(&[Tag]),
    get(
        "commas-only",
        "5.6.1",
        "If-None-Match of commas lists nothing",
        &[("If-None-Match", ", ,")],
    )
    .harm()
    .needs(&[Tag]),
    get(
        "malformed-first",
        "5.6.1",
        "A malformed member does not hide the next",
        &[("If-None-Match", "judge, {etag}")],
    )
    .harm()
    .also(&[200, 400]),
    get(
        "empty-if-match",
        "5.6.1",
        "An empty If-Match guards: it lists nothing",
        &[("If-Match", "")],
    )
    .harm()
    .needs(&[Tag]),
];
