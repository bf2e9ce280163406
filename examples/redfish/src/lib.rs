//! A simulated BMC with a Redfish interface: some resources with entity tags, and 412 and 428 for
//! writes that would overwrite another writer's change.
//!
//! - Each resource has the same tag in `ETag` and in `@odata.etag`. Depending on the settings, tags
//!   are weak, as in many BMCs, or strong, or there are none. Each start of the service has a part of
//!   its own in its tags, so that no tag of an earlier one is ever current again.
//! - PATCH, DELETE and POST are answered 412 if their precondition is false. PATCH and PUT are
//!   answered 428 without a precondition, if one is required. Both have Redfish's extended error
//!   information. Preconditions take precedence over errors in the content.
//! - A POST to `SessionService/Sessions` logs in, and a DELETE of the session logs out. With
//!   [`app_with_login`], requests need the token of a session, or Basic credentials.
//!
//! The README has one table of what departs from rackfish's document, Redfish and RFC 9110.

pub mod arguments;
mod auth;
pub mod client;
pub mod commands;
mod error;
mod handlers;
mod schema;
mod seeds;
mod store;
pub mod tls;

use axum::{
    Extension, Router,
    http::{
        HeaderName, HeaderValue, Method,
        header::{CACHE_CONTROL, CONTENT_TYPE},
        request::Parts,
    },
    middleware::{from_fn_with_state, map_response},
    response::Response,
    routing::{MethodRouter, get, post},
};
use tower_conditional::{ConditionalLayer, Refusal, Requirement, Rules, ready_fn};

use self::{auth::Auth, store::Store};
pub use self::{auth::Login, store::Tags};

/// The kind of BMC to simulate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub tags: Tags,
    /// Whether PATCH and PUT without a precondition are answered 428. DELETE and POST are not: rackfish
    /// and sushy send both without one, and so could not log out.
    pub require_if_match: bool,
}

/// A BMC that anybody can read and write.
pub fn app(options: Options) -> Router {
    router(options, None)
}

/// A BMC that only this user can read and write.
pub fn app_with_login(options: Options, login: Login) -> Router {
    router(options, Some(login))
}

fn router(options: Options, login: Option<Login>) -> Router {
    let store = Store::new(options.tags);
    let auth = Auth::new(store.clone(), login);
    let guarded = |methods: MethodRouter<Store>| guard(methods, &store, options);
    let read = || guarded(get(handlers::read));
    let system = guarded(get(handlers::read).patch(handlers::patch));
    let account = guarded(
        get(handlers::read)
            .patch(handlers::patch)
            .delete(handlers::delete),
    );
    let accounts = guarded(get(handlers::read).post(handlers::create_account));
    let login = post(handlers::create_session).layer(Extension(auth.clone()));
    let sessions = guarded(get(handlers::read).merge(login));
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
        .method_not_allowed_fallback(handlers::not_allowed)
        // 401 takes precedence over 412 and 428 (RFC 9110 section 13.2.1).
        .layer(from_fn_with_state(auth, auth::authenticate))
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
    // 405 takes precedence over 412 (RFC 9110 section 13.2.1).
    methods.route_layer(layer)
}

async fn common_fields(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static("odata-version"),
        HeaderValue::from_static("4.0"),
    );
    // A 428 must not be stored at all (RFC 6585 section 3).
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
