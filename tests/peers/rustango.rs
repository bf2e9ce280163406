//! rustango 0.62, `etag` middleware.

use http::Request;
use tower_conditional::{EntityTag, Selected};

use crate::support::Site;

// A tag was split at a comma inside it.
#[test]
fn splits_a_tag_at_its_comma() {
    let site = Site::of(EntityTag::weak("v1,gzip").unwrap());
    let get = Request::get("/").header("if-none-match", "\"x\", W/\"v1,gzip\"");
    assert_eq!(site.status(get), 304);
}

// The 304 kept only the last line of a repeated field.
#[test]
fn keeps_the_last_line_of_a_repeated_field() {
    let fields = &[
        ("etag", "\"1\""),
        ("cache-control", "private"),
        ("cache-control", "no-cache"),
    ];
    let site = Site::of(Selected::Unknown).answering(200, fields);
    let response = site
        .send(Request::get("/").header("if-none-match", "\"1\""))
        .response;
    let lines: Vec<_> = response.headers().get_all("cache-control").iter().collect();
    assert_eq!(lines, ["private", "no-cache"]);
}
