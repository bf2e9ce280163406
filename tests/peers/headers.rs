//! headers 0.4.2.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue, Request, header::IF_NONE_MATCH};
use tower_conditional::{
    Decision, EntityTag, Field, HttpDate,
    etag::{EntityTagRef, EntityTags},
};

use crate::support::{DATE, LATER, Site, both, date};

fn if_range(site: &Site, lines: &[&str]) -> Decision {
    let mut get = Request::get("/").header("range", "bytes=0-");
    for line in lines {
        get = get.header("if-range", *line);
    }
    *site.send(get).response.extensions().get().unwrap()
}

// `IfRange` accepted a later date, but RFC 9110 section 13.1.5 requires an exact match.
#[test]
fn takes_a_later_date_in_if_range() {
    assert_eq!(
        if_range(&Site::of(date()), &[LATER]),
        Decision::PerformWithoutRange
    );
    assert_eq!(
        if_range(&Site::of(date()), &[DATE]),
        Decision::Perform(Field::IfRange)
    );
}

// `IfRange` read only the first line.
#[test]
fn reads_one_line_of_if_range() {
    let decision = if_range(&Site::of(both()), &["\"1\"", "\"0\""]);
    assert_eq!(decision, Decision::PerformWithoutRange);
}

// `IfRange` accepted a date whose second was not over as a strong validator.
#[test]
fn takes_a_weak_date_in_if_range() {
    let soon = HttpDate::try_from(SystemTime::now() + Duration::from_secs(3_600)).unwrap();
    assert_eq!(
        if_range(&Site::of(soon), &[soon.as_str()]),
        Decision::PerformWithoutRange
    );
}

// One byte of obs-text made the whole list empty.
#[test]
fn blanks_the_list_at_obs_text() {
    let get = Request::get("/").header("if-none-match", &b"\"\xE9\", \"1\""[..]);
    assert_eq!(Site::of(both()).status(get), 304);
}

// A space inside a tag caused a panic with debug assertions, and was accepted without them.
#[test]
fn panics_at_a_space_in_a_tag() {
    assert!(EntityTagRef::parse(b"\"a b\"").is_err());
    assert!(EntityTag::strong("a b").is_err());
    let mut headers = HeaderMap::new();
    headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"a b\", \"1\""));
    let tags = EntityTags::new(headers.get_all(IF_NONE_MATCH));
    assert_eq!(tags.map(|tag| tag.opaque()).collect::<Vec<_>>(), [b"1"]);
    let get = Request::get("/").header("if-none-match", "\"a b\", \"1\"");
    assert_eq!(Site::of(both()).status(get), 304);
}

// There was no method to find out whether a tag is weak (hyperium/headers#194).
#[test]
fn hides_weakness() {
    assert!(EntityTag::weak("1").unwrap().is_weak());
    assert!(!EntityTagRef::parse(b"\"W/\"").unwrap().is_weak());
}
