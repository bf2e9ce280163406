//! Bugs as in the web service of Launchpad, which uses lazr.restful: entity tags with two halves.
//!
//! ```sh
//! cargo run -p example-launchpad
//! curl -i http://127.0.0.1:3000/bugs/1
//! curl -i http://127.0.0.1:3000/bugs/1 -d ws.op=newMessage -d subject=Hello -d content=World
//! curl -i http://127.0.0.1:3000/bugs/1 -X PATCH -H 'Content-Type: application/json' \
//!     -H 'If-Match: THE TAG OF THE FIRST ANSWER' -d '{"title": "New title"}'
//! ```
//!
//! A tag is `"<read>-<write>"`. The read half changes with the fields that clients cannot modify
//! directly. The write half changes with those that they can, and with the media type. GET compares
//! whole tags. A write compares the write halves, so it does not fail because somebody added a
//! message. Apache's mod_deflate appends `-gzip` inside or after the quotes, which makes no
//! difference. The tag is also in the body, as `http_etag`, which no proxy changes.
//!
//! # Departures from RFC 9110
//!
//! - `If-Match` compares halves of tags, and content-coding suffixes are ignored: [`RULES`].
//! - `If-Match` on PUT and PATCH is compared with the tag for the request's Content-Type, and a 412
//!   carries that tag: [`media_type`]. If it is not `application/json`, GET never sends such a tag,
//!   and the 412 is the only response that does.
//! - As in lazr.restful, that media type is compared byte for byte: `Application/JSON` and
//!   `application/json; charset=utf-8` are different types. In the RFC media types are
//!   case-insensitive (section 8.3.1).
//! - A write is answered 209, which is not a registered status code: `content_returned` in
//!   `handlers.rs`.
//!
//! # Departures from lazr.restful
//!
//! The following is evaluated by RFC 9110, and differently in lazr.restful:
//!
//! - `*` matches every bug. lazr.restful takes it for a tag that no bug has. `W/"…"` matches in
//!   `If-None-Match` but not in `If-Match`. In lazr.restful it is the reverse, because of how it
//!   compares strings. A tag without quotes is not a tag.
//! - `If-Match` on GET and POST, and `If-None-Match` on PUT, PATCH and POST, are not ignored.
//! - A 412 carries the current tag and says what to do. The 412 of lazr.restful is empty.
//! - Suffixes are removed repeatedly, not once.
//! - The halves are SHA-256 digests, not SHA-1.

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

/// Returns the service, which has bug 1.
pub fn app() -> Router {
    let bugs = Bugs::with_bug_1();
    let conditional = conditional(bugs.clone());
    let readable = get(handlers::read);
    let bug = readable
        .clone()
        .patch(handlers::modify)
        .put(handlers::replace)
        .post(handlers::operate);
    // Not around the router: 404 and 405 take precedence over preconditions.
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
        // Gives every write an `Outcome`. Otherwise unconditional writes would have none.
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
            // Bugs can be edited, so a cache must revalidate them before each use.
            .with_field(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
    };
    representation.map(varies).into()
}

/// Returns the media type for which the write half of a tag is made.
///
/// A write names it in Content-Type. Case and parameters count: a client that PATCHes
/// `application/json; charset=utf-8` cannot have a tag for that type, and gets a 412.
fn media_type(head: &Parts) -> &[u8] {
    match head.method {
        Method::PUT | Method::PATCH => head
            .headers
            .get(CONTENT_TYPE)
            .map_or(b"", HeaderValue::as_bytes),
        _ => JSON.as_bytes(),
    }
}
