//! poem 3.1, static files and embedded files.

use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderValue, Request, header::CACHE_CONTROL};
use tower_conditional::HttpDate;

use crate::support::{BEFORE, Site, both};

// A modification time before 1970 caused a panic.
#[test]
fn panics_at_a_file_from_before_1970() {
    let modified = HttpDate::try_from(UNIX_EPOCH - Duration::from_secs(86_400)).unwrap();
    let site = Site::of(modified);
    assert_eq!(site.status(Request::get("/")), 200);
    let get = Request::get("/").header("if-modified-since", modified.as_str());
    assert_eq!(site.status(get), 304);
}

// A 304 had no fields at all.
#[test]
fn answers_a_bare_304() {
    let known = both().with_field(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let get = Request::get("/").header("if-none-match", "\"1\"");
    let response = Site::of(known).send(get).response;
    assert_eq!(response.headers()["etag"], "\"1\"");
    assert_eq!(response.headers()["cache-control"], "no-cache");
}

// If-Unmodified-Since was evaluated although there was an If-Match.
#[test]
fn evaluates_if_unmodified_since_beside_if_match() {
    let get = Request::get("/")
        .header("if-match", "\"1\"")
        .header("if-unmodified-since", BEFORE);
    assert_eq!(Site::of(both()).status(get), 200);
}

// Embedded files were compared by a tag without quotes, and HEAD was not supported.
#[test]
fn compares_without_quotes_and_refuses_head() {
    let site = Site::of(both());
    assert_eq!(
        site.status(Request::get("/").header("if-none-match", "1")),
        200
    );
    assert_eq!(
        site.status(Request::head("/").header("if-none-match", "\"1\"")),
        304
    );
}
