//! tower-http 0.7, `ServeDir`.

use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderValue, Request, header::VARY};
use tower_conditional::{EntityTag, HttpDate, Representation};

use crate::support::{Site, both};

// Only the first line of a repeated If-None-Match was read, so the response was a 200, not a 304.
#[test]
fn reads_one_line_of_if_none_match() {
    let get = Request::get("/")
        .header("if-none-match", "\"0\"")
        .header("if-none-match", "\"1\"");
    assert_eq!(Site::of(both()).status(get), 304);
}

// A stale If-Range was ignored, so the client combined parts of two different files.
#[test]
fn ignores_if_range() {
    use std::convert::Infallible;
    use tower::{ServiceExt, service_fn};

    let handler = service_fn(|request: Request<()>| async move {
        let part = request.headers().contains_key("range");
        Ok::<_, Infallible>(http::Response::new(part.to_string()))
    });
    let source = tower_conditional::ready_fn(|_: &http::request::Parts| both());
    let service = tower_conditional::Conditional::new(handler, source);
    for (tag, part) in [("\"0\"", "false"), ("\"1\"", "true")] {
        let get = Request::get("/")
            .header("range", "bytes=1-")
            .header("if-range", tag);
        let response = service.clone().oneshot(get.body(()).unwrap());
        let body = tokio_test::block_on(response).unwrap().into_body();
        let body = tokio_test::block_on(http_body_util::BodyExt::collect(body)).unwrap();
        assert_eq!(body.to_bytes(), part, "{tag}");
    }
}

// The 200 for a precompressed file had Vary, but the 304 did not.
#[test]
fn drops_vary_from_the_304() {
    let varying = both().with_field(VARY, HeaderValue::from_static("accept-encoding"));
    let site = Site::of(varying);
    assert_eq!(
        site.send(Request::get("/")).response.headers()["vary"],
        "accept-encoding"
    );
    let not_modified = site
        .send(Request::get("/").header("if-none-match", "\"1\""))
        .response;
    assert_eq!(not_modified.status(), 304);
    assert_eq!(not_modified.headers()["vary"], "accept-encoding");
}

// Formatting a modification time before 1970 panicked.
#[test]
fn panics_at_a_file_from_before_1970() {
    let modified = HttpDate::try_from(UNIX_EPOCH - Duration::from_millis(1)).unwrap();
    let reply = Site::of(modified).send(Request::get("/"));
    assert_eq!(
        reply.response.headers()["last-modified"],
        "Wed, 31 Dec 1969 23:59:59 GMT"
    );
}

// An empty If-Match counted as absent, so the write was not guarded.
#[test]
fn takes_an_empty_if_match_for_none() {
    let reply = Site::of(both()).send(Request::put("/").header("if-match", ""));
    assert_eq!(
        (reply.response.status().as_u16(), reply.performed),
        (412, false)
    );
}

// The 412 had no fields.
#[test]
fn leaves_the_tag_off_the_412() {
    let reply = Site::of(both()).send(Request::get("/").header("if-match", "\"0\""));
    assert_eq!(reply.response.status(), 412);
    assert_eq!(reply.response.headers()["etag"], "\"1\"");
}

// A file without a tag was treated as if it did not exist: `If-Match: *` was false, and
// `If-None-Match: *` was true.
#[test]
fn takes_no_tag_for_no_representation() {
    let untagged = Site::of(Representation::new());
    assert_eq!(
        untagged.status(Request::get("/").header("if-match", "*")),
        200
    );
    assert_eq!(
        untagged.status(Request::get("/").header("if-none-match", "*")),
        304
    );
    assert_eq!(
        untagged.status(Request::put("/").header("if-none-match", "*")),
        412
    );
}

// `CompressionLayer` left a strong tag on the gzip variant. A weak tag is correct for both
// variants, and can still be used for revalidation.
#[test]
fn puts_one_strong_tag_on_two_codings() {
    let site = Site::of(EntityTag::weak("1").unwrap());
    assert_eq!(
        site.status(Request::get("/").header("if-none-match", "W/\"1\"")),
        304
    );
    let range = Request::get("/").header("if-match", "W/\"1\"");
    assert_eq!(
        site.status(range),
        412,
        "but it does not pass for a byte sequence"
    );
}
