//! The questions about writes to what exists.

use super::row::{
    Need::{Date, OldDate, Strong, Tag},
    Row, put,
};

pub(crate) const ROWS: &[Row] = &[
    put(
        "write-true",
        "13.1.1",
        "A write with the current strong tag is performed",
        &[("If-Match", "{etag}")],
    )
    .needs(&[Strong]),
    put(
        "write-stale",
        "13.1.1",
        "A write with another tag is answered 412",
        &[("If-Match", "{other}")],
    )
    .needs(&[Tag]),
    put(
        "write-old",
        "13.1.1",
        "A write with the tag of an earlier version is answered 412",
        &[("If-Match", "{old}")],
    ),
    put(
        "write-weak",
        "13.1.1",
        "A write with a weak tag is answered 412",
        &[("If-Match", "{weak}")],
    ),
    put(
        "write-of-weak",
        "13.1.1",
        "A write to what has a weak tag is answered 412 whatever the tag",
        &[("If-Match", "{strong}")],
    ),
    put(
        "write-list",
        "5.6.1",
        "The last tag of a list guards a write",
        &[("If-Match", "{other}, , {etag}")],
    )
    .needs(&[Strong]),
    put(
        "write-lines",
        "5.3",
        "The second line guards a write",
        &[("If-Match", "{other}"), ("If-Match", "{etag}")],
    )
    .needs(&[Strong]),
    put(
        "write-comma",
        "8.8.3",
        "A comma in a tag does not let a write pass",
        &[("If-Match", "\"judge,{inner},judge\"")],
    ),
    put(
        "write-star",
        "13.1.1",
        "A write to what exists passes If-Match: *",
        &[("If-Match", "*")],
    )
    .needs(&[Tag]),
    put(
        "write-star-quoted",
        "13.1.1",
        "\"*\" in quotes does not let a write pass",
        &[("If-Match", "\"*\"")],
    )
    .needs(&[Tag]),
    put(
        "write-suffix",
        "8.8.3.2",
        "A tag with the suffix of a coding does not let a write pass",
        &[("If-Match", "\"{inner}-gzip\"")],
    ),
    put(
        "write-half",
        "8.8.3.2",
        "A tag with another part before a dash does not let a write pass",
        &[("If-Match", "{half}")],
    ),
    put(
        "write-unquoted",
        "8.8.3",
        "A tag without quotes does not let a write pass",
        &[("If-Match", "{inner}")],
    )
    .harm(),
    put(
        "write-empty",
        "5.6.1",
        "An empty If-Match does not let a write pass",
        &[("If-Match", "")],
    )
    .harm()
    .needs(&[Tag]),
    put(
        "write-create-only",
        "13.1.2",
        "If-None-Match: * does not overwrite what exists",
        &[("If-None-Match", "*")],
    )
    .needs(&[Tag]),
    put(
        "write-none-match",
        "13.1.2",
        "A write with the current tag in If-None-Match is answered 412",
        &[("If-None-Match", "{etag}")],
    ),
    put(
        "write-none-match-weak",
        "13.1.2",
        "If-None-Match of a write compares weakly",
        &[("If-None-Match", "{weak}")],
    ),
    put(
        "write-none-match-other",
        "13.1.2",
        "A write with another tag in If-None-Match is performed",
        &[("If-None-Match", "{other}")],
    )
    .needs(&[Tag]),
    put(
        "write-unmodified",
        "13.1.4",
        "A write with an earlier If-Unmodified-Since is answered 412",
        &[("If-Unmodified-Since", "{before}")],
    ),
    put(
        "write-unmodified-rfc850",
        "5.6.7",
        "A write reads the form of RFC 850",
        &[("If-Unmodified-Since", "{before850}")],
    ),
    put(
        "write-false-match",
        "13.2.2",
        "A true If-Unmodified-Since does not heal a false If-Match",
        &[("If-Match", "{other}"), ("If-Unmodified-Since", "{date}")],
    )
    .needs(&[Tag, OldDate]),
    put(
        "write-unmodified-same",
        "13.1.4",
        "A write with the date of Last-Modified is performed",
        &[("If-Unmodified-Since", "{date}")],
    )
    .should()
    .needs(&[OldDate]),
    put(
        "write-since",
        "13.1.3",
        "If-Modified-Since does not prevent a write",
        &[("If-Modified-Since", "{date}")],
    )
    .needs(&[Date]),
    put(
        "write-match-over-unmodified",
        "13.1.4",
        "If-Unmodified-Since is ignored beside If-Match",
        &[("If-Match", "{etag}"), ("If-Unmodified-Since", "{before}")],
    )
    .needs(&[Strong]),
    put(
        "write-both",
        "13.2.2",
        "A true If-Match does not hide a false If-None-Match",
        &[("If-Match", "{etag}"), ("If-None-Match", "{etag}")],
    )
    .needs(&[Strong]),
    put(
        "write-http2",
        "13.1.1",
        "A write with another tag over HTTP/2 is answered 412",
        &[("If-Match", "{other}")],
    )
    .needs(&[Tag])
    .http2(),
    put(
        "patch-true",
        "13.1.1",
        "PATCH with the current strong tag is performed",
        &[("If-Match", "{etag}")],
    )
    .needs(&[Strong])
    .by("PATCH"),
    put(
        "patch-create-only",
        "13.1.2",
        "PATCH with If-None-Match: * is answered 412",
        &[("If-None-Match", "*")],
    )
    .needs(&[Tag])
    .by("PATCH"),
    put(
        "patch-stale",
        "13.1.1",
        "PATCH with another tag is answered 412",
        &[("If-Match", "{other}")],
    )
    .needs(&[Tag])
    .by("PATCH"),
    put(
        "delete-stale",
        "13.1.1",
        "DELETE with another tag is answered 412",
        &[("If-Match", "{other}")],
    )
    .needs(&[Tag])
    .by("DELETE"),
    put(
        "delete-weak",
        "13.1.1",
        "DELETE with a weak tag is answered 412",
        &[("If-Match", "{weak}")],
    )
    .by("DELETE"),
    put(
        "delete-none-match",
        "13.1.2",
        "DELETE with If-None-Match: * is answered 412",
        &[("If-None-Match", "*")],
    )
    .needs(&[Tag])
    .by("DELETE"),
    put(
        "delete-unmodified",
        "13.1.4",
        "DELETE with an earlier If-Unmodified-Since is answered 412",
        &[("If-Unmodified-Since", "{before}")],
    )
    .by("DELETE"),
    put(
        "write-garbage-date",
        "13.1.4",
        "If-Unmodified-Since without a date is ignored",
        &[("If-Unmodified-Since", "yesterday")],
    )
    .also(&[400])
    .needs(&[Date]),
];
