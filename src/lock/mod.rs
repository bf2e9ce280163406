//! One write after another: a handler that just writes loses no update.
//!
//! The layer evaluates preconditions before the handler runs. Another writer can come in between,
//! and a handler has to close that gap where it writes, see [`Outcome`](crate::Outcome). With a lock
//! there is no gap, and the handler need not know of preconditions at all:
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use axum::{body::Body, extract::State, routing::get, Router};
//! use http::Request;
//! use tower::ServiceExt;
//! use tower_conditional::{lock::WriteLock, ConditionalLayer, EntityTag, Requirement};
//! use tower_conditional::axum::from_fn_with_state;
//!
//! type Document = Arc<Mutex<(u64, String)>>;
//!
//! async fn tag(State(document): State<Document>) -> EntityTag {
//!     EntityTag::from_version(document.lock().unwrap().0)
//! }
//!
//! async fn read(State(document): State<Document>) -> String {
//!     document.lock().unwrap().1.clone()
//! }
//!
//! async fn write(State(document): State<Document>, text: String) {
//!     let mut document = document.lock().unwrap();
//!     *document = (document.0 + 1, text);
//! }
//!
//! # tokio_test::block_on(async {
//! let document = Document::new(Mutex::new((7, "text".to_owned())));
//! let layer = ConditionalLayer::new(from_fn_with_state(document.clone(), tag))
//!     .require(Requirement::WRITES)
//!     .lock(WriteLock::new());
//! let app: Router = Router::new()
//!     .route("/document", get(read).put(write).route_layer(layer))
//!     .with_state(document);
//!
//! let put = || Request::put("/document").header("if-match", "\"7\"").body(Body::from("new")).unwrap();
//! let written = app.clone().oneshot(put()).await.unwrap();
//! assert_eq!(written.status(), 200);
//! assert_eq!(written.headers()["etag"], "\"8\""); // the layer has asked again
//! assert_eq!(app.oneshot(put()).await.unwrap().status(), 412);
//! # });
//! ```
//!
//! # Rules
//!
//! 1. A request with an unsafe method, conditional or not, locks its key before the source is asked.
//!    GET, HEAD, OPTIONS, TRACE, QUERY and CONNECT never wait, and are never waited for.
//! 2. The key is the path, under all names of it: see [`WriteLock::new`]. A closure can return
//!    another one: see [`WriteLock::key`].
//! 3. Waiting is [fair](KeyedLock). A [time limit](WriteLock::timeout) answers 503 with
//!    `Retry-After`; so does a lock that fails. The decision is
//!    [`Decision::Busy`](crate::Decision::Busy), or
//!    [`Undecidable`](crate::Decision::Undecidable) with the lock's error as that of the source.
//! 4. The layer asks the source, decides, and calls the handler, as without a lock.
//! 5. If the handler answers a PUT or PATCH with 2xx and no `ETag`, the layer asks the source again,
//!    and puts the new validators on the response. Without the lock they could be those of another
//!    writer. It does not for 202, because the write is not done, nor for 201 to a PATCH; nor with
//!    [`set_validators(false)`](WriteLock::set_validators), which is for a PUT that does not store
//!    what it received.
//! 6. The key is released when the response is there, before its body is sent; on an error or a
//!    panic; and when the future is dropped, because the client has gone away or a timeout outside
//!    was faster. The handler's future is dropped first.
//!
//! # Caveats
//!
//! - **It protects what goes through it.** Another process, or a job in this one, that writes to the
//!   same data must lock the same key. For several processes hold the lock elsewhere: see [`Lock`].
//! - **Work that outlives the response is not under the lock**: a spawned task, a body that is
//!   streamed.
//! - **A client that sends its content slowly keeps the key while the handler reads it.** Others
//!   wait, or get 503. Bound it with a timeout around the handler, such as tower-http's
//!   `RequestBodyTimeoutLayer`, or read the content before you come to the layer.
//! - **A handler that sends a write to its own service** for the same key waits for itself. Two
//!   nested layers with one lock do not: the inner one finds that the key is held.
//! - **A cache in front of the source** must be one that notices writes, as `Cached` (feature
//!   `cache`) does.
//! - File systems that ignore case have more names for a resource than the path shows. Use a key
//!   that ignores case, too.
//!
//! # Costs
//!
//! A read costs a few instructions more than without a lock, and never waits. A write allocates its
//! key, the state of the wait, the boxes in which a lock of any type is kept, and a copy of the head
//! for the second question. Without a lock none of this happens: nothing is boxed in the layer's
//! future. `benches/README.md` has the numbers.
//!
//! # Links
//!
//! - [Will I lose updates?](crate::guide::lost_updates): when to use a lock, and when not
//! - [RFC 9110 section 9.3.4](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.4), validators in
//!   the response to a PUT

mod elsewhere;
mod keyed;
mod setting;

/// What the table of keys is made of.
mod sync {
    pub(super) use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
}

pub(crate) use self::{
    elsewhere::Held,
    setting::{LockFuture, NotHeld},
};
pub use self::{
    elsewhere::{InfallibleFuture, Lock},
    keyed::{KeyedGuard, KeyedLock, KeyedLockFuture},
    setting::WriteLock,
};
