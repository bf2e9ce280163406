//! reinhardt 0.2.3, `ConditionalGet` and `ETag` middlewares.

use http::Request;
use tower_conditional::{EntityTag, Selected};

use crate::support::{DATE, LATER, Site, both};

// If-None-Match was false, and the 304 came from If-Modified-Since, which was to be ignored.
#[test]
fn goes_on_to_if_modified_since() {
    let get = Request::get("/")
        .header("if-none-match", "\"0\"")
        .header("if-modified-since", DATE);
    assert_eq!(Site::of(both()).status(get), 200);
}

// The order was reversed: 304, where If-Match had failed already.
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

// Weak and strong comparison were the wrong way round.
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

// If-Match was looked for as a substring.
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

// If-Unmodified-Since was not ignored beside If-Match, and the other way round.
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
