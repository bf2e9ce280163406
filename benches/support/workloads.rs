//! The requests that are evaluated: eight ordinary browser fields and the workload's own.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE},
};

use super::fields::{ETAG, browser_fields};

/// The current modification date.
pub(crate) const LAST_MODIFIED: &str = "Sun, 06 Nov 2022 08:49:37 GMT";

const OLDER: &str = "Sat, 05 Nov 2022 08:49:37 GMT";

pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    /// The status that replaces the handler's.
    pub(crate) answer: Option<StatusCode>,
    /// Instructions of an experimental kernel. It follows section 13.2.2, has no settings, knows no
    /// obsolete dates, and stops at the first malformed member.
    pub(crate) limit: Option<u32>,
}

impl Workload {
    pub(crate) fn get(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            about,
            method: Method::GET,
            headers: browser_fields(),
            answer: None,
            limit: None,
        }
    }

    pub(crate) fn with(mut self, name: HeaderName, value: impl AsRef<[u8]>) -> Self {
        let value = HeaderValue::from_bytes(value.as_ref()).expect("visible ASCII");
        self.headers.append(name, value);
        self
    }

    fn limit(mut self, instructions: u32) -> Self {
        self.limit = Some(instructions);
        self
    }

    pub(crate) fn answered(mut self, status: StatusCode) -> Self {
        self.answer = Some(status);
        self
    }
}

/// Returns the `number`th of many entity tags that differ from the current one.
pub(crate) fn other_tag(number: usize) -> String {
    format!("\"{number:032x}\"")
}

/// Returns a list with this number of entity tags. The last one is the current one.
pub(crate) fn list_with_hit(length: usize) -> String {
    let mut list: String = (1..length).map(|number| other_tag(number) + ", ").collect();
    list.push_str(ETAG);
    list
}

pub(crate) fn all() -> Vec<Workload> {
    const NOT_MODIFIED: StatusCode = StatusCode::NOT_MODIFIED;
    let twenty_lines = (0..20).fold(
        Workload::get("w5", "1000 tags over 20 field lines"),
        |workload, line| {
            let mut tags: Vec<_> = (50 * line..50 * (line + 1)).map(other_tag).collect();
            if line == 19 {
                tags[49] = ETAG.to_owned();
            }
            workload.with(IF_NONE_MATCH, tags.join(", "))
        },
    );
    let mut update = Workload::get("w6", "PUT, If-Match, one tag").with(IF_MATCH, ETAG);
    update.method = Method::PUT;
    vec![
        Workload::get("w0", "no conditional field").limit(107),
        Workload::get("w1", "If-None-Match, one tag, hit")
            .with(IF_NONE_MATCH, ETAG)
            .answered(NOT_MODIFIED)
            .limit(343),
        Workload::get("w2", "If-None-Match, one tag, miss")
            .with(IF_NONE_MATCH, other_tag(1))
            .limit(575),
        Workload::get("w3", "10 tags, last hits")
            .with(IF_NONE_MATCH, list_with_hit(10))
            .answered(NOT_MODIFIED)
            .limit(1_120),
        Workload::get("w4", "100 tags, last hits")
            .with(IF_NONE_MATCH, list_with_hit(100))
            .answered(NOT_MODIFIED)
            .limit(7_780),
        twenty_lines.answered(NOT_MODIFIED).limit(76_057),
        update.limit(349),
        Workload::get("w7", "If-Modified-Since, equal date")
            .with(IF_MODIFIED_SINCE, LAST_MODIFIED)
            .answered(NOT_MODIFIED)
            .limit(314),
        Workload::get("w7b", "If-Modified-Since, older date")
            .with(IF_MODIFIED_SINCE, OLDER)
            .limit(554),
        Workload::get("w8", "all five fields and Range")
            .with(IF_MATCH, ETAG)
            .with(IF_UNMODIFIED_SINCE, LAST_MODIFIED)
            .with(IF_NONE_MATCH, other_tag(1))
            .with(IF_MODIFIED_SINCE, OLDER)
            .with(RANGE, "bytes=0-99")
            .with(IF_RANGE, ETAG)
            .limit(807),
        Workload::get("w9", "If-None-Match, weak tag, hit")
            .with(IF_NONE_MATCH, format!("W/{ETAG}"))
            .answered(NOT_MODIFIED)
            .limit(462),
        malformed("w10a", "8 KiB of a", Shape::LETTERS, 8_192).limit(503),
        malformed("w10b", "8 KiB, quote never closed", Shape::UNCLOSED, 8_192).limit(1_563),
        malformed("w10c", "8 KiB of commas", Shape::COMMAS, 8_192).limit(3_290),
        malformed("w10d", "8 KiB of quotes", Shape::QUOTES, 8_192).limit(614),
    ]
}

