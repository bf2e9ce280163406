//! HEAD, QUERY, and HTTP/2.

use super::{Need::Tag, Question, Subject::Query, get};
use crate::{
    facts::{self, Facts},
    message::{Response, shown},
};

pub(super) const QUESTIONS: &[Question] = &[
    get("head-tag", "9.3.2", "HEAD has the validators of GET", &[])
        .method("HEAD")
        .should()
        .then(same_validators),
    get(
        "head-same",
        "13.1.2",
        "If-None-Match is evaluated for HEAD",
        &[("If-None-Match", "{etag}")],
    )
    .method("HEAD"),
    get(
        "head-other",
        "13.1.2",
        "HEAD with another tag is answered as without",
        &[("If-None-Match", "{other}")],
    )
    .method("HEAD")
    .needs(&[Tag]),
    get(
        "query-same",
        "RFC 10008",
        "QUERY with the tag of its result is answered 304",
        &[("If-None-Match", "{etag}")],
    )
    .of(Query),
    get(
        "query-other",
        "RFC 10008",
        "QUERY with another tag is answered in full",
        &[("If-None-Match", "{other}")],
    )
    .of(Query)
    .needs(&[Tag]),
    get(
        "query-if-match",
        "RFC 10008",
        "A false If-Match of a QUERY is answered 412",
        &[("If-Match", "{other}")],
    )
    .of(Query)
    .needs(&[Tag]),
    get(
        "query-since",
        "RFC 10008",
        "QUERY evaluates If-Modified-Since",
        &[("If-Modified-Since", "{date}")],
    )
    .of(Query)
    .should(),
    get(
        "http2-same",
        "13.1.2",
        "If-None-Match is evaluated over HTTP/2",
        &[("If-None-Match", "{etag}")],
    )
    .http2()
    .then(has_tag),
    get(
        "http2-other",
        "13.1.2",
        "Another tag over HTTP/2 is answered in full",
        &[("If-None-Match", "{other}")],
    )
    .http2()
    .needs(&[Tag]),
    get(
        "http2-lines",
        "5.3",
        "The second of two lines counts over HTTP/2",
        &[("If-None-Match", "{other}"), ("If-None-Match", "{etag}")],
    )
    .http2(),
    get(
        "http2-if-match",
        "13.1.1",
        "A false If-Match over HTTP/2 is answered 412",
        &[("If-Match", "{other}")],
    )
    .http2()
    .needs(&[Tag]),
    get(
        "http2-unmodified",
        "13.1.4",
        "A false If-Unmodified-Since over HTTP/2 is answered 412",
        &[("If-Unmodified-Since", "{before}")],
    )
    .http2(),
    get(
        "http2-head",
        "13.1.2",
        "If-None-Match is evaluated for HEAD over HTTP/2",
        &[("If-None-Match", "{etag}")],
    )
    .http2()
    .method("HEAD"),
];

fn same_validators(facts: &Facts, response: &Response) -> Result<(), String> {
    for name in ["etag", "last-modified"] {
        let (get, head) = (facts.plain.response.field(name), response.field(name));
        let stable = facts.again.response.field(name) == get;
        if get != head && stable {
            let head = head.map_or_else(|| "none".to_owned(), shown);
            return Err(format!("{name} of HEAD: {head}"));
        }
    }
    Ok(())
}

fn has_tag(facts: &Facts, response: &Response) -> Result<(), String> {
    match facts::tag(response) == facts.etag() {
        true => Ok(()),
        false => Err("a 304 with another ETag, or none".to_owned()),
    }
}
