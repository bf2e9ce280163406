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
//! It does what the specification "API Evolution: etag ID" describes. An object's tag is `W/` and the
//! SHA-512 of its fields but for `etag`, `updated_at` and, of nodes, `driver_internal_info`. It is
//! stored with the object, and shown in the field ETag and in the body, from API version 1.40 on.
//! `If-Match` is optional. The API checks it, in the layer, before it reads the patch; then the
//! conductor, which alone writes, checks it again where the object is stored, and that check decides.
//!
//! # Departures from RFC 9110
//!
//! - Tags are 130 characters without quotes. [`RULES`] read them so, and with quotes; [`on_the_wire`]
//!   writes them so, in the field and in bodies alike.
//! - `If-Match` compares weakly, by [`RULES`]: all tags are weak, and none would ever match.
//! - An API version that knows no tags, one before 1.40, is answered 406 to `If-Match`, and its
//!   `If-None-Match` and `If-Unmodified-Since` are ignored, by the policy.
//!
//! # Departures from the specification
//!
//! - `If-None-Match` is evaluated, not ignored, from version 1.40 on. So is `*`, and a list.
//! - `If-Match` on GET is evaluated.
//! - A tag in `If-Match` may lack its `W/`: weak comparison sees no difference.

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

/// The service, with one object of each kind in it, and two ports.
pub fn app() -> Router {
    let (api, conductor) = parts();
    tokio::spawn(conductor.run());
    api
}

/// The API and the conductor, which is yet to be run.
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
        // Because there is a policy, the layer decides on every write, and gives the handler an `Outcome`.
        .policy(|head: &Parts, _: CurrentState<&Validators>| rule(head))
        .respond_with(fault::in_own_words)
}

/// An object has a tag; a list has none, but its items have.
fn select(database: &Database, head: &Parts) -> Selected {
    let representation = match head.extensions.get::<Target>() {
        Some(Target::Object(kind, ident)) => database
            .read(*kind, ident)
            .map(|object| Representation::from(object.etag().clone())),
        Some(Target::Objects(_)) => Some(Representation::new()),
        None => None,
    };
    // What is cached may be used only after it was revalidated: it can be written.
    let no_cache = HeaderValue::from_static("no-cache");
    representation
        .map(|known| known.with_field(http::header::CACHE_CONTROL, no_cache))
        .into()
}

/// A version that knows no tags shows none. A client of it that sends `If-Match` is told, rather than
/// left unguarded.
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
