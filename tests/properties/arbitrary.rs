//! Where the random inputs come from.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use proptest::{collection::vec, prelude::*, sample::select};
use tower_conditional::{CurrentState, EntityTag, HttpDate, Rules, Validators};

/// The seconds that an HTTP-date can name: the years 0000 to 9999.
pub(crate) const SECONDS: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

/// What can stand between a tag's quotes; short, so that tags meet.
pub(crate) fn opaque() -> impl Strategy<Value = Vec<u8>> {
    let etagc = prop_oneof![
        4 => select(&b"ab,*-/W\\"[..]),
        1 => any::<u8>().prop_filter("etagc", |b| *b > b' ' && *b != b'"' && *b != 0x7f),
    ];
    prop_oneof![
        6 => vec(etagc.clone(), 0..3),
        1 => vec(etagc, 3..90),
    ]
}

pub(crate) fn entity_tag() -> impl Strategy<Value = EntityTag> {
    (any::<bool>(), opaque()).prop_map(|(weak, opaque)| {
        let tag = if weak {
            EntityTag::weak(opaque)
        } else {
            EntityTag::strong(opaque)
        };
        tag.expect("only etagc")
    })
}

fn field_byte() -> impl Strategy<Value = u8> {
    any::<u8>().prop_filter("a field value's byte", |byte| {
        *byte == b'\t' || *byte >= b' ' && *byte != 0x7f
    })
}

/// A field line that looks much like a list of tags, or not at all.
pub(crate) fn line() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        4 => select(vec!["\"", ",", " ", "\t", "W/", "*", "a", "-gzip", "\\"])
            .prop_map(|part| part.as_bytes().to_vec()),
        4 => entity_tag().prop_map(|tag| tag.as_bytes().to_vec()),
        1 => field_byte().prop_map(|byte| vec![byte]),
    ];
    prop_oneof![
        4 => vec(part, 0..12).prop_map(|parts| parts.concat()),
        1 => vec(field_byte(), 0..200),
    ]
}

/// What stands between two commas: no quote is left open, and no comma is outside of quotes.
pub(crate) fn element() -> impl Strategy<Value = Vec<u8>> {
    let outside = vec(select(&b" \t*aW/"[..]), 0..3);
    let inside = vec(select(&b"a, *"[..]), 0..3);
    let mixed = (outside.clone(), inside, outside.clone())
        .prop_map(|(before, inside, after)| [&before[..], b"\"", &inside, b"\"", &after].concat());
    prop_oneof![
        4 => entity_tag().prop_map(|tag| tag.as_bytes().to_vec()),
        2 => outside,
        2 => mixed,
    ]
}

pub(crate) fn seconds() -> impl Strategy<Value = i64> {
    prop_oneof![
        2 => SECONDS,
        1 => 0_i64..4_102_444_800,
        1 => select(vec![*SECONDS.start(), -1, 0, 951_782_399, 951_782_400, *SECONDS.end()]),
    ]
}

pub(crate) fn date() -> impl Strategy<Value = HttpDate> {
    seconds().prop_map(|seconds| HttpDate::from_unix_seconds(seconds).expect("a year to 9999"))
}

/// Any time that this platform can represent, including times far outside of the years of
/// HTTP-dates.
pub(crate) fn clock() -> impl Strategy<Value = SystemTime> {
    (
        any::<bool>(),
        prop_oneof![0_u64..10_000_000_000, any::<u64>()],
        0_u32..1_000_000_000,
    )
        .prop_map(|(before, seconds, nanos)| {
            let distance = Duration::new(seconds, nanos);
            let time = match before {
                true => UNIX_EPOCH.checked_sub(distance),
                false => UNIX_EPOCH.checked_add(distance),
            };
            time.unwrap_or(UNIX_EPOCH)
        })
}

pub(crate) fn method() -> impl Strategy<Value = Method> {
    let frob = Method::from_bytes(b"FROB").expect("a token");
    select(vec![
        Method::GET,
        Method::HEAD,
        Method::PUT,
        Method::PATCH,
        Method::POST,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
        Method::from_bytes(b"QUERY").expect("a token"),
        frob,
    ])
}

/// Any combination of the rules of comparison.
pub(crate) fn comparison_rules() -> impl Strategy<Value = Rules> {
    any::<[bool; 5]>().prop_map(|[suffixes, split, unquoted, weak, weakened]| {
        let mut rules = Rules::RFC9110
            .unquoted_tags(unquoted)
            .weak_if_match(weak)
            .weakened_by_proxy(weakened);
        if suffixes {
            rules = rules.coding_suffixes(&["-gzip", "-a", "a"]);
        }
        if split {
            rules = rules.split_tags('-');
        }
        rules
    })
}

#[derive(Clone, Debug)]
pub(crate) enum Known {
    Present(Validators),
    Missing,
    Unknown,
}

impl Known {
    pub(crate) fn current(&self) -> CurrentState<&Validators> {
        match self {
            Known::Present(validators) => CurrentState::Present(validators),
            Known::Missing => CurrentState::Missing,
            Known::Unknown => CurrentState::Unknown,
        }
    }
}

pub(crate) fn known() -> impl Strategy<Value = Known> {
    let validators = (prop::option::of(entity_tag()), prop::option::of(date()));
    let present = validators.prop_map(|(etag, date)| {
        let mut validators = Validators::new();
        if let Some(etag) = etag {
            validators = validators.with_etag(etag);
        }
        if let Some(date) = date {
            validators = validators.with_last_modified(date);
        }
        Known::Present(validators)
    });
    prop_oneof![6 => present, 1 => Just(Known::Missing), 1 => Just(Known::Unknown)]
}

pub(crate) fn headers<'a>(lines: impl IntoIterator<Item = (HeaderName, &'a [u8])>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, line) in lines {
        headers.append(name, HeaderValue::from_bytes(line).expect("a field value"));
    }
    headers
}
