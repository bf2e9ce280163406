//! The service: its routes, and the layers around them.

mod conditional_openapi;
mod error;
mod handlers;
mod note;
mod page;
mod pg_lock;
pub mod shared;
mod store;

use std::time::Duration;

use axum::{
    BoxError, Json, Router,
    error_handling::HandleErrorLayer,
    extract::{DefaultBodyLimit, Request},
    response::Response,
    routing::get,
};
use http::{
    HeaderName, Method, StatusCode,
    header::{CONTENT_LENGTH, ETAG, LOCATION},
};
use tokio::time::sleep;
use tower::{ServiceBuilder, ServiceExt, timeout::TimeoutLayer, util::MapResponse};
use tower_conditional::{
    ConditionalLayer, Requirement, Rules, axum::from_fn_with_state, coding::CodingSuffixLayer,
    drain::DrainLayer,
};
use tower_http::{
    compression::CompressionLayer,
    cors::{Any, CorsLayer},
    trace::TraceLayer,
};

use utoipa::OpenApi;

use self::{error::Error, handlers::Document};
pub use self::{
    pg_lock::{LockedConnection, PgAdvisoryLock},
    store::Store,
};

/// Requests with more content are refused with 413.
pub const LARGEST_CONTENT: usize = 64 * 1024;

/// Proxies that compress change `"7"` to `"7-gzip"` or similar (Apache, lighttpd, Caddy, Jetty) or
/// to `W/"7"` (nginx, HAProxy, Varnish, CDNs), and do not undo it in requests.
const RULES: Rules = Rules::RFC9110
    .coding_suffixes(&["-gzip", "-br", "-zstd", "--gzip"])
    .weakened_by_proxy(true);

/// The router, and what has to be outside of it.
pub type Notes = MapResponse<Router, fn(Response) -> Response>;

/// Returns the service. A request that takes longer than `patience` is answered 408.
pub fn notes(store: Store, patience: Duration) -> Notes {
    ServiceExt::<Request>::map_response(router(store, patience), without_length)
}

/// Removes `Content-Length` from a 204 (RFC 9110 section 8.6). axum's router adds it, and hyper
/// leaves it in HTTP/2 responses.
fn without_length(mut response: Response) -> Response {
    if response.status() == StatusCode::NO_CONTENT {
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    response
}

fn router(store: Store, patience: Duration) -> Router {
    // PUT, PATCH and DELETE of a note that exists must be conditional. Others are answered 428.
    let list_guard =
        ConditionalLayer::new(from_fn_with_state(store.clone(), handlers::list_changed))
            .rules(RULES);
    let note_guard =
        ConditionalLayer::new(from_fn_with_state(store.clone(), handlers::note_changed))
            .require(Requirement::WRITES)
            .rules(RULES);
    let list = get(handlers::list).post(handlers::create);
    let note = get(handlers::read)
        .put(handlers::replace)
        .patch(handlers::edit)
        .delete(handlers::delete);
    Router::new()
        // Around the handlers, but not around a 405, which takes precedence over preconditions
        // (RFC 9110 section 13.2.1).
        .route("/notes", list.route_layer(list_guard))
        .route("/notes/{id}", note.route_layer(note_guard))
        .route("/openapi.json", get(async || Json(Document::openapi())))
        .merge(page::page())
        .fallback(async || {
            let detail = "There is /notes, and /notes/{id}.";
            Error::problem(StatusCode::NOT_FOUND, detail)
        })
        .method_not_allowed_fallback(async || {
            let detail = "The Allow field lists the methods of this resource.";
            Error::problem(StatusCode::METHOD_NOT_ALLOWED, detail)
        })
        .layer(DefaultBodyLimit::max(LARGEST_CONTENT))
        .layer(
            // From the outside in. All of these are outside of the conditional layer, because its
            // responses need them too: a 304 or 412 is traced, scripts in browsers can read it only
            // with the CORS fields, and a preflight request must not reach the layer. Compression
            // is outside, because it must not change the validators that are evaluated. The layer
            // that adds suffixes to tags is outside of the compression, which decides whether there
            // is a content coding.
            ServiceBuilder::new()
                // Reads the rest of a refused upload. Otherwise many clients and proxies see a
                // broken connection in place of the 412, 413 or 428.
                .layer(DrainLayer::new().timeout(move || sleep(patience)))
                .layer(TraceLayer::new_for_http())
                .layer(cors())
                .layer(CodingSuffixLayer::new())
                .layer(CompressionLayer::new().no_br().no_deflate().no_zstd())
                // Around the conditional layer too: its source asks the database.
                .layer(HandleErrorLayer::new(|_: BoxError| async {
                    let detail = "The request took too long.";
                    Error::problem(StatusCode::REQUEST_TIMEOUT, detail)
                }))
                .layer(TimeoutLayer::new(patience)),
        )
        .with_state(store)
}

/// Exposes ETag to scripts of other origins, and lets them send conditional fields.
fn cors() -> CorsLayer {
    // A list of names, because `*` does not cover Authorization.
    let names = "authorization,cache-control,content-type,if-match,if-none-match,\
                 if-modified-since,if-unmodified-since,if-range,prefer";
    let names = names.split(',').map(HeaderName::from_static);
    let reads = [Method::GET, Method::HEAD];
    let writes = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let methods: Vec<_> = reads.into_iter().chain(writes).collect();
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(methods)
        .allow_headers(names.collect::<Vec<_>>())
        .expose_headers([ETAG, LOCATION])
}
