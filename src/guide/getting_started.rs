//! Adding the layer to a service.
//!
//! # One resource
//!
//! A [`ConditionalLayer`](crate::ConditionalLayer) needs to know the current entity tag or
//! modification date of the resource that a request selects. It gets them from a *source*. If the
//! validators are in memory, use [`ready_fn`](crate::ready_fn).
//!
//! The example serves one document. Each write increments its version, and the version is its
//! entity tag. A read by a client that has the current version gets a 304, a write by a client that
//! edited an old version gets a 412, and a write without a precondition gets a 428.
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use axum::{body::Body, extract::State, response::{IntoResponse, Response}, routing::get, Router};
//! use http::{header::ETAG, request::Parts, Request};
//! use tower::ServiceExt;
//! use tower_conditional::{
//!     ready_fn, ConditionalLayer, EntityTag, Outcome, RefusalBody, Requirement,
//! };
//!
//! #[derive(Clone)]
//! struct Document(Arc<Mutex<(u64, String)>>); // version and text
//!
//! async fn read(State(document): State<Document>) -> String {
//!     let document = document.0.lock().unwrap();
//!     document.1.clone()
//! }
//!
//! async fn write(
//!     State(document): State<Document>,
//!     head: Parts,
//!     text: String,
//! ) -> Result<impl IntoResponse, Response<RefusalBody>> {
//!     let mut document = document.0.lock().unwrap();
//!     if let Some(outcome) = head.extensions.get::<Outcome>() {
//!         outcome.recheck(&head, EntityTag::from_version(document.0))?;
//!     }
//!     *document = (document.0 + 1, text);
//!     Ok([(ETAG, EntityTag::from_version(document.0))])
//! }
//!
//! # tokio_test::block_on(async {
//! let document = Document(Arc::new(Mutex::new((7, "first text".to_owned()))));
//! let current = document.clone();
//! let source = ready_fn(move |_| EntityTag::from_version(current.0.lock().unwrap().0));
//! let layer = ConditionalLayer::new(source).require(Requirement::WRITES);
//! let app: Router = Router::new()
//!     .route("/document", get(read).put(write).route_layer(layer))
//!     .with_state(document);
//!
//! // The client has this version already.
//! let request = Request::get("/document").header("if-none-match", "\"7\"");
//! let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 304);
//!
//! // The client edited version 6.
//! let request = Request::put("/document").header("if-match", "\"6\"");
//! let response = app.clone().oneshot(request.body(Body::from("text")).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 412);
//! assert_eq!(response.headers()["etag"], "\"7\"");
//!
//! // The client sent no precondition.
//! let request = Request::put("/document");
//! let response = app.clone().oneshot(request.body(Body::from("text")).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 428);
//!
//! // The client edited version 7.
//! let request = Request::put("/document").header("if-match", "\"7\"");
//! let response = app.clone().oneshot(request.body(Body::from("text")).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 200);
//! assert_eq!(response.headers()["etag"], "\"8\"");
//! # });
//! ```
//!
//! Note what the handlers do:
//!
//! - `read` sets no `ETag`. The layer adds the source's validators to 2xx responses to GET and
//!   HEAD, and never replaces the handler's own.
//! - `write` checks again while it holds the lock. The layer's check runs before the handler, so
//!   another writer can change the document in between. [`lost_updates`](super::lost_updates)
//!   explains this race and the ways to close it.
//! - `write` sets the new `ETag` itself. The layer adds nothing to the response to a write, because
//!   the validators that it knows belong to the state before the write (RFC 9110 section 9.3.4).
//!
//! # A source that waits
//!
//! Use [`source_fn`](crate::source_fn) for a source that makes a query. The closure borrows the
//! request's head only while it makes the future, so copy what the future needs.
//!
//! The source returns `Option<EntityTag>`, or a `Result` of it. `None` means that there is no such
//! resource. An error never lets a guarded write through: it gets a 503, and the error is in the
//! extensions of the response.
//!
//! ```
//! use axum::{body::Body, routing::get, Router};
//! use http::Request;
//! use tower::ServiceExt;
//! use tower_conditional::{source_fn, ConditionalLayer, EntityTag};
//!
//! #[derive(Clone)]
//! struct Database;
//!
//! impl Database {
//!     /// SELECT version FROM settings WHERE tenant = …
//!     async fn version(&self, tenant: &[u8]) -> std::io::Result<Option<u64>> {
//!         Ok((tenant == b"example").then_some(7))
//!     }
//! }
//!
//! # tokio_test::block_on(async {
//! let database = Database;
//! let source = source_fn(move |head| {
//!     let (database, tenant) = (database.clone(), head.headers.get("x-tenant").cloned());
//!     async move {
//!         let version = match tenant {
//!             Some(tenant) => database.version(tenant.as_bytes()).await?,
//!             None => None,
//!         };
//!         Ok::<_, std::io::Error>(version.map(EntityTag::from_version))
//!     }
//! });
//! let layer = ConditionalLayer::new(source);
//! let app: Router = Router::new()
//!     .route("/settings", get(|| async { "settings" }).route_layer(layer));
//!
//! let request = Request::get("/settings")
//!     .header("x-tenant", "example")
//!     .header("if-none-match", "\"7\"");
//! let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 304);
//! # });
//! ```
//!
//! # A source in axum
//!
//! If the resource depends on the path, do not look at `head.uri.path()`: under axum's `nest` it
//! lacks the prefix, and axum's `Path` decodes `%31` to `1`. If the source and the handler do not
//! mean the same resource, the write is not guarded. With the feature `axum` a source is an async
//! function of the extractors that the handler has, too. The handler gets a `Precondition`, with
//! which it repeats the check:
//!
//! ```
//! # #[cfg(feature = "axum")]
//! # {
//! use axum::{extract::{Path, State}, response::Result, routing::get, Router};
//! use tower_conditional::{
//!     axum::{from_fn_with_state, Precondition}, ConditionalLayer, EntityTag, Requirement,
//! };
//!
//! # #[derive(Clone)]
//! # struct Database;
//! # impl Database {
//! #     async fn version(&self, _: i64) -> std::io::Result<Option<i64>> { Ok(Some(7)) }
//! #     async fn update(&self, _: i64, _: Option<i64>, _: String) -> Option<i64> { Some(8) }
//! # }
//! async fn version(
//!     State(database): State<Database>,
//!     Path(id): Path<i64>,
//! ) -> std::io::Result<Option<EntityTag>> {
//!     Ok(database.version(id).await?.map(EntityTag::from_version))
//! }
//!
//! async fn replace(
//!     State(database): State<Database>,
//!     Path(id): Path<i64>,
//!     precondition: Precondition,
//!     text: String,
//! ) -> Result<EntityTag> {
//!     // UPDATE notes SET … WHERE id = ? AND version = ? RETURNING version
//!     match database.update(id, precondition.version(), text).await {
//!         Some(new) => Ok(EntityTag::from_version(new)),
//!         None => Err(precondition.lost(tower_conditional::Selected::Unknown).into()),
//!     }
//! }
//!
//! let database = Database;
//! let guard = ConditionalLayer::new(from_fn_with_state(database.clone(), version))
//!     .require(Requirement::WRITES);
//! let app: Router = Router::new()
//!     .route("/notes/{id}", get(|| async { "a note" }).put(replace).route_layer(guard))
//!     .with_state(database);
//! # }
//! ```
//!
//! See [`traps`](super::traps) for what else can go wrong.
//!
//! # A source with a name
//!
//! Implement [`ValidatorSource`](crate::ValidatorSource) for a struct if several services share the
//! source, or if you want to write its type down:
//!
//! ```
//! use http::request::Parts;
//! use tower_conditional::{
//!     source::{BoxLookup, Lookup},
//!     ConditionalLayer, EntityTag, ValidatorSource,
//! };
//!
//! # #[derive(Clone)]
//! # struct Database;
//! # impl Database {
//! #     async fn version(&self, _: &[u8]) -> std::io::Result<Option<u64>> { Ok(Some(7)) }
//! # }
//! #[derive(Clone)]
//! struct Notes {
//!     database: Database,
//! }
//!
//! impl ValidatorSource for Notes {
//!     type Future = BoxLookup;
//!
//!     fn look_up(&self, head: &Parts) -> Lookup<BoxLookup> {
//!         let (database, tenant) = (self.database.clone(), head.headers.get("x-tenant").cloned());
//!         Lookup::boxed(async move {
//!             let version = database.version(tenant.as_ref().map_or("".as_bytes(), |it| it.as_bytes())).await?;
//!             Ok::<_, std::io::Error>(version.map(EntityTag::from_version))
//!         })
//!     }
//! }
//!
//! let layer: ConditionalLayer<Notes> = ConditionalLayer::new(Notes { database: Database });
//! ```
//!
//! # Other sources
//!
//! | source | use it if |
//! |---|---|
//! | [`ready_fn`](crate::ready_fn) | the validators are in memory, or follow from the request |
//! | [`source_fn`](crate::source_fn) | the source has to wait |
//! | [`ByHead`](crate::ByHead) | the wrapped service answers HEAD with its validators, as `ServeDir` and most proxied services do |
//! | [`FromResponse`](crate::FromResponse) | only the handler knows the validators; serves reads only |
//! | `axum::from_fn` (feature `axum`) | the source needs what axum extracts from the request |
//! | [`ServiceSource`](crate::source::ServiceSource) | the look-up needs a timeout, a concurrency limit or other Tower layers |
//! | [`FirstKnown`](crate::source::FirstKnown) | a second source knows what the first does not |
//! | `Cached` (feature `cache`) | the look-up is expensive; a write still asks the source itself |
//!
//! # Which entity tag
//!
//! Any string works that changes with every change of the representation:
//!
//! - A version column: [`EntityTag::from_version`](crate::EntityTag::from_version). It is the
//!   simplest choice, because `UPDATE … WHERE version = ?` can repeat the check.
//! - A revision string: [`EntityTag::strong`](crate::EntityTag::strong).
//! - A digest of the content, or of a value as canonical JSON (features `digest` and `json`).
//! - A UUID for each revision (feature `uuid`). A resource that is deleted and created again does
//!   not get an old tag, as it could with a version that starts at 1 again.
//!
//! A modification date alone is a weak guard, see
//! [`lost_updates`](super::lost_updates#modification-dates-are-weak-guards).
