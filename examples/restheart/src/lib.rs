//! Databases, collections and documents as in RESTHeart: the check of the entity tag is a policy.
//!
//! ```sh
//! cargo run -p example-restheart
//! curl -i -X PUT http://127.0.0.1:3000/test -H 'Content-Type: application/json' -d '{"descr": "a db"}'
//! curl -i -X DELETE http://127.0.0.1:3000/test
//! curl -i -X DELETE http://127.0.0.1:3000/test -H 'If-Match: THE TAG'
//! ```
//!
//! Whether a write needs `If-Match` depends on three things, in this order: the query parameter
//! `checkEtag`; the metadata `etagPolicy` and `etagDocPolicy` of the collection and of the
//! database; the configuration, which by default requires it for DELETE of databases and
//! collections. Set the configuration in the environment:
//!
//! ```sh
//! ETAG_CHECK_POLICY='coll: OPTIONAL, doc: REQUIRED' cargo run -p example-restheart
//! ```
//!
//! `PUT /db/coll/doc?checkEtag` with any tag, for example `If-Match: x`, creates a document but
//! never changes one.
//!
//! # Departures from RFC 9110
//!
//! - Tags have no quotes: [`RULES`] accept them, and [`without_quotes`] sends them.
//! - `If-Match` is not evaluated if the resource does not exist: [`RULES`]. The RFC's way to create
//!   a resource and never replace one, `If-None-Match: *`, works too.
//! - A missing `If-Match` is answered 409. RESTHeart's choice is older than RFC 6585 and its 428.
//!
//! # Departures from RESTHeart
//!
//! - Lists, `*`, quoted tags and several lines of a field are evaluated by RFC 9110. RESTHeart
//!   compares the first line as a whole.
//! - A 304 carries the tag.
//! - GET of a database or a collection returns its metadata and not its content, because its tag
//!   does not depend on the content.

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

/// The status that replaces 428.
const ETAG_REQUIRED: StatusCode = StatusCode::CONFLICT;

/// Returns the service, which is empty.
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
        // With a policy, the source is also asked about unconditional writes. If the policy returns
        // the default, the requirement in the source's answer decides.
        .policy(|head: &Parts, _: CurrentState<&Validators>| {
            forced(head).then_some(Requirement::WRITES)
        })
        .respond_with(failure::refused_by_layer)
}

/// Reports whether the request itself demands the check. The parameter needs no value.
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
