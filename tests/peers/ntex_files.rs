//! ntex-files 4.0.

use http::Request;

use crate::support::{BEFORE, Site, both};

// If-Unmodified-Since was evaluated although there was an If-Match.
#[test]
fn evaluates_if_unmodified_since_beside_if_match() {
    let put = Request::put("/")
        .header("if-match", "\"1\"")
        .header("if-unmodified-since", BEFORE);
    assert_eq!(Site::of(both()).status(put), 200);
}

// Every method was answered 304.
#[test]
fn answers_304_to_a_write() {
    for method in ["PUT", "PATCH", "DELETE", "POST"] {
        let write = Request::builder()
            .method(method)
            .header("if-none-match", "\"1\"");
        let reply = Site::of(both()).send(write);
        assert_eq!(
            (reply.response.status().as_u16(), reply.performed),
            (412, false)
        );
    }
}

// A malformed If-Match counted as absent.
#[test]
fn fails_open_at_what_it_cannot_read() {
    for value in [&b"\"\xFF\""[..], b"1", b"", b"\"", b","] {
        let reply = Site::of(both()).send(Request::put("/").header("if-match", value));
        assert_eq!(
            (reply.response.status().as_u16(), reply.performed),
            (412, false)
        );
    }
}
