#![doc = include_str!("../README.md")]

mod config;
mod content;
mod failure;
mod handlers;
mod id;
mod listing;
mod object_id;
mod policy;
mod range;
mod resource;
mod store;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{
        HeaderValue, Method, StatusCode,
        header::{ETAG, IF_MATCH},
        request::Parts,
    },
    middleware::{from_fn, map_response},
    response::Response,
    routing::{MethodRouter, get},
};
use tower_conditional::{
    ConditionalLayer, CurrentState, EntityTag, Requirement, Rules, Ruling, Selected,
    ValidatorSource, Validators, ready_fn,
};

pub use self::{content::LARGEST_CONTENT, policy::EtagCheckPolicy};
use self::{
    failure::Failure,
    resource::{Kind, Resource},
    store::Store,
};

const RULES: Rules = Rules::RFC9110
    .unquoted_tags(true)
    .creation_despite_if_match(true);

/// In place of 428.
const ETAG_REQUIRED: StatusCode = StatusCode::CONFLICT;

/// The service, with nothing in it.
pub fn app(config: EtagCheckPolicy) -> Router {
    let store = Store::new(config);
    let resource = get(handlers::read)
        .put(handlers::replace)
        .patch(handlers::merge)
        .delete(handlers::remove);
    let source = |resource: &Resource, store: &Store| store.select(resource);
    let guarded = |routes: MethodRouter<Store>| {
        routes
            .route_layer(conditional(store.clone(), source))
            .route_layer(from_fn(resource::identify))
    };
    let content = |resource: &Resource, store: &Store| store.select_file(resource);
    let binary = get(handlers::read_file)
        .route_layer(conditional(store.clone(), content))
        .route_layer(from_fn(range::quote_if_range))
        .route_layer(from_fn(resource::identify));
    Router::new()
        .route("/{db}", guarded(resource.clone()))
        .route(
            "/{db}/{coll}",
            guarded(resource.clone().post(handlers::create)),
        )
        .route("/{db}/{coll}/{doc}", guarded(resource))
        .route("/{db}/{coll}/{doc}/binary", binary)
        .fallback(async || Failure::NotFound)
        .method_not_allowed_fallback(async || {
            let message = "The resource has no such method";
            Failure::Invalid(StatusCode::METHOD_NOT_ALLOWED, message)
        })
        .layer(DefaultBodyLimit::max(LARGEST_CONTENT))
        .layer(map_response(without_quotes))
        .with_state(store)
}

fn conditional(
    store: Store,
    select: impl Fn(&Resource, &Store) -> Selected + Copy + Send + Sync + 'static,
) -> ConditionalLayer<impl ValidatorSource<Future: Send> + Clone> {
    let source = ready_fn(
        move |head: &Parts| match head.extensions.get::<Resource>() {
            Some(resource) => select(resource, &store),
            None => Selected::Missing,
        },
    );
    ConditionalLayer::new(source)
        .rules(RULES)
        // Because there is a policy, the source is asked about unconditional writes too. Where the policy
        // is silent, what the metadata and the configuration require is in the source's answer.
        .policy(|head: &Parts, _: CurrentState<&Validators>| {
            if is_revalidation_of_a_list(head) {
                Ruling::Ignore
            } else {
                forced(head).then_some(Requirement::WRITES).into()
            }
        })
        .respond_with(failure::refused_by_layer)
}

/// Reports whether `If-None-Match` must not be evaluated, because the resource is a database or a
/// collection. Their tags identify the metadata. A 304 would hide changes of their children.
fn is_revalidation_of_a_list(head: &Parts) -> bool {
    let resource = head.extensions.get::<Resource>();
    matches!(head.method, Method::GET | Method::HEAD)
        && resource.is_some_and(|resource| resource.kind() != Kind::Doc)
        && !head.headers.contains_key(IF_MATCH)
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
