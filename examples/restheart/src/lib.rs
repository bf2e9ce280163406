//! Databases, collections and documents as in RESTHeart: the check of the entity tag is a policy.
//!
//! ```sh
//! cargo run -p example-restheart
//! curl -i -X PUT http://127.0.0.1:3000/test -H 'Content-Type: application/json' -d '{"descr": "a db"}'
//! curl -i -X DELETE http://127.0.0.1:3000/test
//! curl -i -X DELETE http://127.0.0.1:3000/test -H 'If-Match: THE TAG'
//! ```
//!
//! Whether a write needs `If-Match` depends, in this order, on the query parameter `checkEtag`, on
//! the metadata `etagPolicy` and `etagDocPolicy` of the collection and of the database, and on the
//! configuration, which by default demands it for DELETE of databases and collections. The
//! environment can say otherwise:
//!
//! ```sh
//! ETAG_CHECK_POLICY='coll: OPTIONAL, doc: REQUIRED' cargo run -p example-restheart
//! ```
//!
//! `PUT /db/coll/doc?checkEtag` with any tag at all, say `If-Match: x`, creates a document but never
//! changes one.
//!
//! # Departures from RFC 9110
//!
//! - Tags have no quotes: [`RULES`] read them so, and [`without_quotes`] sends them so.
//! - `If-Match` is not evaluated where nothing exists: [`RULES`]. The RFC's own way to create only is
//!   `If-None-Match: *`, which works here too.
//! - A missing `If-Match` is answered 409, which is older than RFC 6585 and its 428.
//!
//! # Departures from RESTHeart
//!
//! - Lists, `*`, quoted tags and several lines of a field are evaluated as RFC 9110 says. RESTHeart
//!   compares the first line as it is.
//! - A 304 carries the tag.
//! - GET of a database or a collection tells its metadata and not its content, of which their tags
//!   do not tell.

mod failure;
mod handlers;
mod object_id;
mod policy;
mod resource;
mod store;

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header::ETAG, request::Parts},
    middleware::{from_fn, map_response},
    response::Response,
    routing::get,
};
use tower_conditional::{
    ConditionalLayer, CurrentState, EntityTag, Requirement, Rules, Selected, ValidatorSource,
    Validators, ready_fn,
};

pub use self::policy::EtagCheckPolicy;
use self::{resource::Resource, store::Store};

const RULES: Rules = Rules::RFC9110
    .unquoted_tags(true)
    .creation_despite_if_match(true);

/// In place of 428.
const ETAG_REQUIRED: StatusCode = StatusCode::CONFLICT;

/// The service, with nothing in it.
pub fn app(config: EtagCheckPolicy) -> Router {
    let store = Store::new(config);
    let any = get(handlers::read)
        .put(handlers::replace)
        .patch(handlers::merge)
        .delete(handlers::remove)
        .route_layer(conditional(store.clone()))
        .route_layer(from_fn(resource::identify));
    Router::new()
        .route("/{db}", any.clone())
        .route("/{db}/{coll}", any.clone())
        .route("/{db}/{coll}/{doc}", any)
        .layer(map_response(without_quotes))
        .with_state(store)
}

fn conditional(store: Store) -> ConditionalLayer<impl ValidatorSource<Future: Send> + Clone> {
    let source = ready_fn(
        move |head: &Parts| match head.extensions.get::<Resource>() {
            Some(resource) => store.select(resource),
            None => Selected::Missing,
        },
    );
    ConditionalLayer::new(source)
        .rules(RULES)
        // Because there is a policy, the source is asked about unconditional writes too. Where the policy
        // is silent, what the metadata and the configuration require is in the source's answer.
        .policy(|head: &Parts, _: CurrentState<&Validators>| {
            forced(head).then_some(Requirement::WRITES)
        })
        .respond_with(failure::refused_by_layer)
}

/// Whether the request itself demands the check; the parameter needs no value.
fn forced(head: &Parts) -> bool {
    let query = head.uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes())
        .any(|(name, _)| name.eq_ignore_ascii_case("checkEtag"))
}

async fn without_quotes(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let unquoted = headers
        .get(ETAG)
        .and_then(|value| EntityTag::try_from(value).ok())
        .and_then(|tag| HeaderValue::from_bytes(tag.opaque()).ok());
    if let Some(unquoted) = unquoted {
        headers.insert(ETAG, unquoted);
    }
    response
}
