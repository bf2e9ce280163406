#![doc = include_str!("../README.md")]

pub mod client;
pub mod command;
mod conductor;
mod database;
mod fault;
mod handlers;
mod kind;
mod notification;
mod object;
mod patch;
mod target;
mod uuid;
mod version;

use axum::{
    Router,
    extract::Request,
    http::{
        HeaderValue,
        header::{ETAG, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE},
        request::Parts,
    },
    middleware::{from_fn, from_fn_with_state, map_request, map_response},
    response::Response,
    routing::{get, post},
};
use tower_conditional::{
    ConditionalLayer, CurrentState, EntityTag, Representation, Rules, Ruling, Selected,
    ValidatorSource, Validators, ready_fn,
};

pub use self::{conductor::Conductor, notification::Notification};
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
        .route_layer(from_fn_with_state(database.clone(), target::identify));
    let object = get(handlers::read)
        .patch(handlers::update)
        .put(handlers::replace)
        .delete(handlers::destroy)
        .route_layer(conditional.clone())
        .route_layer(from_fn_with_state(database.clone(), target::identify));
    let subresources = get(handlers::list)
        .route_layer(conditional.clone())
        .route_layer(from_fn_with_state(database.clone(), target::identify));
    let heartbeat = post(handlers::heartbeat)
        .route_layer(conditional)
        .route_layer(from_fn(target::identify_node));
    let api = Router::new()
        .route("/v1/{kind}", objects)
        .route("/v1/{kind}/{ident}", object.clone())
        .route("/v1/{kind}/{ident}/{subresources}", subresources)
        .route("/v1/{kind}/{ident}/{subresources}/{subresource}", object)
        .route("/v1/heartbeat/{node}", heartbeat)
        .layer(map_response(without_quotes))
        .layer(map_request(only_if_match))
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
        Some(Target::Objects(_) | Target::Subresources(..)) => Some(Representation::new()),
        Some(Target::Nothing) | None => None,
    };
    representation.into()
}

/// Lets the layer evaluate `If-Match` only. The specification says: "`If-None-Match` or any other
/// 'Precondition Header Fields' will not be supported".
///
/// Older versions have no tags. A client of one that sends `If-Match` gets an error, because its
/// write would not be guarded.
fn rule(head: &Parts) -> Ruling {
    let has_if_match = head.headers.contains_key(IF_MATCH);
    match (has_if_match, Version::of(head) >= Version::TAGS) {
        (true, true) => Ruling::Default,
        (true, false) => Ruling::NotAcceptable,
        (false, _) => Ruling::Ignore,
    }
}

/// Removes the other preconditions from a request with `If-Match`. The layer would evaluate them too.
async fn only_if_match(mut request: Request) -> Request {
    let headers = request.headers_mut();
    if headers.contains_key(IF_MATCH) {
        for unsupported in [
            IF_NONE_MATCH,
            IF_MODIFIED_SINCE,
            IF_UNMODIFIED_SINCE,
            IF_RANGE,
        ] {
            headers.remove(unsupported);
        }
    }
    request
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
