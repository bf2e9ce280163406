//! Can I make a lost update a compile error?
//!
//! In part. The store is yours, so this is a pattern and not a type of this crate: give its write no
//! way around a *permit*, and let only an extractor make permits. A permit carries what is expected,
//! and names the resource that it is for. It is taken by value, so one is good for one write.
//!
//! ```
//! # #[cfg(feature = "axum")]
//! # tokio_test::block_on(async {
//! mod store {
//!     use std::{collections::HashMap, sync::{Arc, Mutex}};
//!     use axum::extract::{FromRequestParts, Path};
//!     use tower_conditional::{axum::{Precondition, PreconditionRejection}, EntityTag};
//!
//!     /// Its fields are private, so it comes from a request.
//!     #[derive(FromRequestParts)]
//!     pub struct Permit {
//!         id: Path<u64>,
//!         precondition: Precondition,
//!     }
//!
//!     /// A back end. There is no other way to write.
//!     pub trait Notes {
//!         fn replace(&self, permit: Permit, text: String) -> Result<u64, PreconditionRejection>;
//!     }
//!
//!     #[derive(Clone, Default)]
//!     pub struct InMemory(Arc<Mutex<HashMap<u64, (u64, String)>>>);
//!
//!     impl Notes for InMemory {
//!         fn replace(&self, permit: Permit, text: String) -> Result<u64, PreconditionRejection> {
//!             let mut notes = self.0.lock().unwrap();
//!             let Path(id) = permit.id;
//!             let version = notes.get(&id).map(|note| note.0);
//!             permit.precondition.recheck(version.map(EntityTag::from_version))?;
//!             let next = version.unwrap_or(0) + 1;
//!             notes.insert(id, (next, text));
//!             Ok(next)
//!         }
//!     }
//! }
//!
//! use axum::{body::Body, extract::State, routing::put, Router};
//! use http::Request;
//! use store::{InMemory, Notes, Permit};
//! use tower::ServiceExt;
//! use tower_conditional::{
//!     axum::PreconditionRejection, ready_fn, ConditionalLayer, Selected,
//! };
//!
//! async fn replace(
//!     State(notes): State<InMemory>,
//!     permit: Permit,
//!     text: String,
//! ) -> Result<String, PreconditionRejection> {
//!     Ok(notes.replace(permit, text)?.to_string())
//! }
//!
//! let layer = ConditionalLayer::new(ready_fn(|_| Selected::Missing));
//! let app: Router = Router::new()
//!     .route("/notes/{id}", put(replace).route_layer(layer))
//!     .with_state(InMemory::default());
//! let create = || Request::put("/notes/0").header("if-none-match", "*").body(Body::empty()).unwrap();
//! assert_eq!(app.clone().oneshot(create()).await.unwrap().status(), 200);
//! // The source still says that there is none: the store knows better.
//! assert_eq!(app.oneshot(create()).await.unwrap().status(), 412);
//! # });
//! ```
//!
//! These are the shapes in which public services lose updates. All of them begin with what compiles:
//!
//! ```
//! # pub struct Permit(());
//! # impl Permit { pub fn is_fine(&self) {} }
//! # pub trait Notes { fn replace(&self, permit: Permit, text: String); }
//! struct Replica;
//! impl Notes for Replica {
//!     fn replace(&self, permit: Permit, text: String) {}
//! }
//!
//! fn handler(notes: &impl Notes, permit: Permit, text: String) {
//!     permit.is_fine();
//!     if text.is_empty() {
//!         notes.replace(permit, "empty".to_owned());
//!     } else {
//!         notes.replace(permit, text);
//!     }
//! }
//! ```
//!
//! Check, then write without the tag:
//!
//! ```compile_fail,E0061
//! # pub struct Permit(());
//! # impl Permit { pub fn is_fine(&self) {} }
//! # pub trait Notes { fn replace(&self, permit: Permit, text: String); }
//! fn handler(notes: &impl Notes, permit: Permit, text: String) {
//!     permit.is_fine();
//!     notes.replace(text); // error: an argument of type `Permit` is missing
//! }
//! ```
//!
//! The tag dropped on one of two back ends:
//!
//! ```compile_fail,E0050
//! # pub struct Permit(());
//! # impl Permit { pub fn is_fine(&self) {} }
//! # pub trait Notes { fn replace(&self, permit: Permit, text: String); }
//! struct Replica;
//! impl Notes for Replica {
//!     fn replace(&self, text: String) {} // error: 2 parameters, but the trait has 3
//! }
//! ```
//!
//! The condition read, but used on one of two paths only:
//!
//! ```compile_fail,E0061
//! # pub struct Permit(());
//! # impl Permit { pub fn is_fine(&self) {} }
//! # pub trait Notes { fn replace(&self, permit: Permit, text: String); }
//! fn handler(notes: &impl Notes, permit: Permit, text: String) {
//!     permit.is_fine();
//!     if text.is_empty() {
//!         notes.replace(permit, "empty".to_owned());
//!     } else {
//!         notes.replace(text); // error: an argument of type `Permit` is missing
//!     }
//! }
//! ```
//!
//! The same, with one permit for two writes, of which the second would undo the first unseen:
//!
//! ```compile_fail,E0382
//! # pub struct Permit(());
//! # impl Permit { pub fn is_fine(&self) {} }
//! # pub trait Notes { fn replace(&self, permit: Permit, text: String); }
//! fn handler(notes: &impl Notes, permit: Permit, text: String) {
//!     if text.is_empty() {
//!         notes.replace(permit, "empty".to_owned());
//!     }
//!     notes.replace(permit, text); // error: use of moved value: `permit`
//! }
//! ```
//!
//! A permit that no request has made:
//!
//! ```compile_fail,E0423
//! # mod store { pub struct Permit(()); }
//! # use store::Permit;
//! # pub trait Notes { fn replace(&self, permit: Permit, text: String); }
//! fn job(notes: &impl Notes, text: String) {
//!     notes.replace(Permit(()), text); // error: the field is private
//! }
//! ```
//!
//! # What it cannot do
//!
//! No type sees that the statement inside of `replace` uses the permit. `UPDATE … WHERE id = ?` still
//! compiles there. A general `Guarded<S>` in this crate could not see it either, and it would need a
//! trait for the keys, contents, tags and errors of all stores, where the pattern needs two fields. So
//! there is none. Test the one place that is left, as `examples/notes` does, or use a
//! [lock](super::lost_updates#the-lock), under which there is nothing to forget.
