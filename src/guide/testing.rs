//! Testing your service.
//!
//! A service with the layer is still a Tower service. Call it in process with
//! [`ServiceExt::oneshot`](https://docs.rs/tower/0.5/tower/trait.ServiceExt.html): no port, no
//! client, and no waiting.
//!
//! # What to test
//!
//! For each resource that clients can write:
//!
//! 1. GET returns an `ETag`, and GET with that tag in `If-None-Match` returns 304 without content.
//! 2. PUT with that tag in `If-Match` succeeds, and the tag is a different one afterwards.
//! 3. The same PUT again returns 412, **and the resource is unchanged**.
//! 4. PUT without a precondition returns 428, if you require one, and the resource is unchanged.
//! 5. PUT with `If-None-Match: *` creates a resource once. The second time it returns 412.
//! 6. PUT with `If-Match` to a resource that does not exist returns 412 and creates nothing.
//! 7. If another writer comes between the check and the write, the response is a 412 and the other
//!    writer's value is still there.
//! 8. If the source fails, a guarded write returns 503, and a read still works.
//!
//! Points 3, 4, 6 and 7 are about the state and not only about the status. A service that writes
//! first and then answers 412 passes a test that looks at the status alone. So read the resource
//! after each refusal.
//!
//! Send the requests to the complete application, with its router and its layers. A source that
//! does not find the resource that the handler writes, for example under `nest`, shows only there.
//!
//! # An example
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use axum::{body::{to_bytes, Body}, extract::State, routing::get, Extension, Router};
//! use axum::response::{IntoResponse, Response};
//! use http::{header::ETAG, request::Parts, Request, StatusCode};
//! use tower::ServiceExt;
//! use tower_conditional::{
//!     ready_fn, ConditionalLayer, EntityTag, Outcome, RefusalBody, Requirement,
//! };
//!
//! // The application.
//! type Note = Arc<Mutex<(u64, String)>>;
//!
//! async fn read(State(note): State<Note>) -> String {
//!     let note = note.lock().unwrap();
//!     note.1.clone()
//! }
//!
//! async fn write(
//!     State(note): State<Note>,
//!     Extension(outcome): Extension<Outcome>,
//!     head: Parts,
//!     text: String,
//! ) -> Result<impl IntoResponse, Response<RefusalBody>> {
//!     let mut note = note.lock().unwrap();
//!     outcome.recheck(&head, EntityTag::from_version(note.0))?;
//!     *note = (note.0 + 1, text);
//!     Ok((StatusCode::NO_CONTENT, [(ETAG, EntityTag::from_version(note.0))]))
//! }
//!
//! fn app(note: Note) -> Router {
//!     let current = note.clone();
//!     let source = ready_fn(move |_| EntityTag::from_version(current.lock().unwrap().0));
//!     let layer = ConditionalLayer::new(source).require(Requirement::WRITES);
//!     Router::new()
//!         .route("/note", get(read).put(write).route_layer(layer))
//!         .with_state(note)
//! }
//!
//! // The helpers of the test.
//! async fn send(app: &Router, request: http::request::Builder, text: &str) -> Response {
//!     let request = request.body(Body::from(text.to_owned())).unwrap();
//!     app.clone().oneshot(request).await.unwrap()
//! }
//!
//! async fn text(app: &Router) -> String {
//!     let response = send(app, Request::get("/note"), "").await;
//!     let bytes = to_bytes(response.into_body(), 1024).await.unwrap();
//!     String::from_utf8(bytes.to_vec()).unwrap()
//! }
//!
//! # tokio_test::block_on(async {
//! let app = app(Arc::new(Mutex::new((1, "first".to_owned()))));
//!
//! // 1. Reads.
//! let response = send(&app, Request::get("/note"), "").await;
//! let tag = response.headers()[ETAG].clone();
//! let response = send(&app, Request::get("/note").header("if-none-match", &tag), "").await;
//! assert_eq!(response.status(), 304);
//! assert_eq!(response.headers()[ETAG], tag);
//!
//! // 2. A write with the current tag.
//! let put = || Request::put("/note").header("if-match", &tag);
//! let response = send(&app, put(), "second").await;
//! assert_eq!(response.status(), 204);
//! assert_ne!(response.headers()[ETAG], tag);
//! assert_eq!(text(&app).await, "second");
//!
//! // 3. and 4. Refusals, each with the state afterwards.
//! for (request, status) in [(put(), 412), (Request::put("/note"), 428)] {
//!     let response = send(&app, request, "third").await;
//!     assert_eq!(response.status(), status);
//!     assert_eq!(text(&app).await, "second");
//! }
//! # });
//! ```
//!
//! # What a served application costs
//!
//! A `Router` applies its layers to handlers when it gets its state. `axum::serve` does so once. A
//! router whose state is `()` does it again for each `oneshot`: a layer with state of its own, such
//! as a cache around [`ByHead`](crate::ByHead), then starts empty each time. Give the router its
//! state first:
//!
//! ```
//! use std::sync::{Arc, atomic::{AtomicUsize, Ordering::Relaxed}};
//! use axum::{body::Body, routing::get, Router};
//! use http::Request;
//! use tower::{layer::layer_fn, ServiceExt};
//!
//! # tokio_test::block_on(async {
//! let applied = Arc::new(AtomicUsize::new(0));
//! let count = applied.clone();
//! let layer = layer_fn(move |service| {
//!     count.fetch_add(1, Relaxed);
//!     service
//! });
//! let app: Router = Router::new().route("/", get(|| async {})).layer(layer).with_state(());
//!
//! let before = applied.load(Relaxed);
//! for _ in 0..3 {
//!     app.clone().oneshot(Request::new(Body::empty())).await.unwrap();
//! }
//! assert_eq!(applied.load(Relaxed), before);
//! # });
//! ```
//!
//! # The race
//!
//! To test point 7 without threads, give the layer a source that is out of date. Then each request
//! passes the layer's check, and the handler has to notice the other writer. The example in
//! [`lost_updates`](super::lost_updates#a-conditional-write) does this.
//!
//! A test with many concurrent clients is a good complement: each one reads a counter, increments
//! it with `If-Match`, and repeats after a 412. At the end the counter is the number of successes.
//! Run it once without the repeated check, to see that it can fail.
//!
//! # What was decided
//!
//! With [`record_decision`](crate::ConditionalLayer::record_decision) the
//! [`Decision`](crate::Decision) is in the extensions of the response. It names the field that
//! decided, which a status alone does not:
//!
//! ```
//! use std::convert::Infallible;
//! use http::{Request, Response};
//! use tower::{service_fn, Layer, ServiceExt};
//! use tower_conditional::{ready_fn, ConditionalLayer, Decision, EntityTag, Field};
//!
//! # tokio_test::block_on(async {
//! let handler = service_fn(|_: Request<String>| async {
//!     Ok::<_, Infallible>(Response::new("never sent".to_owned()))
//! });
//! let service = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(7)))
//!     .record_decision(true)
//!     .layer(handler);
//!
//! let request = Request::put("/").header("if-none-match", "*").body(String::new()).unwrap();
//! let response = service.oneshot(request).await.unwrap();
//! let decision = response.extensions().get::<Decision>();
//! assert_eq!(decision, Some(&Decision::PreconditionFailed(Field::IfNoneMatch)));
//! # });
//! ```
//!
//! # Over HTTP
//!
//! In-process tests do not show what a server does to a 304, or what a client does when its upload
//! is refused. For these, start the service on port 0 and use a real client. The test bed,
//! `cargo run -p example-testbed` in this crate's repository, serves the layer itself over HTTP/1.1
//! and HTTP/2, so that a conformance suite in any language can drive it.
