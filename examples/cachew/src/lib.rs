//! A content cache over an object store, like cachew: in memory, on a local disk, or in a bucket.
//!
//! It serves `GET`, `HEAD`, `POST` and `DELETE` of `/api/v1/object/{key}`. The entity tag is the
//! SHA-256 of the content, so it is the same in every kind of store. Preconditions are checked
//! twice: by the layer, before any content is read, and by the store, in one atomic step with the
//! write (`store.rs` describes the layout). A read is atomic too: content never changes in place,
//! and the response sends the content that the preconditions were evaluated for.
//!
//! [`client`] is its client.

pub mod client;
pub mod commit;
mod failure;
pub mod fields;
mod handlers;
pub mod open;
pub mod patience;
pub mod record;
pub mod snapshot;
pub mod store;
mod upload;

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRequestParts, Path},
    http::{Response, StatusCode, request::Parts},
    middleware,
    routing::get,
};
use bytes::Bytes;
use tower_conditional::{
    ConditionalLayer, Refusal, RefusalBody, Selected, ValidatorSource, drain::DrainLayer, source_fn,
};

use self::{patience::PATIENCE, snapshot::Snapshot, store::Store};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

pub fn app(store: impl Into<Arc<Store>>) -> Router {
    let store = store.into();
    let layer = ConditionalLayer::new(source(Arc::clone(&store)))
        .respond_with(with_stored_fields)
        // A read whose content was replaced in the meantime is evaluated again.
        .outcome_of_reads(true)
        // The handlers send the fields of the content that they open.
        .set_validators(false);
    let methods = get(handlers::read)
        .post(handlers::write)
        .delete(handlers::delete);
    // `route_layer`: the 405 of other methods takes precedence over preconditions. So does the 431.
    let methods = methods
        .route_layer(layer)
        .route_layer(middleware::from_fn(fields::collect));
    Router::new()
        .route("/api/v1/object/{key}", methods)
        .with_state(Arc::clone(&store))
        // The refusal of a large upload is to reach its client.
        .layer(DrainLayer::new().timeout(move || {
            let store = Arc::clone(&store);
            async move { drop(tokio::time::timeout(PATIENCE, store.stopping()).await) }
        }))
}

/// The store's own metadata, from its list and head calls.
fn source(store: Arc<Store>) -> impl ValidatorSource<Future: Send> + Clone + Send + Sync + 'static {
    source_fn(move |head: &Parts| {
        let (store, mut head) = (Arc::clone(&store), head.clone());
        async move {
            let key = Path::<String>::from_request_parts(&mut head, &()).await;
            let Path(key) = match key {
                Ok(key) => key,
                Err(rejection) => {
                    let mut answer = Response::new(Bytes::new());
                    *answer.status_mut() = rejection.status();
                    return Ok(Selected::Answered(answer));
                }
            };
            let selected = store.latest(&key).await?.into_selected();
            Ok::<_, BoxError>(selected)
        }
    })
}

/// Adds the stored fields to refusals. A 304 has those that it may have; here a 412 gets them too,
/// except for those that describe content or say how long it may be stored.
fn with_stored_fields(refusal: Refusal<'_>) -> Response<RefusalBody> {
    let snapshot = match refusal.selected() {
        Selected::Present(representation) => representation.extension::<Snapshot>().cloned(),
        _ => None,
    };
    let mut response = refusal.into_response();
    if let Some(snapshot) = snapshot.filter(|_| response.status() != StatusCode::NOT_MODIFIED) {
        fields::complete(&mut response, &snapshot);
    }
    response
}
