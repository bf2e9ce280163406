//! Requests whose evaluation depends on a comparison rule.

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{IF_MATCH, IF_NONE_MATCH},
};
use tower_conditional::{CurrentState, Decision, EntityTag, Preconditions, Rules, Validators};

use super::fields::{ETAG, browser_fields};

const SUFFIXES: &[&str] = &["-gzip", "-br", "-zstd", "--gzip"];
pub(crate) const ALL: Rules = Rules::RFC9110
    .coding_suffixes(SUFFIXES)
    .split_tags('-')
    .unquoted_tags(true)
    .weak_if_match(true)
    .weakened_by_proxy(true);

/// The tag of the other workloads, split in halves.
pub(crate) const CURRENT: &str = "\"0f343b0931126a20-f133d67c2b018a3b\"";

pub(crate) struct Tolerance {
    pub(crate) name: &'static str,
    method: Method,
    headers: HeaderMap,
    rules: Rules,
    performs: bool,
    current: Validators,
    now: SystemTime,
}

impl Tolerance {
    pub(crate) fn new(
        name: &'static str,
        rules: Rules,
        field: HeaderName,
        value: &str,
        hit: bool,
    ) -> Self {
        let mut headers = browser_fields();
        let value = HeaderValue::from_str(value).expect("visible ASCII");
        let is_write = field == IF_MATCH;
        headers.insert(field, value);
        Self {
            name,
            method: if is_write { Method::PUT } else { Method::GET },
            headers,
            rules,
            performs: hit == is_write,
            current: Validators::from(EntityTag::from_static(CURRENT)),
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000),
        }
    }

    pub(crate) fn all() -> Vec<Self> {
        const RFC: Rules = Rules::RFC9110;
        let gzip = RFC.coding_suffixes(&["-gzip"]);
        let inside = "\"0f343b0931126a20-f133d67c2b018a3b-gzip\"";
        let outside = "\"0f343b0931126a20-f133d67c2b018a3b\"-gzip";
        let other = "\"1f343b0931126a20-f133d67c2b018a3c\"";
        let other_read_half = "\"1f343b0931126a20-f133d67c2b018a3b\"";
        let weak = "W/\"0f343b0931126a20-f133d67c2b018a3b\"";
        let unquoted = "0f343b0931126a20-f133d67c2b018a3b";
        let thousand = [vec![other; 999].join(", "), inside.to_owned()].join(", ");
        let grown = |length: usize| format!("\"{unquoted}{}\"", "-gzip".repeat(length / 5));
        // Members that differ from a match in their last byte.
        let near = format!("{unquoted}-gzi,x-f133d67c2b018a3b-gzip-brr,\"{unquoted}\"--gzi,");
        let near = near.repeat(8_192 / near.len());
        let new = Self::new;
        vec![
            new("none, hit", RFC, IF_MATCH, CURRENT, true),
            new("none, miss", RFC, IF_MATCH, ETAG, false),
            new("-gzip, exact hit", gzip, IF_NONE_MATCH, CURRENT, true),
            new("-gzip, inside", gzip, IF_NONE_MATCH, inside, true),
            new("-gzip, outside", gzip, IF_NONE_MATCH, outside, true),
            new("-gzip, miss", gzip, IF_NONE_MATCH, other, false),
            new(
                "four suffixes, inside",
                RFC.coding_suffixes(SUFFIXES),
                IF_NONE_MATCH,
                inside,
                true,
            ),
            new(
                "split, other read half",
                RFC.split_tags('-'),
                IF_MATCH,
                other_read_half,
                true,
            ),
            new(
                "weak If-Match",
                RFC.weak_if_match(true),
                IF_MATCH,
                weak,
                true,
            ),
            new(
                "weakened by a proxy",
                RFC.weakened_by_proxy(true),
                IF_MATCH,
                weak,
                true,
            ),
            new(
                "unquoted",
                RFC.unquoted_tags(true),
                IF_MATCH,
                unquoted,
                true,
            ),
            new("all, hit", ALL, IF_MATCH, inside, true),
            new("all, miss", ALL, IF_MATCH, other, false),
            new(
                "all, 1000 tags, last hits",
                ALL,
                IF_NONE_MATCH,
                &thousand,
                true,
            ),
            new("all, 1 KiB of -gzip", ALL, IF_MATCH, &grown(1_024), true),
            new("all, 8 KiB of -gzip", ALL, IF_MATCH, &grown(8_192), true),
            new("all, 64 KiB of -gzip", ALL, IF_MATCH, &grown(65_536), true),
            new("all, 8 KiB of near misses", ALL, IF_MATCH, &near, false),
        ]
    }

    #[inline]
    pub(crate) fn evaluate(&self) -> Decision {
        Preconditions::new(&self.method, &self.headers).evaluate(
            CurrentState::Present(&self.current),
            black_box(&self.rules),
            self.now,
        )
    }

    pub(crate) fn check(&self) {
        assert_eq!(self.evaluate().performs(), self.performs, "{}", self.name);
    }
}
