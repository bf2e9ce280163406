//! Peers with one or two bugs that concern us; each test is named after its peer.

use http::Request;
use tower_conditional::EntityTag;

use crate::support::{BEFORE, DATE, Site, both, date};

// axum-conditional-requests 0.1.2 sent `Sun, 6 Nov 1994 08:49:37 +0000`, which is not an HTTP-date.
#[test]
fn axum_conditional_requests_sends_the_date_of_a_mail() {
    let response = Site::of(date()).send(Request::get("/")).response;
    assert_eq!(response.headers()["last-modified"], DATE);
}

// axum-conditional-requests 0.1.2 rejected the obsolete forms, which RFC 9110 section 5.6.7
// requires a recipient to accept.
#[test]
fn axum_conditional_requests_refuses_obsolete_dates() {
    for value in ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
        let get = Request::get("/").header("if-modified-since", value);
        assert_eq!(Site::of(date()).status(get), 304, "{value}");
    }
    let get = Request::get("/").header("if-modified-since", BEFORE);
    assert_eq!(Site::of(date()).status(get), 200);
}

// The 304 of httpland's http-conditional-requests had no fields, not even ETag.
#[test]
fn httpland_answers_a_bare_304() {
    let get = Request::get("/").header("if-none-match", "\"1\"");
    assert_eq!(
        Site::of(both()).send(get).response.headers()["etag"],
        "\"1\""
    );
    let get = Request::get("/").header("if-modified-since", DATE);
    assert_eq!(
        Site::of(date()).send(get).response.headers()["last-modified"],
        DATE
    );
}

// memory-serve 2.4 split the list at every comma, and accepted `*` at any position.
#[test]
fn memory_serve_splits_a_tag_at_its_comma() {
    let site = Site::of(EntityTag::strong("a,b").unwrap());
    assert_eq!(
        site.status(Request::get("/").header("if-none-match", "\"x\",\"a,b\"")),
        304
    );
    assert_eq!(
        site.status(Request::get("/").header("if-none-match", "\"x\", *")),
        200
    );
}

// trillium-caching-headers supported only a single tag in If-None-Match.
#[test]
fn trillium_knows_one_tag_only() {
    let get = Request::get("/").header("if-none-match", "\"0\", \"1\"");
    assert_eq!(Site::of(both()).status(get), 304);
}
