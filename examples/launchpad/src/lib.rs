#![doc = include_str!("../README.md")]

mod base;
mod bug;
mod bugs;
mod failure;
mod handlers;
mod root;
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
    ConditionalLayer, Representation, Rules, Selected, ValidatorSource, drain::DrainLayer, ready_fn,
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
        .route("/", readable.clone().route_layer(conditional.clone()))
        .route("/bugs", readable.clone().route_layer(conditional.clone()))
        .route("/bugs/{bug}", bug.route_layer(conditional.clone()))
        .route(
            "/bugs/{bug}/comments/{comment}",
            readable.route_layer(conditional),
        )
        // The rest of a refused write is read. Otherwise the service closes its connection, which
        // the client's library does not notice before it uses it again.
        .layer(DrainLayer::new())
        .with_state(bugs)
}

fn conditional(bugs: Bugs) -> ConditionalLayer<impl ValidatorSource<Future: Send> + Clone> {
    ConditionalLayer::new(ready_fn(move |head: &Parts| select(&bugs, head)))
        .rules(RULES)
        // Gives every write an `Outcome`. Otherwise unconditional writes would have none.
        .require_per_resource()
}

/// A bug has a tag; the root, collections and comments have none.
fn select(bugs: &Bugs, head: &Parts) -> Selected {
    let representation = match Target::of(&head.uri) {
        Some(Target::Root | Target::Bugs) => Some(Representation::new()),
        Some(Target::Bug(id)) => bugs.read(id, |bug| bug.etag(media_type(head)).into()),
        Some(Target::Comment(id, index)) => bugs
            .read(id, |bug| index < bug.message_count())
            .filter(|exists| *exists)
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
