//! What else exists, and how it differs.
//!
//! This page states facts about the versions that are named, as they were read or run in 2026.
//! References are to files and lines of these versions, or to issues. Other projects change: please
//! report what is no longer true.
//!
//! # Before or after the handler
//!
//! Most middlewares run the handler, look at the `ETag` of its response, and turn the response into
//! a 304 if the client has that tag. This is correct for reads: it saves the transfer, though not
//! the work. It cannot guard writes, because the write has happened when the response exists. Such
//! a middleware either ignores `If-Match` or answers 412 after the write. trillium's documentation
//! says so, and leaves 412 to the application (`src/etag.rs:15-20`).
//!
//! The example sends a PUT with an old tag through a middleware of that kind, and through this
//! crate:
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use axum::{body::Body, extract::State, middleware::{from_fn, Next}, routing::put, Router};
//! use axum::response::{IntoResponse, Response};
//! use http::{header::{ETAG, IF_MATCH}, Request, StatusCode};
//! use tower::ServiceExt;
//! use tower_conditional::{ready_fn, ConditionalLayer, EntityTag};
//!
//! type Text = Arc<Mutex<String>>;
//!
//! async fn write(State(text): State<Text>, new: String) -> impl IntoResponse {
//!     *text.lock().unwrap() = new;
//!     [(ETAG, "\"8\"")]
//! }
//!
//! /// Compares the tag of the response.
//! async fn compare_afterwards(request: Request<Body>, next: Next) -> Response {
//!     let sent = request.headers().get(IF_MATCH).cloned();
//!     let response = next.run(request).await;
//!     if sent.is_some() && sent.as_ref() != response.headers().get(ETAG) {
//!         return StatusCode::PRECONDITION_FAILED.into_response();
//!     }
//!     response
//! }
//!
//! async fn put_with_an_old_tag(app: Router) -> StatusCode {
//!     let request = Request::put("/text").header(IF_MATCH, "\"6\"");
//!     app.oneshot(request.body(Body::from("new")).unwrap()).await.unwrap().status()
//! }
//!
//! # tokio_test::block_on(async {
//! let text = Text::default();
//! let app: Router = Router::new()
//!     .route("/text", put(write).layer(from_fn(compare_afterwards)))
//!     .with_state(text.clone());
//! assert_eq!(put_with_an_old_tag(app).await, 412);
//! assert_eq!(*text.lock().unwrap(), "new"); // refused, and written
//!
//! let text = Text::default();
//! let layer = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(7)));
//! let app: Router = Router::new()
//!     .route("/text", put(write).route_layer(layer))
//!     .with_state(text.clone());
//! assert_eq!(put_with_an_old_tag(app).await, 412);
//! assert_eq!(*text.lock().unwrap(), ""); // refused, and not written
//! # });
//! ```
//!
//! # Middlewares
//!
//! | project | fields | order of 13.2.2 | evaluates | 412 | response body |
//! |---|---|---|---|---|---|
//! | **this crate** | all five | yes | before | before the write | not read, unless you add `EtagLayer` |
//! | loco-rs 1.2 `etag` | If-None-Match | | after, any method and status | no | not read |
//! | rustango 0.62 `etag` | If-None-Match | | after, GET and HEAD | no | hashed up to 4 MiB |
//! | reinhardt 0.2.3 `ConditionalGet` | all but If-Range | no: If-None-Match first | after, GET and HEAD | reads only | hashed |
//! | reinhardt 0.2.3 `ETag` | If-Match, If-None-Match | no | after | after the write | hashed |
//! | etag-actix-middleware 0.2.5 | If-Match, If-None-Match | yes | after | after the write | buffered, streams too |
//! | trillium-caching-headers | If-None-Match, If-Modified-Since | yes | after, GET and HEAD | no, documented | hashed if it is in memory |
//! | tower-etag-cache 0.1 | If-None-Match | | before on a cache hit, else after | no | buffered on a miss |
//! | axum-conditional-requests 0.1.2 | If-Modified-Since | | in the handler | no | |
//! | http-conditional-requests (TypeScript) | all but If-Range | yes | before | before the write | not read |
//!
//! None of the others answers 428, and none passes the evaluated validators to the handler, so that
//! it can repeat the check where it writes.
//!
//! http-conditional-requests is the closest relative: it evaluates before the handler, asks an
//! asynchronous source, and asks it only if a request is conditional (`mod.ts:81`). rustango and
//! trillium show how to hash with care: rustango only up to a size that the body states, trillium
//! only bodies that are in memory. If you need 304 for reads and nothing else, they are simpler to
//! add than this crate.
//!
//! # File servers
//!
//! These evaluate before they read the file. They serve files only, so there is no write to guard.
//!
//! | project | If-Range | repeated field lines | fields of a 304 |
//! |---|---|---|---|
//! | tower-http 0.7 `ServeDir` | no | first line only | ETag, Last-Modified; not Vary |
//! | actix-files 0.7.3 | yes | yes | ETag, Last-Modified, some content fields |
//! | ntex-files 4.0 | no | first line only | like actix-files |
//! | salvo 1.1 | yes | yes | keeps some content fields |
//! | poem 3.1 `static_file` | no | joined | none |
//! | warp 0.4 `fs` | partly | does not apply: dates only | none |
//! | memory-serve 2.4 | no | first line only | ETag, Cache-Control, Vary, Content-Type |
//!
//! salvo has the most complete evaluation of these. You can put this layer around `ServeDir`, with
//! [`ByHead`](crate::ByHead) as the source. The layer then does what `ServeDir` leaves out: it
//! reads all lines of `If-None-Match`, evaluates `If-Range`, and repeats `Vary` in a 304.
//!
//! The example `judge` asks any server some 150 questions about preconditions, and whether it loses
//! updates. [Its README][judge] has a table of what nginx, Apache httpd, lighttpd, Caddy, the file
//! servers of Go and Python, actix-files, `ServeDir` and an S3 server do.
//!
//! [judge]: https://github.com/tower-conditional/tower-conditional/blob/main/examples/judge/README.md
//!
//! # Some bugs, and their tests
//!
//! Bugs that others have found, or that were found in others, are tests of this crate. Among them:
//!
//! | project | what happens | reference |
//! |---|---|---|
//! | tower-http `ServeDir` | an old `If-Range` gets a part of the new file | `open_file.rs:155,201` |
//! | tower-http `ServeDir` | an empty `If-Match` counts as absent | `headers.rs:81-83` |
//! | tower-http `ServeDir` | a modification time before 1970 panics | `headers.rs:148-152` |
//! | tower-http `CompressionLayer` | the compressed content keeps the strong tag | no `etag` in `src/compression` |
//! | etag-actix-middleware | `If-None-Match: *` on a PUT creates the resource, then answers 412 | `lib.rs:152-160` |
//! | loco-rs | a PUT or a 500 with a matching tag becomes a 304 | `etag.rs:87-110` |
//! | reinhardt | an old date overrules a false `If-None-Match` | `conditional.rs:234` |
//! | actix-files | an `If-Match` with a non-ASCII byte counts as absent | `named.rs:489-492,621-622` |
//! | warp | `If-Unmodified-Since` fails if there is no modification date | `fs.rs:154-156` |
//! | `headers` 0.4.2 | a space in a tag panics in debug builds | `util/entity.rs:217` |
//! | `headers` 0.4.2 | a later date in `If-Range` passes | `if_range.rs:67` |
//! | tower-etag-cache | a hit is never invalidated, so its 304 stays | `const_lru_provider/mod.rs:125-161` |
//!
//! The lines of tower-http are those of its main branch after 0.7.0. The tests are in
//! `tests/peers`, one module for each project.
//!
//! # Types instead of a middleware
//!
//! The [`headers`](https://docs.rs/headers/0.4) crate has typed fields, with which a handler can
//! evaluate preconditions on its own. That gives full control and puts the check next to the write.
//! The handler then has to get the order of RFC 9110 section 13.2.2 right, and the comparison:
//! `ETag` has no public way to see whether it is weak (hyperium/headers#194).
//!
//! [`Preconditions`](crate::Preconditions) is the equivalent in this crate: the complete order as
//! one function, which works without the layer.
//!
//! # What people ask for
//!
//! | request | where | here |
//! |---|---|---|
//! | a layer for entity tags, without buffering | tower-rs/tower-http#324, tower-rs/tower#692 | the source supplies the tag |
//! | a filter on the response cannot stop a PUT | spring-projects/spring-framework#30517 | evaluation comes first |
//! | an ignored `If-Match` loses updates | HarperFast/harper#1435 | 503 if the state is unknown |
//! | the race between check and write | yetanalytics/lrsql#504, lennart-k/rustical#250 | [`Outcome`](crate::Outcome) |
//! | 428, with an explanation | pyeve/eve#775, IBM/mcp-context-forge#5054 | [`ConditionalLayer::require`](crate::ConditionalLayer::require) |
//! | `-gzip` suffixes break 304 and `If-Match` | rails/rails#19056, symfony/symfony#25475 | [`Rules::coding_suffixes`](crate::Rules::coding_suffixes) |
//! | the middleware replaces the application's tag | gofiber/fiber#1284, honojs/hono#1195 | the handler's own tag is kept |
//!
//! # What this crate lacks
//!
//! - It needs a source. A middleware that hashes responses needs no knowledge of your data.
//!   [`FromResponse`](crate::FromResponse) with `EtagLayer` does the same here, for reads only.
//! - It asks the source in addition to the handler's own query, unless the handler uses what the
//!   source has read ([`Representation::with_extension`](crate::Representation::with_extension)).
//! - It does not evaluate the `If` field of WebDAV, and it does not cache responses.
