//! Will I lose updates?
//!
//! An update is lost if two clients read the same version, both change it, and the second write
//! overwrites the first. Preconditions prevent this: each client sends the tag of what it read in
//! `If-Match`, and the server refuses a write whose tag is not the current one.
//!
//! | your service | can it lose updates? |
//! |---|---|
//! | has no layer, or clients send no preconditions | yes |
//! | evaluates preconditions after the handler | yes: the 412 comes after the write |
//! | has the layer, without a requirement | yes, by writes without a precondition |
//! | has the layer and `require(Requirement::WRITES)` | only in the race that is described below |
//! | also repeats the check where it writes, by entity tag | no |
//! | also has a lock for each resource, in all processes that write | no |
//!
//! # The race between the check and the write
//!
//! The layer evaluates the preconditions, then it calls the handler. Two requests with the same tag
//! can both pass the check before either of them writes:
//!
//! ```text
//! first client                    second client
//! PUT, If-Match: "7"
//! layer: "7" is current           PUT, If-Match: "7"
//!                                 layer: "7" is current
//! handler: writes version 8
//!                                 handler: writes version 9, and version 8 is lost
//! ```
//!
//! The store knows the order of the writes, so it can close this gap best. The layer puts the
//! [`Outcome`](crate::Outcome) into the extensions of the request, and the handler closes the gap with
//! it. If it cannot, or might forget it, a lock keeps the other writer out. There are four ways:
//!
//! | way | when | what the handler does | what happens without |
//! |---|---|---|---|
//! | [a conditional write](#a-conditional-write) | the store has one: SQL, object stores. Any number of processes | names what it [expects](crate::Outcome::expected) | the race above |
//! | [a second evaluation](#a-second-evaluation-under-a-lock-or-in-a-transaction) | a write is several statements, in a transaction | [rechecks](crate::Outcome::recheck) after it has locked the row | the race, also with a transaction |
//! | [the lock](#the-lock) | all writers are in one process: files, memory, devices, handlers that you cannot change | nothing | the race |
//! | [the lock elsewhere](#the-lock-elsewhere) | several processes, and a store without conditional writes | nothing, or writes through the connection that holds the lock | with a lock of each process, the race between processes |
//!
//! The first is the cheapest and survives everything. Prefer it where the store has it. The ways can be
//! combined: under a lock, a conditional write never fails, and protects if the lock is lost.
//! To make the compiler ask for one of the first two, see [`guarded_writes`](super::guarded_writes).
//! The tests of `examples/judge` and `examples/notes` run each of the four with 64 clients that
//! count, with clients that vanish, handlers that panic, and processes and databases that are killed,
//! and each of them also with its guard taken out.
//!
//! # A conditional write
//!
//! [`Outcome::expected`](crate::Outcome::expected) returns the state that the store must still be
//! in when the handler writes. Translate it to one statement that checks and writes at once:
//!
//! | expected | SQL | object store |
//! |---|---|---|
//! | [`Tag`](crate::Expected::Tag) | `UPDATE … WHERE id = ? AND version = ?` | put if the tag matches |
//! | [`Absent`](crate::Expected::Absent) | `INSERT … ON CONFLICT DO NOTHING` | put if there is none |
//! | [`Exists`](crate::Expected::Exists) | `UPDATE … WHERE id = ?` | put if there is one |
//! | [`Date`](crate::Expected::Date) | `UPDATE … WHERE id = ? AND modified_at = ?` | usually not available |
//! | [`Unconstrained`](crate::Expected::Unconstrained) | `INSERT … ON CONFLICT DO UPDATE …` | put |
//!
//! If the statement changes no row, another writer came first. Respond with
//! [`Outcome::lost`](crate::Outcome::lost), which makes the same 412 as the layer, by the same
//! [`respond_with`](crate::ConditionalLayer::respond_with) closure.
//!
//! In this example the source always returns version 7. The store has version 8, as if another
//! writer had come between the check and the write:
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use axum::{body::Body, extract::State, response::Response, routing::put, Extension, Router};
//! use http::{request::Parts, Request, StatusCode};
//! use tower::ServiceExt;
//! use tower_conditional::{
//!     ready_fn, ConditionalLayer, EntityTag, Expected, Outcome, RefusalBody, Requirement,
//! };
//!
//! #[derive(Clone)]
//! struct Store(Arc<Mutex<(u64, String)>>); // stands for a table with one row
//!
//! impl Store {
//!     /// UPDATE document SET text = ?, version = version + 1 WHERE version = ?
//!     fn update(&self, version: u64, text: String) -> bool {
//!         let mut row = self.0.lock().unwrap();
//!         if row.0 != version {
//!             return false; // no row was changed
//!         }
//!         *row = (version + 1, text);
//!         true
//!     }
//!
//!     /// SELECT version FROM document
//!     fn version(&self) -> u64 {
//!         self.0.lock().unwrap().0
//!     }
//! }
//!
//! async fn write(
//!     State(store): State<Store>,
//!     Extension(outcome): Extension<Outcome>,
//!     head: Parts,
//!     text: String,
//! ) -> Result<StatusCode, Response<RefusalBody>> {
//!     let written = match outcome.expected() {
//!         Expected::Tag(tag) => tag.version().is_some_and(|version| store.update(version, text)),
//!         _ => false, // this document always exists and always has a tag
//!     };
//!     if written {
//!         Ok(StatusCode::NO_CONTENT)
//!     } else {
//!         Err(outcome.lost(&head, EntityTag::from_version(store.version())))
//!     }
//! }
//!
//! # tokio_test::block_on(async {
//! let store = Store(Arc::new(Mutex::new((8, "written by another client".to_owned()))));
//! let source = ready_fn(|_| EntityTag::from_version(7));
//! let layer = ConditionalLayer::new(source).require(Requirement::WRITES);
//! let app: Router = Router::new()
//!     .route("/document", put(write).route_layer(layer))
//!     .with_state(store.clone());
//!
//! let request = Request::put("/document").header("if-match", "\"7\"");
//! let response = app.oneshot(request.body(Body::from("text")).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 412);
//! assert_eq!(response.headers()["etag"], "\"8\"");
//! assert_eq!(store.0.lock().unwrap().1, "written by another client");
//! # });
//! ```
//!
//! The `Extension` is always there, because the layer requires a precondition of every PUT. Without
//! a requirement, an unconditional write has no outcome: use `Option<Extension<Outcome>>`.
//!
//! `expected` reduces the preconditions to one state. It cannot express `If-Match: *` together with
//! a list in `If-None-Match`. Use `recheck` if your clients send both.
//!
//! # A second evaluation, under a lock or in a transaction
//!
//! [`Outcome::recheck`](crate::Outcome::recheck) evaluates the preconditions again, with the rules
//! and the requirement of the layer. Call it while nobody else can write: under a lock, or in a
//! transaction that holds the row. `?` returns the layer's own refusal.
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use axum::{body::Body, extract::State, response::Response, routing::put, Extension, Router};
//! use http::{request::Parts, Request};
//! use tower::ServiceExt;
//! use tower_conditional::{
//!     ready_fn, ConditionalLayer, EntityTag, Outcome, RefusalBody, Requirement,
//! };
//!
//! type Note = Arc<Mutex<(u64, String)>>;
//!
//! async fn write(
//!     State(note): State<Note>,
//!     Extension(outcome): Extension<Outcome>,
//!     head: Parts,
//!     text: String,
//! ) -> Result<(), Response<RefusalBody>> {
//!     let mut note = note.lock().unwrap(); // or SELECT … FOR UPDATE
//!     outcome.recheck(&head, EntityTag::from_version(note.0))?;
//!     *note = (note.0 + 1, text);
//!     Ok(())
//! }
//!
//! # tokio_test::block_on(async {
//! let note = Note::new(Mutex::new((8, "written by another client".to_owned())));
//! let source = ready_fn(|_| EntityTag::from_version(7)); // as it was when the layer asked
//! let layer = ConditionalLayer::new(source).require(Requirement::WRITES);
//! let app: Router = Router::new()
//!     .route("/note", put(write).route_layer(layer))
//!     .with_state(note.clone());
//!
//! let request = Request::put("/note").header("if-match", "\"7\"");
//! let response = app.oneshot(request.body(Body::from("text")).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 412);
//! assert_eq!(note.lock().unwrap().1, "written by another client");
//! # });
//! ```
//!
//! Note that a transaction alone is not enough. With the isolation level READ COMMITTED, which is
//! the default of PostgreSQL, another transaction can write between your SELECT and your UPDATE.
//! Use `SELECT … FOR UPDATE`, the isolation level SERIALIZABLE, or the conditional write above. In
//! SQLite, begin with `BEGIN IMMEDIATE`.
//!
//! # The lock
//!
//! With [`ConditionalLayer::lock`](crate::ConditionalLayer) (feature `lock`) each unsafe request locks
//! the path, from before the source is asked until the response of the handler is there. Between the
//! check and the write there is nobody else, so a handler that just writes is safe:
//!
//! ```
//! # #[cfg(feature = "lock")]
//! # tokio_test::block_on(async {
//! use std::{sync::{Arc, Mutex}, time::Duration};
//! use axum::{body::Body, routing::put, Router};
//! use http::Request;
//! use tower::ServiceExt;
//! use tower_conditional::{
//!     lock::WriteLock, ready_fn, ConditionalLayer, EntityTag, Requirement,
//! };
//!
//! let document = Arc::new(Mutex::new(7)); // its version
//! let (asked, written) = (document.clone(), document.clone());
//!
//! let write = || async move {
//!     let version = *written.lock().unwrap();
//!     tokio::task::yield_now().await; // without the lock, another writer slips in here
//!     *written.lock().unwrap() = version + 1;
//! };
//! let source = ready_fn(move |_| EntityTag::from_version(*asked.lock().unwrap()));
//! let layer = ConditionalLayer::new(source)
//!     .require(Requirement::WRITES)
//!     // A request that waits longer is answered 503 with Retry-After.
//!     .lock(WriteLock::new().timeout(|| tokio::time::sleep(Duration::from_secs(5))));
//! let app: Router = Router::new().route("/document", put(write).route_layer(layer));
//!
//! let send = || {
//!     let request = Request::put("/document").header("if-match", "\"7\"");
//!     app.clone().oneshot(request.body(Body::empty()).unwrap())
//! };
//! let (first, second) = tokio::join!(send(), send());
//! assert_eq!(first.unwrap().status(), 200);
//! assert_eq!(second.unwrap().status(), 412);
//! assert_eq!(*document.lock().unwrap(), 8);
//! # });
//! ```
//!
//! See [`examples/files`](https://github.com/tower-conditional/tower-conditional/tree/main/examples/files)
//! for a complete service, and the module `lock` for what a lock does not protect: other processes,
//! and work that outlives the response.
//!
//! # The lock elsewhere
//!
//! The lock is behind the trait `lock::Lock`. Several processes share it if it is held in a place that
//! all of them know. In this example two routers stand for two processes, and a lock in memory for the
//! one of the database:
//!
//! ```
//! # #[cfg(feature = "lock")]
//! # tokio_test::block_on(async {
//! use std::{future::Future, io, pin::Pin, sync::{Arc, Mutex}};
//! use axum::{body::Body, routing::put, Router};
//! use http::Request;
//! use tower::ServiceExt;
//! use tower_conditional::lock::{KeyedGuard, KeyedLock, Lock, WriteLock};
//! use tower_conditional::{ready_fn, ConditionalLayer, EntityTag, Requirement};
//!
//! #[derive(Clone, Default)]
//! struct InTheDatabase(KeyedLock);
//!
//! impl Lock for InTheDatabase {
//!     type Guard = KeyedGuard; // releases the key when it is dropped
//!     type Error = io::Error;
//!     type Future = Pin<Box<dyn Future<Output = io::Result<KeyedGuard>> + Send>>;
//!
//!     fn lock(&self, key: &[u8]) -> Self::Future {
//!         let held = self.0.lock(key); // SELECT pg_advisory_lock(hashtextextended($1, 0))
//!         Box::pin(async move { Ok(held.await) })
//!     }
//! }
//!
//! fn process(database: &InTheDatabase, document: &Arc<Mutex<u64>>) -> Router {
//!     let (asked, written) = (document.clone(), document.clone());
//!     let write = || async move {
//!         let version = *written.lock().unwrap();
//!         tokio::task::yield_now().await; // the other process would slip in here
//!         *written.lock().unwrap() = version + 1;
//!     };
//!     let source = ready_fn(move |_| EntityTag::from_version(*asked.lock().unwrap()));
//!     let layer = ConditionalLayer::new(source)
//!         .require(Requirement::WRITES)
//!         .lock(WriteLock::held_by(database.clone()));
//!     Router::new().route("/document", put(write).route_layer(layer))
//! }
//!
//! let (database, document) = (InTheDatabase::default(), Arc::new(Mutex::new(7)));
//! let send = || {
//!     let request = Request::put("/document").header("if-match", "\"7\"");
//!     process(&database, &document).oneshot(request.body(Body::empty()).unwrap())
//! };
//! let (first, second) = tokio::join!(send(), send());
//! assert_eq!(first.unwrap().status(), 200);
//! assert_eq!(second.unwrap().status(), 412);
//! assert_eq!(*document.lock().unwrap(), 8);
//! # });
//! ```
//!
//! [`PgAdvisoryLock`](https://github.com/tower-conditional/tower-conditional/blob/main/examples/notes/src/pg_lock.rs)
//! of `examples/notes` is the real one. Its handlers write through the connection that holds the lock,
//! which `Lock::share` gives them. Three processes share it in its
//! [tests](https://github.com/tower-conditional/tower-conditional/blob/main/examples/notes/tests/shared/locked.rs),
//! one of them is killed there, and the server is restarted.
//!
//! A lock elsewhere can be lost while a handler runs: the connection breaks, a lease ends. Then another
//! process gets it, and the handler must not write any more. If the data is where the lock is, let the
//! handler write through the connection that holds the lock, and a lost lock is a failed write. If it is
//! not, use a conditional write as well.
//!
//! # Modification dates are weak guards
//!
//! An HTTP-date has whole seconds, so two versions of the same second have the same date (RFC 9110
//! section 8.8.2.2). A client that read the first of them passes `If-Unmodified-Since` and
//! overwrites the second. A repeated check by date has the same weakness.
//!
//! `If-Unmodified-Since` nevertheless satisfies a [`Requirement`](crate::Requirement), because a
//! client that knows no entity tag has nothing better. Give every representation an entity tag.
//!
//! # What remains
//!
//! - **The response to a write can get lost.** A client that repeats the request then gets a 412
//!   for its own change. RFC 9110 section 13.1.1 allows a server to answer with a success if the
//!   change has already been made; this layer does not. The client has to read the resource again.
//! - **A POST without a precondition is performed.**
//!   [`Requirement::WRITES`](crate::Requirement::WRITES) covers PUT, PATCH and DELETE, because a
//!   POST often creates another resource. [`Requirement::UNSAFE`](crate::Requirement::UNSAFE) covers
//!   it.
//! - **A PUT without a precondition can create a resource**, even if a precondition is required:
//!   nothing can be lost yet. [`Outcome::expected`](crate::Outcome::expected) then returns
//!   `Absent`, so an `INSERT` that fails on a conflict protects a concurrent creation.
//!   [`Rules::strict_creation`](crate::Rules::strict_creation) demands `If-None-Match: *` of such a
//!   request.
//! - **The source and the handler must mean the same resource**, see
//!   [`getting_started`](super::getting_started#a-source-that-waits).