fn malformed(name: &'static str, about: &'static str, shape: Shape, length: usize) -> Workload {
    Workload::get(name, about).with(IF_NONE_MATCH, shape.line(length, ETAG))
}

/// The content of a field line that never matches.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    name: &'static str,
    first: &'static str,
    unit: &'static str,
}

impl Shape {
    /// Tags of 36 bytes, which differ from one another.
    pub(crate) const TAGS: Shape = Shape::new("tags", "");
    const LETTERS: Shape = Shape::new("letters", "a");
    const UNCLOSED: Shape = Shape {
        first: "\"",
        ..Shape::new("unclosed", "a")
    };
    const COMMAS: Shape = Shape::new("commas", ",");
    const QUOTES: Shape = Shape::new("quotes", "\"");

    pub(crate) const ALL: [Shape; 20] = [
        Shape::TAGS,
        Shape::LETTERS,
        Shape::UNCLOSED,
        Shape::COMMAS,
        Shape::QUOTES,
        Shape::new("blanks", " "),
        Shape::new("commas-and-blanks", ", "),
        Shape::new("short-unquoted", "a,"),
        Shape::new("odd-quotes", "a\","),
        Shape::new("malformed-tags", "\"a\" x,"),
        Shape::new("empty-tags", "\"\","),
        Shape::new("short-tags", "\"a\","),
        Shape::new("short-weak-tags", "W/\"a\","),
        Shape::new("quoted-commas", "a\",\""),
        // Each looks like the current tag. That of the first two is the short one.
        Shape::new("short-tags-with-more", "\"7\"x,"),
        Shape::new("open-short-tags", ", \"7\"W/"),
        Shape::new("same-ends", "\"0f343b0931126a20f133d67c2b018b3b\","),
        Shape::new("open-tags", "\"0f343b0931126a20f133d67c2b018a3b"),
        Shape::new("tags-with-more", "\"0f343b0931126a20f133d67c2b018a3b\"x,"),
        // Many of its places have the first and the last character of the tag where the tag has them.
        Shape::new(
            "runs",
            "00000000000000000000000000000000bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        ),
    ];

    const fn new(name: &'static str, unit: &'static str) -> Self {
        Self {
            name,
            first: "",
            unit,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        self.name
    }

    /// A line that is compared with this tag: [`ETAG`], or the same split in halves.
    fn line(self, length: usize, tag: &str) -> Vec<u8> {
        if self.unit.is_empty() {
            return (1..)
                .flat_map(|n| (other_tag(n) + ", ").into_bytes())
                .take(length)
                .collect();
        }
        let half = &ETAG[..17];
        let unit = match tag == ETAG {
            true => self.unit.to_owned(),
            false => self.unit.replace(half, &tag[..half.len() + 1]),
        };
        let units = unit.bytes().cycle();
        self.first.bytes().chain(units).take(length).collect()
    }

    /// A request with such an If-None-Match.
    pub(crate) fn workload(self, length: usize) -> Workload {
        self.workload_for(length, ETAG)
    }

    /// The same for this tag.
    pub(crate) fn workload_for(self, length: usize, tag: &str) -> Workload {
        Workload::get(self.name(), "one field line").with(IF_NONE_MATCH, self.line(length, tag))
    }
}
