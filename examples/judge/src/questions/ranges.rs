//! Section 13.1.5, If-Range; sections 14.2 and 15.3.7, parts.

use super::{
    Need::{OldDate, Ranges, Strong, Tag},
    Question, get,
};
use crate::{
    facts::Facts,
    message::{Response, shown},
};

const RANGE: (&str, &str) = ("Range", "bytes=0-0");

pub(super) const QUESTIONS: &[Question] = &[
    get(
        "part",
        "15.3.7",
        "A part is the part that was asked for",
        &[RANGE],
    )
    .needs(&[Ranges])
    .should()
    .then(is_first_byte),
    get(
        "part-tag",
        "15.3.7",
        "A 206 has the entity tag of the 200",
        &[RANGE],
    )
    .needs(&[Ranges, Tag])
    .fields(has_tag),
    get(
        "if-range-same",
        "13.1.5",
        "If-Range with the current strong tag lets Range through",
        &[RANGE, ("If-Range", "{etag}")],
    )
    .needs(&[Ranges, Strong])
    .should(),
    get(
        "if-range-other",
        "13.1.5",
        "If-Range with another tag is answered in full",
        &[RANGE, ("If-Range", "{other}")],
    )
    .needs(&[Ranges, Tag]),
    get(
        "if-range-weak",
        "13.1.5",
        "If-Range compares strongly: a weak tag never matches",
        &[RANGE, ("If-Range", "{weak}")],
    )
    .needs(&[Ranges]),
    get(
        "if-range-case",
        "13.1.5",
        "If-Range compares with case",
        &[RANGE, ("If-Range", "{swapped}")],
    )
    .needs(&[Ranges]),
    get(
        "if-range-suffix",
        "13.1.5",
        "If-Range with the suffix of a coding is answered in full",
        &[RANGE, ("If-Range", "\"{inner}-gzip\"")],
    )
    .needs(&[Ranges]),
    get(
        "if-range-coded",
        "13.1.5",
        "If-Range with the tag of coded content is answered in full",
        &[RANGE, ("If-Range", "{coded}")],
    )
    .needs(&[Ranges]),
    get(
        "if-range-date",
        "13.1.5",
        "If-Range with the date of Last-Modified lets Range through",
        &[RANGE, ("If-Range", "{date}")],
    )
    .needs(&[Ranges, OldDate])
    .should(),
    get(
        "if-range-later",
        "13.1.5",
        "If-Range with a later date is answered in full",
        &[RANGE, ("If-Range", "{after}")],
    )
    .needs(&[Ranges, OldDate]),
    get(
        "if-range-earlier",
        "13.1.5",
        "If-Range with an earlier date is answered in full",
        &[RANGE, ("If-Range", "{before}")],
    )
    .needs(&[Ranges, OldDate]),
    get(
        "if-range-list",
        "13.1.5",
        "If-Range is no list",
        &[RANGE, ("If-Range", "{other}, {etag}")],
    )
    .needs(&[Ranges])
    .harm(),
    get(
        "if-range-star",
        "13.1.5",
        "* is no value of If-Range",
        &[RANGE, ("If-Range", "*")],
    )
    .needs(&[Ranges])
    .harm(),
    get(
        "if-range-garbage",
        "13.1.5",
        "If-Range without a validator is answered in full",
        &[RANGE, ("If-Range", "judge")],
    )
    .needs(&[Ranges])
    .harm(),
    get(
        "if-range-alone",
        "13.1.5",
        "If-Range without Range is ignored",
        &[("If-Range", "{etag}")],
    )
    .needs(&[Ranges]),
    get(
        "if-range-beyond",
        "13.1.5",
        "A false If-Range hides a range that cannot be satisfied",
        &[("Range", "bytes=999999999-"), ("If-Range", "{other}")],
    )
    .needs(&[Ranges, Tag]),
    get(
        "range-not-modified",
        "13.2.2",
        "If-None-Match is evaluated before Range",
        &[RANGE, ("If-None-Match", "{etag}")],
    )
    .needs(&[Ranges]),
    get(
        "range-beyond-not-modified",
        "13.2.2",
        "If-None-Match comes before a range that cannot be satisfied",
        &[("Range", "bytes=999999999-"), ("If-None-Match", "{etag}")],
    )
    .needs(&[Ranges]),
    get(
        "range-if-match",
        "13.2.2",
        "If-Match is evaluated before Range",
        &[RANGE, ("If-Match", "{other}")],
    )
    .needs(&[Ranges, Tag]),
    get(
        "range-weak-if-match",
        "13.2.2",
        "A ranged read compares If-Match strongly",
        &[RANGE, ("If-Match", "{weak}")],
    )
    .needs(&[Ranges]),
    get("range-head", "14.2", "HEAD ignores Range", &[RANGE])
        .method("HEAD")
        .needs(&[Ranges]),
    get(
        "range-other",
        "14.2",
        "A true If-None-Match lets Range through",
        &[RANGE, ("If-None-Match", "{other}")],
    )
    .needs(&[Ranges, Tag])
    .should(),
];

fn is_first_byte(facts: &Facts, response: &Response) -> Result<(), String> {
    let whole = &facts.plain.response.body;
    let range = response.field("content-range").map(shown);
    let range = range.unwrap_or_default();
    if !range.starts_with("bytes 0-0/") {
        return Err(format!("Content-Range: {range}"));
    }
    match whole.first() == response.body.first() && response.body.len() == 1 {
        true => Ok(()),
        false => Err(format!("{} bytes, or others", response.body.len())),
    }
}

fn has_tag(facts: &Facts, response: &Response) -> Result<(), String> {
    let found = response.field("etag").unwrap_or_default();
    match Some(found) == facts.plain.response.field("etag") {
        true => Ok(()),
        false => Err(format!("ETag: {}", shown(found))),
    }
}
