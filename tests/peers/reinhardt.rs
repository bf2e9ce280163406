//! reinhardt 0.2.3, `ConditionalGet` and `ETag` middlewares.

use http::Request;
use tower_conditional::{EntityTag, Selected};

use crate::support::{DATE, LATER, Site, both};

// If-None-Match was true, but If-Modified-Since was evaluated nevertheless and led to a 304.
#[test]
fn goes_on_to_if_modified_since() {
    let get = Request::get("/")
        .header("if-none-match", "\"0\"")
        .header("if-modified-since", DATE);
    assert_eq!(Site::of(both()).status(get), 200);
}

// If-None-Match was evaluated first, so the response was a 304 although If-Match was false.
#[test]
fn evaluates_if_none_match_before_if_match() {
    let get = Request::get("/")
        .header("if-none-match", "\"1\"")
        .header("if-match", "\"0\"");
    assert_eq!(Site::of(both()).status(get), 412);
    let get = Request::get("/")
        .header("if-modified-since", DATE)
        .header("if-match", "\"0\"");
    assert_eq!(Site::of(both()).status(get), 412);
}

// Weak and strong comparison were swapped.
#[test]
fn confuses_weak_and_strong() {
    let strong = Site::of(both());
    assert_eq!(
        strong.status(Request::get("/").header("if-none-match", "W/\"1\"")),
        304
    );
    assert_eq!(
        strong.status(Request::put("/").header("if-match", "W/\"1\"")),
        412
    );
    let weak = Site::of(EntityTag::weak("1").unwrap());
    assert_eq!(
        weak.status(Request::get("/").header("if-none-match", "\"1\"")),
        304
    );
    assert_eq!(
        weak.status(Request::put("/").header("if-match", "W/\"1\"")),
        412
    );
}

// The tag was searched in If-Match as a substring.
#[test]
fn matches_a_part_of_a_tag() {
    for value in ["\"11\"", "\"0\"1\"2\"", "x\"1\"", "\"1\"x"] {
        let reply = Site::of(both()).send(Request::put("/").header("if-match", value));
        assert_eq!(
            (reply.response.status().as_u16(), reply.performed),
            (412, false),
            "{value}"
        );
    }
}

// Error pages got tags, and the handler's own tag was overwritten.
#[test]
fn overwrites_tags_and_tags_errors() {
    let own = Site::of(both()).answering(200, &[("etag", "\"own\"")]);
    assert_eq!(
        own.send(Request::get("/")).response.headers()["etag"],
        "\"own\""
    );
    for status in [404, 500] {
        let response = Site::of(both())
            .answering(status, &[])
            .send(Request::get("/"))
            .response;
        assert!(response.headers().is_empty(), "{status}");
        let unknown = Site::of(Selected::Unknown)
            .answering(status, &[])
            .send(Request::get("/"));
        assert!(unknown.response.headers().is_empty(), "{status}");
    }
}

// If-Unmodified-Since was evaluated although there was an If-Match, and could override it.
#[test]
fn evaluates_if_unmodified_since_beside_if_match() {
    let put = Request::put("/")
        .header("if-match", "\"1\"")
        .header("if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT");
    assert_eq!(Site::of(both()).status(put), 200);
    let put = Request::put("/")
        .header("if-match", "\"0\"")
        .header("if-unmodified-since", LATER);
    assert_eq!(Site::of(both()).status(put), 412);
}
