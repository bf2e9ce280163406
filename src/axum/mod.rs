//! The layer in axum: sources by extractors, an extractor of what the layer decided, and entity tags
//! as parts of responses.
//!
//! | you write | it is |
//! |---|---|
//! | [`from_fn`], [`from_fn_with_state`] | a source that is an async function of extractors |
//! | [`Precondition`] in a handler | what the layer decided, and the way to repeat the check |
//! | `Err(precondition.lost(current))` | the layer's own 412, as a [`PreconditionRejection`] |
//! | `(EntityTag, Json(…))`, `(Validators, …)`, `(StatusCode, HttpDate)` | a response with `ETag` and `Last-Modified` |
//!
//! # Example
//!
//! ```
//! use std::{collections::HashMap, sync::{Arc, Mutex}};
//! use axum::{
//!     body::Body, extract::{Path, State}, response::IntoResponse, routing::get, Json, Router,
//! };
//! use http::{Request, StatusCode};
//! use tower::ServiceExt;
//! use tower_conditional::{
//!     axum::{from_fn_with_state, Precondition}, ConditionalLayer, EntityTag, Requirement,
//! };
//!
//! type Notes = Arc<Mutex<HashMap<i64, (i64, String)>>>; // version and text
//!
//! async fn version(State(notes): State<Notes>, Path(id): Path<i64>) -> Option<EntityTag> {
//!     notes.lock().unwrap().get(&id).map(|note| EntityTag::from_version(note.0))
//! }
//!
//! async fn read(State(notes): State<Notes>, Path(id): Path<i64>) -> Result<String, StatusCode> {
//!     notes.lock().unwrap().get(&id).map(|note| note.1.clone()).ok_or(StatusCode::NOT_FOUND)
//! }
//!
//! async fn replace(
//!     State(notes): State<Notes>,
//!     Path(id): Path<i64>,
//!     precondition: Precondition,
//!     text: String,
//! ) -> axum::response::Result<impl IntoResponse> {
//!     let mut notes = notes.lock().unwrap();
//!     let current = notes.get(&id).map_or(0, |note| note.0);
//!     // Another writer may have come since the layer asked.
//!     precondition.recheck((current > 0).then(|| EntityTag::from_version(current)))?;
//!     notes.insert(id, (current + 1, text));
//!     Ok((StatusCode::NO_CONTENT, EntityTag::from_version(current + 1)))
//! }
//!
//! # tokio_test::block_on(async {
//! let notes = Notes::default();
//! notes.lock().unwrap().insert(1, (7, "first".to_owned()));
//! let guard = ConditionalLayer::new(from_fn_with_state(notes.clone(), version))
//!     .require(Requirement::WRITES);
//! let app: Router = Router::new()
//!     .route("/notes/{id}", get(read).put(replace).route_layer(guard))
//!     .with_state(notes);
//!
//! let put = |path, tag| Request::put(path).header("if-match", tag).body(Body::from("second"));
//! for (path, tag, status) in [
//!     ("/notes/1", "\"6\"", 412),
//!     ("/notes/%31", "\"6\"", 412), // the source sees what the handler sees
//!     ("/notes/one", "\"7\"", 400), // the rejection of `Path`, as the handler would give it
//!     ("/notes/1", "\"7\"", 204),
//! ] {
//!     let response = app.clone().oneshot(put(path, tag).unwrap()).await.unwrap();
//!     assert_eq!(response.status(), status, "{path} {tag}");
//! }
//! # });
//! ```
//!
//! # Rules of the sources, in order
//!
//! 1. A request that no route matched is [left to the handler](crate::Selected::LeftToHandler): a
//!    404 stays a 404. This is for a layer of `Router::layer`, which also wraps the fallback.
//!    [`FromFn::in_fallback`] changes it.
//! 2. The extractors run in order on a copy of the request's head, extensions included. They see
//!    what the extractors of the handler see, if the layer is on the route.
//! 3. If one rejects, its rejection answers an unsafe request that depends on the state, with its
//!    content. That is the answer that the handler would have given. A safe request is performed,
//!    and the handler rejects it itself.
//! 4. The function returns any type that implements [`IntoAnswer`](crate::source::IntoAnswer). An
//!    error never lets a guarded write through: it is answered 503.
//!
//! Each look-up allocates its future, as axum does for each handler.
//!
//! # Where nothing is matched yet
//!
//! What axum has put into the extensions depends on where the layer is:
//!
//! | position | `Path`, `MatchedPath` | the layer |
//! |---|---|---|
//! | `MethodRouter::route_layer` | yes | guards; 404 and 405 stay what they are |
//! | `MethodRouter::layer`, `Router::route_layer` | yes | guards; 404 stays; a 405 can become a 412 or a 428 |
//! | `Router::layer`, also around `nest` and `merge` | yes, where a route matches | guards; 404 stays; a 405 can become a 412 or a 428 |
//! | inside a router that is nested, merged, or a fallback service | yes, where a route matches | guards; a 404 stays, except in `nest_service` and in the own fallback of a nested router: there `Path` rejects a guarded write with a 500 |
//! | the fallback of a router, and `Router::layer` around `nest_service` | no | leaves the request to the fallback or the service, see [`FromFn::in_fallback`] |
//! | around a whole `Router` as a service, also in `nest_service` | no | asks the function; `Path` rejects with a 500, so that no write is unguarded |
//!
//! # Errors of a handler
//!
//! [`PreconditionRejection`] implements `Error` and `IntoResponse`, so it fits into an error enum
//! and into `axum::response::Result`.
//!
//! # Version of axum
//!
//! The feature works with axum 0.8, and needs the Rust version of axum. It uses axum itself, without
//! its default features, only for `MatchedPath`, `OriginalUri` and `NestedPath`, because they show
//! whether a route has matched. All other types are of `axum-core`.

mod from_fn;
mod precondition;
mod rejected;
mod respond;

pub use self::{
    from_fn::{FromFn, SourceHandler, from_fn, from_fn_with_state},
    precondition::{Precondition, PreconditionRejection},
};
