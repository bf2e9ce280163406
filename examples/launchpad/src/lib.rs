//! Bugs as in Launchpad's web service, which is made with lazr.restful: an entity tag of two halves.
//!
//! ```sh
//! cargo run -p example-launchpad
//! curl -i http://127.0.0.1:3000/bugs/1
//! curl -i http://127.0.0.1:3000/bugs/1 -d ws.op=newMessage -d subject=Hello -d content=World
//! curl -i http://127.0.0.1:3000/bugs/1 -X PATCH -H 'Content-Type: application/json' \
//!     -H 'If-Match: THE TAG OF THE FIRST ANSWER' -d '{"title": "New title"}'
//! ```
//!
//! A tag is `"<read>-<write>"`. The read half changes with what clients cannot modify directly, the
//! write half with what they can, and with the media type. GET compares whole tags; a write compares
//! the write halves, and so does not fail for a message that somebody added. `-gzip`, which Apache's
//! mod_deflate appends within or after the quotes, is no difference. The tag is also in the body, as
//! `http_etag`, where no proxy changes it.
//!
//! # Departures from RFC 9110
//!
//! - `If-Match` compares halves of tags, and content-coding suffixes are left out of comparison:
//!   [`RULES`].
//! - `If-Match` on PUT and PATCH is compared with the tag for the request's Content-Type, and a 412
//!   carries that one: [`media_type`]. If it is not `application/json`, GET never sends such a tag, and
//!   the 412 is the only response that does.
//! - A media type is compared byte for byte there, as lazr.restful does it: `Application/JSON` and
//!   `application/json; charset=utf-8` are others. The RFC's are case-insensitive (section 8.3.1).
//! - A write is answered 209, which is no registered status code: `content_returned` in `handlers.rs`.
//!
//! # Departures from lazr.restful
//!
//! What follows is evaluated as RFC 9110 says, and not as lazr.restful does:
//!
//! - `*` matches every bug; to lazr.restful it is a tag that none has. `W/"…"` matches in
//!   `If-None-Match` and not in `If-Match`; there it is the reverse, by accident of its string
//!   comparison. A tag without quotes is none.
//! - `If-Match` on GET and POST, and `If-None-Match` on PUT, PATCH and POST, are not ignored.
//! - A 412 carries the current tag, and says what to do. lazr.restful's is empty.
//! - A suffix is stripped as often as it is there, not once.
//! - The halves are SHA-256, not SHA-1.

mod bug;
mod bugs;
mod failure;
mod handlers;
mod target;

use axum::{
    Router,
    http::{
        HeaderValue, Method,
        header::{CACHE_CONTROL, CONTENT_TYPE, VARY},
        request::Parts,
    },
    routing::get,
};
use tower_conditional::{
    ConditionalLayer, Representation, Rules, Selected, ValidatorSource, ready_fn,
};

use self::{bugs::Bugs, target::Target};

const RULES: Rules = Rules::RFC9110.coding_suffixes(&["-gzip"]).split_tags('-');

const JSON: &str = "application/json";

/// The service, with bug 1 in it.
pub fn app() -> Router {
    let bugs = Bugs::with_bug_1();
    let conditional = conditional(bugs.clone());
    let readable = get(handlers::read);
    let bug = readable
        .clone()
        .patch(handlers::modify)
        .put(handlers::replace)
        .post(handlers::operate);
    // Not around the router: 404 and 405 have precedence over preconditions.
    Router::new()
        .route("/bugs", readable.clone().route_layer(conditional.clone()))
        .route("/bugs/{bug}", bug.route_layer(conditional.clone()))
        .route(
            "/bugs/{bug}/comments/{comment}",
            readable.route_layer(conditional),
        )
        .with_state(bugs)
}

fn conditional(bugs: Bugs) -> ConditionalLayer<impl ValidatorSource<Future: Send> + Clone> {
    ConditionalLayer::new(ready_fn(move |head: &Parts| select(&bugs, head)))
        .rules(RULES)
        // Every write comes with an `Outcome`, the unconditional too: without one none is made.
        .require_per_resource()
}

/// A bug has a tag; collections and comments have none.
fn select(bugs: &Bugs, head: &Parts) -> Selected {
    let representation = match Target::of(&head.uri) {
        Some(Target::Bugs) => Some(Representation::new()),
        Some(Target::Bug(id)) => bugs.read(id, |bug| bug.etag(media_type(head)).into()),
        Some(Target::Comment(id, index)) => bugs
            .read(id, |bug| bug.message(index))
            .flatten()
            .map(|_| Representation::new()),
        None => None,
    };
    let varies = |representation: Representation| {
        representation
            .with_field(VARY, HeaderValue::from_static("accept"))
            // A cached bug may be used only after it was revalidated: it can be edited.
            .with_field(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
    };
    representation.map(varies).into()
}

/// The media type that the write half of a tag is made for.
///
/// A write names it by its Content-Type, whose case and parameters are part of it: a client that
/// PATCHes `application/json; charset=utf-8` holds no tag for that, and is answered 412.
fn media_type(head: &Parts) -> &[u8] {
    match head.method {
        Method::PUT | Method::PATCH => head
            .headers
            .get(CONTENT_TYPE)
            .map_or(b"", HeaderValue::as_bytes),
        _ => JSON.as_bytes(),
    }
}
