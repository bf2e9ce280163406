//! loco-rs 1.2, `etag` middleware.

use http::{
    HeaderValue, Request,
    header::{CACHE_CONTROL, VARY},
};
use tower_conditional::Selected;

use crate::support::{Site, both};

// Each response with the tag became a 304 after the handler ran, even one to a PUT, and a 500.
#[test]
fn turns_a_put_into_a_304() {
    let site = Site::of(both()).answering(200, &[("etag", "\"2\"")]);
    let reply = site.send(Request::put("/").header("if-none-match", "\"2\""));
    assert_eq!(
        (reply.response.status().as_u16(), reply.performed),
        (200, true)
    );

    let site = Site::of(Selected::Unknown).answering(500, &[("etag", "\"2\"")]);
    assert_eq!(
        site.status(Request::get("/").header("if-none-match", "\"2\"")),
        500
    );
}

// The 304 kept only one line of a repeated field.
#[test]
fn keeps_one_line_of_a_repeated_field() {
    let mut known = both();
    for (name, value) in [
        (VARY, "accept"),
        (VARY, "cookie"),
        (CACHE_CONTROL, "private"),
        (CACHE_CONTROL, "no-cache"),
    ] {
        known = known.with_field(name, HeaderValue::from_static(value));
    }
    let fields = &[("etag", "\"1\""), ("vary", "accept"), ("vary", "cookie")];
    let late = Site::of(Selected::Unknown).answering(200, fields);
    for site in [Site::of(known), late] {
        let get = Request::get("/").header("if-none-match", "\"1\"");
        let response = site.send(get).response;
        assert_eq!(response.status(), 304);
        let lines: Vec<_> = response.headers().get_all(VARY).iter().collect();
        assert_eq!(lines, ["accept", "cookie"]);
    }
}

// Tags were compared byte by byte: no list, no `*`, no weak comparison.
#[test]
fn compares_the_field_with_the_tag() {
    for value in ["\"0\", \"1\"", "*", "W/\"1\""] {
        let get = Request::get("/").header("if-none-match", value);
        assert_eq!(Site::of(both()).status(get), 304, "{value}");
    }
}
