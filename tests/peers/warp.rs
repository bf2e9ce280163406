//! warp 0.4, `fs`.

use http::Request;
use tower_conditional::{Decision, EntityTag};

use crate::support::{BEFORE, DATE, LATER, Site, both, date};

// If-Unmodified-Since was false if there was no modification date. By RFC 9110 section 13.1.4 it
// must be ignored.
#[test]
fn fails_if_unmodified_since_without_a_date() {
    let site = Site::of(EntityTag::from_version(1));
    assert_eq!(
        site.status(Request::get("/").header("if-unmodified-since", BEFORE)),
        200
    );
}

// If-Range accepted a later date as the same one.
#[test]
fn takes_a_later_date_in_if_range() {
    for value in [LATER, BEFORE] {
        let get = Request::get("/")
            .header("range", "bytes=0-")
            .header("if-range", value);
        let response = Site::of(date()).send(get).response;
        assert_eq!(
            response.extensions().get(),
            Some(&Decision::PerformWithoutRange),
            "{value}"
        );
    }
}

// If-Modified-Since was evaluated although there was an If-None-Match.
#[test]
fn evaluates_if_modified_since_beside_if_none_match() {
    let get = Request::get("/")
        .header("if-modified-since", DATE)
        .header("if-none-match", "\"0\"");
    assert_eq!(Site::of(both()).status(get), 200);
}
