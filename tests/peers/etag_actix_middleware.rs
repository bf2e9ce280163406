//! etag-actix-middleware 0.2.5, which evaluates after the handler.

use http::Request;
use tower_conditional::{EntityTag, Selected};

use crate::support::{Site, both};

// The resource was created, and the client got a 412.
#[test]
fn creates_and_answers_412() {
    let site = Site::of(Selected::Missing).answering(201, &[("etag", "\"new\"")]);
    let reply = site.send(Request::put("/").header("if-none-match", "*"));
    assert_eq!(
        (reply.response.status().as_u16(), reply.performed),
        (201, true)
    );
}

// A write that failed its precondition was performed, and then answered 412.
#[test]
fn answers_412_after_the_write() {
    for (name, value) in [("if-match", "\"0\""), ("if-none-match", "*")] {
        let reply = Site::of(both()).send(Request::put("/").header(name, value));
        assert_eq!(
            (reply.response.status().as_u16(), reply.performed),
            (412, false)
        );
    }
}

// A 500 became a 304.
#[test]
fn turns_an_error_into_a_304() {
    let site = Site::of(Selected::Unknown).answering(500, &[("etag", "\"1\"")]);
    for value in ["*", "\"1\""] {
        assert_eq!(
            site.status(Request::get("/").header("if-none-match", value)),
            500
        );
    }
}

// A byte of obs-text made If-Match count as absent.
#[test]
fn fails_open_at_obs_text() {
    let put = Request::put("/").header("if-match", &b"\"caf\xE9\""[..]);
    assert!(!Site::of(both()).send(put).performed);
    let put = Request::put("/").header("if-match", &b"\"caf\xE9\""[..]);
    assert!(
        Site::of(EntityTag::strong(b"caf\xE9").unwrap())
            .send(put)
            .performed
    );
}

// The list was split at every comma, even inside a tag, and `*` counted at any position.
#[test]
fn splits_a_tag_at_its_comma() {
    let site = Site::of(EntityTag::strong("a,b").unwrap());
    assert_eq!(
        site.status(Request::get("/").header("if-none-match", "\"a,b\"")),
        304
    );
    assert_eq!(
        site.status(Request::get("/").header("if-none-match", "\"b\"")),
        200
    );
    assert_eq!(
        site.status(Request::get("/").header("if-none-match", "\"b\", *")),
        200
    );
}
