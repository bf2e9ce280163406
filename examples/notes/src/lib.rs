//! The service: its routes, and the layers around them.

mod body;
mod changes;
mod conditions;
mod handlers;
mod note;
mod problem;
mod resource;
mod seeds;
mod serve;
mod store;
pub mod temporary;

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    response::Response,
    routing::get,
};
use http::{
    HeaderName, Method, StatusCode,
    header::{
        AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_MATCH,
        IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, LOCATION,
    },
};
use tower::{ServiceBuilder, ServiceExt, util::MapResponse};
use tower_conditional::coding::CodingSuffixLayer;
use tower_http::{
    compression::CompressionLayer,
    cors::{Any, CorsLayer},
    timeout::RequestBodyTimeoutLayer,
    trace::TraceLayer,
};

use self::problem::Problem;
pub use self::{serve::serve, store::Store};

/// Requests with more content are refused with 413.
pub const LARGEST_CONTENT: usize = 64 * 1024;

/// How long a client may pause within its content.
pub const CONTENT_PATIENCE: Duration = Duration::from_secs(10);

/// The router, and what has to be outside of it.
pub type Notes = MapResponse<Router, fn(Response) -> Response>;

pub fn notes(store: Store) -> Notes {
    ServiceExt::<Request>::map_response(router(store), without_length)
}

/// Removes `Content-Length` from a 304 and a 204 (RFC 9110 section 8.6). axum's router adds it to
/// every empty response, and hyper removes it only from HTTP/1.1 responses to methods other than
/// HEAD.
fn without_length(mut response: Response) -> Response {
    if matches!(
        response.status(),
        StatusCode::NOT_MODIFIED | StatusCode::NO_CONTENT
    ) {
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    response
}

fn router(store: Store) -> Router {
    let list = get(handlers::list).post(handlers::create);
    let note = get(handlers::read)
        .put(handlers::replace)
        .patch(handlers::edit)
        .delete(handlers::delete);
    Router::new()
        .route("/notes", conditions::guard(list, store.clone()))
        .route("/notes/{id}", conditions::guard(note, store.clone()))
        .fallback(|| async {
            Problem::new(StatusCode::NOT_FOUND, "There is /notes, and /notes/{id}.")
        })
        .method_not_allowed_fallback(|| async {
            let detail = "The Allow field lists the methods of this resource.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
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
                .layer(TraceLayer::new_for_http())
                // A client that stops in the middle of its content does not hold a connection.
                .layer(RequestBodyTimeoutLayer::new(CONTENT_PATIENCE))
                .layer(cors())
                .layer(CodingSuffixLayer::new())
                .layer(CompressionLayer::new().no_br().no_deflate().no_zstd()),
        )
        .with_state(store)
}

/// Exposes ETag to scripts of other origins, and lets them send conditional fields.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            AUTHORIZATION,
            CACHE_CONTROL,
            CONTENT_TYPE,
            IF_MATCH,
            IF_NONE_MATCH,
            IF_MODIFIED_SINCE,
            IF_UNMODIFIED_SINCE,
            IF_RANGE,
            HeaderName::from_static("prefer"),
        ])
        .expose_headers([ETAG, LOCATION])
}
