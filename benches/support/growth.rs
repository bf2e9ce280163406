//! Requests of growing size: the cost should grow with the bytes of the conditional fields, and with
//! nothing else.

use http::{HeaderName, HeaderValue, StatusCode, header::IF_NONE_MATCH};
use tower_conditional::Rules;

use super::{
    fields::ETAG,
    tolerances::{CURRENT, Tolerance},
    workloads::{Shape, Workload, list_with_hit},
};

/// What grows.
#[derive(Clone, Copy)]
pub(crate) enum Growth {
    /// The entity tags of one If-None-Match, of which the last one hits.
    Tags,
    /// The fields of a request, one of them conditional.
    Fields,
    /// The bytes of one If-None-Match.
    Bytes,
    /// The suffixes of a rule, and 8 KiB of the last one of them.
    Suffixes,
}

pub(crate) enum Subject {
    Workload(Workload),
    Tolerance(Tolerance),
}

impl Growth {
    pub(crate) const ALL: [Growth; 4] = [
        Growth::Tags,
        Growth::Fields,
        Growth::Bytes,
        Growth::Suffixes,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Growth::Tags => "tags",
            Growth::Fields => "fields",
            Growth::Bytes => "bytes",
            Growth::Suffixes => "suffixes",
        }
    }

    pub(crate) const fn sizes(self) -> &'static [usize] {
        match self {
            Growth::Tags => &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
            Growth::Fields => &[1, 2, 5, 10, 20, 49, 70, 95, 96, 200],
            Growth::Bytes => &[64, 128, 256, 512, 1_024, 4_096, 16_384, 65_536],
            Growth::Suffixes => &[1, 2, 4, 5, 8, 16, 32, 64, 130],
        }
    }

    pub(crate) fn subject(self, size: usize) -> Subject {
        match self {
            Growth::Tags => Subject::Workload(hit(list_with_hit(size))),
            Growth::Fields => {
                let mut workload = hit(ETAG.to_owned());
                // The eight ordinary fields make way for those that are counted.
                workload.headers.clear();
                for number in 1..size {
                    let name = HeaderName::try_from(format!("x-field-{number}")).expect("a name");
                    workload.headers.insert(name, HeaderValue::from(number));
                }
                Subject::Workload(workload.with(IF_NONE_MATCH, ETAG))
            }
            Growth::Bytes => Subject::Workload(Shape::TAGS.workload(size)),
            Growth::Suffixes => Subject::Tolerance(suffixes(size)),
        }
    }
}

fn hit(list: String) -> Workload {
    Workload::get("growth", "the last tag hits")
        .with(IF_NONE_MATCH, list)
        .answered(StatusCode::NOT_MODIFIED)
}

/// A rule with this number of suffixes, and a field of 8 KiB of the last one.
fn suffixes(number: usize) -> Tolerance {
    // A rule borrows its suffixes for ever.
    let suffixes: Vec<&'static str> = (0..number)
        .map(|number| &*Box::leak(format!("-c{number:02}").into_boxed_str()))
        .collect();
    let current = &CURRENT[1..CURRENT.len() - 1];
    let last = suffixes.last().copied().unwrap_or_default();
    let value = format!("\"{current}{}\"", last.repeat(8_192 / last.len().max(1)));
    let rules = Rules::RFC9110.coding_suffixes(Vec::leak(suffixes));
    Tolerance::new("suffixes", rules, IF_NONE_MATCH, &value, true)
}
