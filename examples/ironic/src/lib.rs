//! Nodes, ports, port groups and chassis as in Ironic: weak tags, checked twice.
//!
//! ```sh
//! cargo run -p example-ironic
//! NODE=http://127.0.0.1:3000/v1/nodes/6d85703a-565d-469a-96ce-30b6de53079d
//! curl -i $NODE -H 'X-OpenStack-Ironic-API-Version: 1.40'
//! curl -i $NODE -H 'X-OpenStack-Ironic-API-Version: 1.40' -H 'If-Match: THE TAG' -X PATCH \
//!     -H 'Content-Type: application/json' \
//!     -d '[{"op": "add", "path": "/driver_info/foo", "value": "bar"}]'
//! ```
//!
//! It implements the specification "API Evolution: etag ID". The tag of an object is `W/` and the
//! SHA-512 of its fields without `etag`, `updated_at` and, for nodes, `driver_internal_info`. It is
//! stored with the object. From API version 1.40 on it is in the `ETag` field and in the body.
//! `If-Match` is optional. The API checks it in the layer, before it reads the patch. The
//! conductor, which alone writes, checks it again where the object is stored, and that check
//! decides.
//!
//! # Departures from RFC 9110
//!
//! - Tags are 130 characters without quotes. [`RULES`] accept them with and without quotes, and
//!   [`on_the_wire`] writes them without, in the field and in bodies.
//! - `If-Match` is compared weakly, by [`RULES`]: all tags are weak, so strong comparison would
//!   never succeed.
//! - An API version before 1.40 has no tags. The policy answers 406 to `If-Match`, and ignores
//!   `If-None-Match` and `If-Unmodified-Since`.
//!
//! # Departures from the specification
//!
//! - `If-None-Match` is evaluated from version 1.40 on, and so are `*` and lists.
//! - `If-Match` on GET is evaluated.
//! - A tag in `If-Match` may lack its `W/`, which makes no difference to weak comparison.

mod conductor;
mod database;
mod fault;
mod handlers;
mod kind;
mod object;
mod patch;
mod target;
mod uuid;
mod version;

use axum::{
    Router,
    http::{
        HeaderValue,
        header::{ETAG, IF_MATCH},
        request::Parts,
    },
    middleware::{from_fn, map_response},
    response::Response,
    routing::{get, post},
};
use tower_conditional::{
    ConditionalLayer, CurrentState, EntityTag, Representation, Rules, Ruling, Selected,
    ValidatorSource, Validators, ready_fn,
};

pub use self::conductor::Conductor;
use self::{database::Database, handlers::Api, target::Target, version::Version};

const RULES: Rules = Rules::RFC9110.weak_if_match(true).unquoted_tags(true);

/// Returns the service. It has two ports, and one object of each other kind.
pub fn app() -> Router {
    let (api, conductor) = parts();
    tokio::spawn(conductor.run());
    api
}

/// Returns the API and the conductor, which still has to be run.
pub fn parts() -> (Router, Conductor) {
    let database = Database::with_samples();
    let (conductor, calls) = conductor::new(database.clone());
    let conditional = conditional(database.clone());
    let objects = get(handlers::list)
        .post(handlers::create)
        .route_layer(conditional.clone())
        .route_layer(from_fn(target::identify));
    let object = get(handlers::read)
        .patch(handlers::update)
        .delete(handlers::destroy)
        .route_layer(conditional.clone())
        .route_layer(from_fn(target::identify));
    let heartbeat = post(handlers::heartbeat)
        .route_layer(conditional)
        .route_layer(from_fn(target::identify_node));
    let api = Router::new()
        .route("/v1/{kind}", objects)
        .route("/v1/{kind}/{ident}", object)
        .route("/v1/heartbeat/{node}", heartbeat)
        .layer(map_response(without_quotes))
        .layer(from_fn(version::negotiate))
        .with_state(Api { database, calls });
    (api, conductor)
}

fn conditional(database: Database) -> ConditionalLayer<impl ValidatorSource<Future: Send> + Clone> {
    ConditionalLayer::new(ready_fn(move |head: &Parts| select(&database, head)))
        .rules(RULES)
        // With a policy, the layer evaluates every write and gives the handler an `Outcome`.
        .policy(|head: &Parts, _: CurrentState<&Validators>| rule(head))
        .respond_with(fault::in_own_words)
}

/// An object has a tag. A list has none, but its items have.
fn select(database: &Database, head: &Parts) -> Selected {
    let representation = match head.extensions.get::<Target>() {
        Some(Target::Object(kind, ident)) => database
            .read(*kind, ident)
            .map(|object| Representation::from(object.etag().clone())),
        Some(Target::Objects(_)) => Some(Representation::new()),
        None => None,
    };
    // Resources can be written, so a cache must revalidate them before each use.
    let no_cache = HeaderValue::from_static("no-cache");
    representation
        .map(|known| known.with_field(http::header::CACHE_CONTROL, no_cache))
        .into()
}

/// Older versions have no tags. A client of one that sends `If-Match` gets an error, because its
/// write would not be guarded.
fn rule(head: &Parts) -> Ruling {
    if Version::of(head) >= Version::TAGS {
        Ruling::Default
    } else if head.headers.contains_key(IF_MATCH) {
        Ruling::NotAcceptable
    } else {
        Ruling::Ignore
    }
}

/// The tag as the specification writes it: `W/` and the digits.
fn on_the_wire(tag: &EntityTag) -> String {
    let weak = if tag.is_weak() { "W/" } else { "" };
    format!("{weak}{}", String::from_utf8_lossy(tag.opaque()))
}

async fn without_quotes(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let unquoted = headers
        .get(ETAG)
        .and_then(|value| EntityTag::try_from(value).ok())
        .and_then(|tag| HeaderValue::try_from(on_the_wire(&tag)).ok());
    if let Some(unquoted) = unquoted {
        headers.insert(ETAG, unquoted);
    }
    response
}
