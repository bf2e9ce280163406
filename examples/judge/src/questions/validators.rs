//! Section 8.8: what can be said of validators without a precondition.

use crate::{
    dates::{self, Form},
    facts::{self, Facts},
    message::{Exchange, shown},
    oracle::is_weak,
    verdict::Level,
};

pub(crate) enum Found {
    /// As it should be: what was seen.
    Good(String),
    Bad(String),
    CannotTell(&'static str),
}

/// A question that what was learned answers.
pub(crate) struct Fact {
    pub(crate) id: &'static str,
    pub(crate) section: &'static str,
    pub(crate) level: Level,
    pub(crate) title: &'static str,
    pub(crate) expected: &'static str,
    pub(crate) check: fn(&Facts) -> Found,
    /// The request that shows it.
    pub(crate) shown_by: fn(&Facts) -> Option<&Exchange>,
}

fn plain(facts: &Facts) -> Option<&Exchange> {
    Some(&facts.plain)
}

fn coded(facts: &Facts) -> Option<&Exchange> {
    facts.coded.as_ref()
}

pub(crate) const FACTS: &[Fact] = &[
    Fact {
        id: "etag-form",
        section: "8.8.3",
        level: Level::Must,
        title: "The entity tag is well-formed",
        expected: "ETag: \"…\" or W/\"…\"",
        check: |facts| match facts.plain.response.field("etag") {
            None => Found::CannotTell("there is no entity tag"),
            Some(etag) if facts::tag(&facts.plain.response).is_err() => {
                Found::Bad(format!("ETag: {}", shown(etag)))
            }
            Some(etag) => Found::Good(format!("ETag: {}", shown(etag))),
        },
        shown_by: plain,
    },
    Fact {
        id: "etag-once",
        section: "8.8.3",
        level: Level::Must,
        title: "There is one ETag",
        expected: "1 line of ETag",
        check: |facts| match facts.plain.response.fields.get_all("etag").iter().count() {
            0 => Found::CannotTell("there is no entity tag"),
            1 => Found::Good("1 line of ETag".to_owned()),
            many => Found::Bad(format!("{many} lines of ETag")),
        },
        shown_by: plain,
    },
    Fact {
        id: "etag-strong",
        section: "8.8.1",
        level: Level::Must,
        title: "One strong tag names one content",
        expected: "the same content from two reads with the same strong tag",
        check: |facts| {
            let (one, other) = (&facts.plain.response, &facts.again.response);
            match (facts::tag(one), facts::tag(other)) {
                (Ok(tag), Ok(same)) if tag == same && !is_weak(tag) => match one.body == other.body
                {
                    true => Found::Good(format!("{} for the same content", shown(tag))),
                    false => Found::Bad(format!("{} for two contents", shown(tag))),
                },
                _ => Found::CannotTell("there is no strong tag that two reads share"),
            }
        },
        shown_by: plain,
    },
    Fact {
        id: "date-form",
        section: "5.6.7",
        level: Level::Must,
        title: "Last-Modified is sent in the preferred form",
        expected: "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT, in this form",
        check: |facts| match facts.plain.response.field("last-modified") {
            None => Found::CannotTell("there is no Last-Modified"),
            Some(date) => {
                let read = dates::read(date, facts.now);
                match read.map(|seconds| dates::write(seconds, Form::Imf).into_bytes()) {
                    Some(written) if written == date => {
                        Found::Good(format!("Last-Modified: {}", shown(date)))
                    }
                    _ => Found::Bad(format!("Last-Modified: {}", shown(date))),
                }
            }
        },
        shown_by: plain,
    },
    Fact {
        id: "date-past",
        section: "8.8.2.1",
        level: Level::Must,
        title: "Last-Modified is not later than Date",
        expected: "Last-Modified at most Date",
        check: |facts| {
            let response = &facts.plain.response;
            let read = |name| dates::read(response.field(name)?, facts.now);
            match (read("last-modified"), read("date")) {
                (Some(modified), Some(date)) if modified > date => {
                    Found::Bad(format!("{} seconds later", modified - date))
                }
                (Some(modified), Some(date)) => {
                    Found::Good(format!("{} seconds earlier", date - modified))
                }
                _ => Found::CannotTell("there is no Last-Modified, or no Date"),
            }
        },
        shown_by: plain,
    },
    Fact {
        id: "coded-tag",
        section: "8.8.3.3",
        level: Level::Must,
        title: "One strong tag does not name two codings",
        expected: "a tag of its own for the content coding",
        check: |facts| {
            let Some(coded) = &facts.coded else {
                return Found::CannotTell("there is no content coding");
            };
            match (facts.etag(), facts::tag(&coded.response)) {
                (Ok(plain), Ok(tag)) if plain == tag && !is_weak(tag) => {
                    Found::Bad(format!("{} for both", shown(tag)))
                }
                (Ok(plain), Ok(tag)) => Found::Good(format!("{} and {}", shown(plain), shown(tag))),
                _ => Found::CannotTell("one of the two has no entity tag"),
            }
        },
        shown_by: coded,
    },
    Fact {
        id: "coded-vary",
        section: "12.5.5",
        level: Level::Should,
        title: "Coded content says Vary: Accept-Encoding",
        expected: "Vary: Accept-Encoding",
        check: |facts| {
            let Some(coded) = &facts.coded else {
                return Found::CannotTell("there is no content coding");
            };
            let vary = coded.response.joined("vary").unwrap_or_default();
            let text = shown(&vary).to_ascii_lowercase();
            let mut members = text.split(',').map(str::trim);
            match members.any(|member| member == "*" || member == "accept-encoding") {
                true => Found::Good(format!("Vary: {text}")),
                false => Found::Bad(format!("Vary: {text}")),
            }
        },
        shown_by: coded,
    },
];
