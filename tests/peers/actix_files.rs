//! actix-files 0.7.3.

use http::Request;
use tower_conditional::EntityTag;

use crate::support::{BEFORE, Site, both};

// An If-Match with a byte outside of ASCII counted as absent, but still disabled
// If-Unmodified-Since. So nothing guarded the write.
#[test]
fn fails_open_at_obs_text() {
    for fields in [&[][..], &[("if-unmodified-since", BEFORE)]] {
        let mut put = Request::put("/").header("if-match", &b"\"\xE9\""[..]);
        for (name, value) in fields {
            put = put.header(*name, *value);
        }
        let reply = Site::of(both()).send(put);
        assert_eq!(
            (reply.response.status().as_u16(), reply.performed),
            (412, false)
        );
    }
}

// The list was split at every comma.
#[test]
fn splits_a_tag_at_its_comma() {
    let site = Site::of(EntityTag::strong("a,b").unwrap());
    assert_eq!(
        site.status(Request::put("/").header("if-match", "\"a,b\"")),
        200
    );
}
