//! What RFC 9110 section 13.2.2 says about one request, word for word and slowly.
//!
//! The judge takes its expectations from here. This file shares no code with tower-conditional, so
//! that the judge can judge services made with it.

use crate::dates;

/// What has to happen to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The method is performed, as without preconditions.
    Performed,
    /// A part is sent: 206.
    Part,
    /// 304.
    NotModified,
    /// 412, and nothing is performed.
    Failed,
}

/// The resource as the judge has seen it.
#[derive(Clone, Copy, Debug)]
pub struct State<'a> {
    pub exists: bool,
    pub etag: Option<&'a [u8]>,
    pub last_modified: Option<&'a [u8]>,
    /// The server answers range requests.
    pub ranges: bool,
    pub now: i64,
}

pub type Fields = [(String, Vec<u8>)];

fn lines<'a>(fields: &'a Fields, name: &str) -> Option<Vec<&'a [u8]>> {
    let lines: Vec<&[u8]> = fields
        .iter()
        .filter(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| trim(value))
        .collect();
    (!lines.is_empty()).then_some(lines)
}

/// The date of a field that has one line.
fn date(fields: &Fields, name: &str, now: i64) -> Option<i64> {
    match lines(fields, name)?[..] {
        [line] => dates::read(line, now),
        _ => None,
    }
}

pub fn expect(method: &str, fields: &Fields, state: State<'_>) -> Expected {
    // 13.2.1: no selected representation is involved, or the response would not be a 2xx anyway.
    let safe = ["GET", "HEAD", "QUERY"].contains(&method);
    if ["CONNECT", "OPTIONS", "TRACE"].contains(&method) || (safe && !state.exists) {
        return Expected::Performed;
    }
    let modified = state
        .last_modified
        .and_then(|date| dates::read(date, state.now));
    // Steps 1 and 2.
    if let Some(lines) = lines(fields, "If-Match") {
        if !matches(&lines, state, strong_equal) {
            return Expected::Failed;
        }
    } else if let (Some(date), Some(modified)) =
        (date(fields, "If-Unmodified-Since", state.now), modified)
    {
        if modified > date {
            return Expected::Failed;
        }
    }
    // Steps 3 and 4.
    if let Some(lines) = lines(fields, "If-None-Match") {
        if matches(&lines, state, weak_equal) {
            return if safe {
                Expected::NotModified
            } else {
                Expected::Failed
            };
        }
    } else if let (Some(date), Some(modified), true) =
        (date(fields, "If-Modified-Since", state.now), modified, safe)
    {
        if modified <= date {
            return Expected::NotModified;
        }
    }
    // Step 5.
    if method == "GET" && state.ranges && lines(fields, "Range").is_some() {
        match lines(fields, "If-Range") {
            Some(lines) if !if_range(&lines, state) => {}
            _ => return Expected::Part,
        }
    }
    Expected::Performed
}

/// Section 13.1.5.
fn if_range(lines: &[&[u8]], state: State<'_>) -> bool {
    let [line] = lines else {
        return false;
    };
    if is_tag(line) {
        return state.etag.is_some_and(|etag| strong_equal(line, etag));
    }
    // A date has to be the very same, and old enough to be strong (section 8.8.2.2).
    state.last_modified == Some(line)
        && dates::read(line, state.now).is_some_and(|date| date < state.now)
}

fn matches(lines: &[&[u8]], state: State<'_>, equal: fn(&[u8], &[u8]) -> bool) -> bool {
    let members = members(lines);
    if members == [b"*"] {
        return state.exists;
    }
    let Some(etag) = state.etag.filter(|_| state.exists) else {
        return false;
    };
    members
        .iter()
        .any(|member| is_tag(member) && equal(member, etag))
}

/// The members of a list: each line, split at the commas outside of quotes (section 5.6.1).
fn members<'a>(lines: &[&'a [u8]]) -> Vec<&'a [u8]> {
    let mut members = Vec::new();
    for line in lines {
        let mut quoted = false;
        let mut start = 0;
        for (at, byte) in line.iter().enumerate() {
            match byte {
                b'"' => quoted = !quoted,
                b',' if !quoted => {
                    members.push(&line[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        members.push(&line[start..]);
    }
    members.retain(|member| !trim(member).is_empty());
    members.into_iter().map(trim).collect()
}

fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// Section 8.8.3.
pub fn is_tag(text: &[u8]) -> bool {
    let inner = opaque(text)
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    inner.is_some_and(|inner| {
        inner
            .iter()
            .all(|byte| *byte > b' ' && *byte != b'"' && *byte != 0x7f)
    })
}

/// The tag without its `W/`.
pub fn opaque(tag: &[u8]) -> &[u8] {
    tag.strip_prefix(b"W/").unwrap_or(tag)
}

pub fn is_weak(tag: &[u8]) -> bool {
    tag.starts_with(b"W/")
}

fn strong_equal(one: &[u8], other: &[u8]) -> bool {
    !is_weak(one) && !is_weak(other) && one == other
}

fn weak_equal(one: &[u8], other: &[u8]) -> bool {
    opaque(one) == opaque(other)
}
