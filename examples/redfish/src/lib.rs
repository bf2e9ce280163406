//! A BMC with a Redfish interface, simulated: some resources, their entity tags, and 412 and 428 for
//! writes that would undo another writer's.
//!
//! - Each resource has its tag in `ETag` and in `@odata.etag`, the same in both. It is weak, as many
//!   BMCs have it, or strong, or there is none.
//! - PATCH, DELETE and POST are answered 412 if their precondition is false, and PATCH and PUT 428 without
//!   one where that is required; both with Redfish's extended error information. Preconditions come
//!   before what is wrong with the content.
//! - Any credentials are accepted, and none are needed.
//!
//! # Departures from RFC 9110
//!
//! Where tags are weak, `If-Match` compares them weakly. By the RFC no write would ever succeed.

pub mod arguments;
pub mod client;
pub mod commands;
mod error;
mod handlers;
mod schema;
mod seeds;
mod store;

use axum::{
    Router,
    http::{
        HeaderName, HeaderValue, Method,
        header::{CACHE_CONTROL, CONTENT_TYPE},
        request::Parts,
    },
    middleware::map_response,
    response::Response,
    routing::{MethodRouter, get, post},
};
use tower_conditional::{ConditionalLayer, Refusal, Requirement, Rules, ready_fn};

use self::store::Store;
pub use self::store::Tags;

/// What kind of BMC it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub tags: Tags,
    /// 428 for PATCH and PUT without a precondition.
    pub require_if_match: bool,
}

pub fn app(options: Options) -> Router {
    let store = Store::new(options.tags);
    let guarded = |methods: MethodRouter<Store>| guard(methods, &store, options);
    let read = || guarded(get(handlers::read));
    let system = guarded(get(handlers::read).patch(handlers::patch));
    let account = guarded(
        get(handlers::read)
            .patch(handlers::patch)
            .delete(handlers::delete),
    );
    let accounts = guarded(get(handlers::read).post(handlers::create_account));
    // A login has no state to be lost.
    let sessions = read().merge(post(handlers::create_session));
    let session = guarded(get(handlers::read).delete(handlers::delete));
    Router::new()
        .route("/redfish", get(handlers::versions))
        .route("/redfish/v1", read())
        .route("/redfish/v1/", read())
        .route("/redfish/v1/Systems", read())
        .route("/redfish/v1/Systems/{id}", system)
        .route("/redfish/v1/SessionService", read())
        .route("/redfish/v1/SessionService/Sessions", sessions)
        .route("/redfish/v1/SessionService/Sessions/{id}", session)
        .route("/redfish/v1/AccountService", read())
        .route("/redfish/v1/AccountService/Accounts", accounts)
        .route("/redfish/v1/AccountService/Accounts/{id}", account)
        .route("/redfish/v1/AccountService/Roles", read())
        .route("/redfish/v1/AccountService/Roles/{id}", read())
        .fallback(handlers::not_found)
        .layer(map_response(common_fields))
        .with_state(store)
}

fn guard(methods: MethodRouter<Store>, store: &Store, options: Options) -> MethodRouter<Store> {
    let store = store.clone();
    let source = ready_fn(move |head: &Parts| store.select(head.uri.path()));
    let required = match options.require_if_match {
        true => {
            Requirement::methods([Method::PATCH, Method::PUT]).expect("both are unsafe methods")
        }
        false => Requirement::NONE,
    };
    let layer = ConditionalLayer::new(source)
        .rules(Rules::RFC9110.weak_if_match(options.tags == Tags::Weak))
        .require(required)
        .respond_with(|refusal: Refusal| {
            let decision = refusal.decision();
            error::extended(decision, refusal.into_response())
        });
    // 405 comes before 412 (RFC 9110 section 13.2.1).
    methods.route_layer(layer)
}

async fn common_fields(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static("odata-version"),
        HeaderValue::from_static("4.0"),
    );
    // 428 is not to be stored at all (RFC 6585 section 3).
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    if let Some(content_type) = headers.get_mut(CONTENT_TYPE) {
        if content_type == "application/json" {
            *content_type = HeaderValue::from_static("application/json;charset=utf-8");
        }
    }
    response
}
