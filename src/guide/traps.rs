//! What goes wrong in axum without an error, and the code that is right.
//!
//! Each of these has a test in `tests/axum`, on `Router::layer` and `route_layer`, nested and merged,
//! over HTTP/1.1 and HTTP/2.
//!
//! # Methods and routes that are added after the layer
//!
//! A `route_layer` or `layer` wraps what is there already. The rest is not guarded:
//!
//! ```text
//! get(read).route_layer(layer).put(write)                   // PUT is not guarded
//! Router::new().route("/a", …).route_layer(layer).route("/b", …) // /b is not guarded
//! get(read).put(write).route_layer(layer)                   // right
//! ```
//!
//! `MethodRouter::route_layer` wraps methods, but not the fallback for all others, which `any` is too.
//! `MethodRouter::layer` and `Router::route_layer` wrap both:
//!
//! ```text
//! get(read).fallback(write).route_layer(layer)              // PUT is not guarded
//! any(write).get(read).route_layer(layer)                   // PUT is not guarded
//! any(write).get(read).layer(layer)                         // right
//! ```
//!
//! Take `Precondition` (feature `axum`) in each handler that writes. Where no layer has evaluated
//! the preconditions of a request, it answers 500 with a text that says what to add, and the handler
//! does not run:
//!
//! ```
//! # #[cfg(feature = "axum")]
//! # tokio_test::block_on(async {
//! use axum::{body::Body, routing::get, Router};
//! use http::Request;
//! use tower::ServiceExt;
//! use tower_conditional::{axum::Precondition, ready_fn, ConditionalLayer, EntityTag};
//!
//! async fn read() {}
//! async fn write(_: Precondition) {}
//!
//! let layer = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(7)));
//! let wrong: Router = Router::new().route("/", get(read).route_layer(layer.clone()).put(write));
//! let right: Router = Router::new().route("/", get(read).put(write).route_layer(layer));
//!
//! for (app, status) in [(wrong, 500), (right, 412)] {
//!     let stale = Request::put("/").header("if-match", "\"6\"").body(Body::empty()).unwrap();
//!     assert_eq!(app.oneshot(stale).await.unwrap().status(), status);
//! }
//! # });
//! ```
//!
//! # Sources that look at the path
//!
//! `nest` removes a prefix from `uri.path()`, and `Path` decodes `/%31` to `1`. A source that looks
//! at the path then finds no resource, and nothing guards the write. A source of `axum::from_fn` or
//! `axum::from_fn_with_state` (feature `axum`) uses the extractors of the handler and sees what the
//! handler sees:
//!
//! ```
//! # #[cfg(feature = "axum")]
//! # tokio_test::block_on(async {
//! use axum::{body::Body, extract::Path, routing::get, Router};
//! use http::Request;
//! use tower::ServiceExt;
//! use tower_conditional::{axum::from_fn, ConditionalLayer, EntityTag};
//!
//! async fn version(Path(id): Path<i64>) -> Option<EntityTag> {
//!     (id == 1).then(|| EntityTag::from_version(7))
//! }
//!
//! let layer = ConditionalLayer::new(from_fn(version));
//! let notes = Router::new().route("/{id}", get(|| async {}).put(|| async {}).route_layer(layer));
//! let app: Router = Router::new().nest("/notes", notes);
//!
//! for (path, status) in [("/notes/1", 412), ("/notes/%31", 412), ("/notes/one", 400), ("/1", 404)] {
//!     let stale = Request::put(path).header("if-match", "\"6\"").body(Body::empty()).unwrap();
//!     assert_eq!(app.clone().oneshot(stale).await.unwrap().status(), status);
//! }
//! # });
//! ```
//!
//! - Layers that change the target or the method, such as tower-http's `NormalizePathLayer`, go
//!   outside of this layer, around the router. This layer evaluates and requires by the method that
//!   it sees.
//! - Around a whole `Router` nothing is matched yet. `Path` then rejects each guarded write with a
//!   500. Use `Router::layer` in place of `layer.layer(router)`.
//! - A fallback has no route, so the layer leaves it alone. To the layer, a service in
//!   `fallback_service` is a fallback too, even if it is a router with routes, and so is one in
//!   `nest_service` if a `Router::layer` is around it. Add the layer to the routes of that router, or
//!   set `FromFn::in_fallback`.
//! - With the feature `tracing` there is one warning if a read succeeds where the source finds
//!   nothing, or if the handler sets another entity tag than the source reports. It names both.
//!
//! # 404 and 405
//!
//! | the layer is on | 404 of the router | 405 |
//! |---|---|---|
//! | `MethodRouter::route_layer` | stays | stays |
//! | `MethodRouter::layer`, `Router::route_layer` | stays | can become a 412 or a 428 |
//! | `Router::layer` | stays with `axum::from_fn`; with other sources, return [`Selected::LeftToHandler`](crate::Selected::LeftToHandler) for a path that is not routed | can become a 412 or a 428 |
//!
//! A layer cannot see that no handler has the method. Use `MethodRouter::route_layer` if the 405
//! matters. Nor can it distinguish the own fallback of a nested router from a service in
//! `nest_service`. With `axum::from_fn` and a `Router::layer` inside of that router, `Path` rejects a
//! guarded write there with a 500 in place of its 404. A layer outside of `nest` leaves the 404.
//!
//! # `ByHead` on a route
//!
//! [`ByHead`](crate::ByHead) sends a HEAD to the wrapped service. On a route that is the handler of
//! one method, so the HEAD for a PUT would be the write itself. This does not compile: see
//! [`ByHead`](crate::ByHead#in-axum) for the error, and for the code that is right. If it is made to
//! compile, with a `&'static` reference to the layer or with `layer_fn` around it, it panics while the
//! router is built.
//!
//! # `FromResponse` around writes
//!
//! [`FromResponse`](crate::FromResponse) knows a tag only after the handler ran. A write that depends
//! on one is answered 501, for good. Use
//! [`FromResponse::for_reads`](crate::FromResponse::for_reads) to ask another source about writes:
//!
//! ```
//! use axum::{routing::get, Router};
//! use tower_conditional::{ready_fn, ConditionalLayer, EntityTag, FromResponse};
//! # use tower::Layer;
//!
//! let writes = ready_fn(|_| EntityTag::from_version(7));
//! let layer = ConditionalLayer::new(FromResponse::for_reads(writes));
//! let service = layer.layer(get(|| async {}).put(|| async {}));
//! let app: Router = Router::new().route_service("/", service);
//! ```
//!
//! # Writes with the tag of another representation
//!
//! If JSON and HTML have different tags, a client that has read the HTML cannot write with its tag.
//! Split tags solve this, see
//! [`representations`](super::representations#one-write-any-tag). For gzip, put
//! [`CodingSuffixLayer`](crate::coding::CodingSuffixLayer) around the compression.
//!
//! # Timeouts
//!
//! A timeout inside of the layer does not include the source, so a source that hangs holds its
//! request. Put the timeout outside of the layer, or around the look-up, with
//! [`ServiceSource`](crate::source::ServiceSource):
//!
//! ```
//! use std::{convert::Infallible, future::pending, time::Duration};
//! use axum::{body::Body, routing::put, Router};
//! use http::Request;
//! use tower::{service_fn, ServiceBuilder, ServiceExt};
//! use tower_conditional::{source::ServiceSource, ConditionalLayer, EntityTag};
//! # use tower::Layer;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
//! #     .block_on(async {
//! let versions = ServiceBuilder::new()
//!     .timeout(Duration::from_millis(200))
//!     .service(service_fn(|_: Request<()>| pending::<Result<EntityTag, Infallible>>()));
//! let layer = ConditionalLayer::new(ServiceSource::new(versions));
//! let app: Router = Router::new().route_service("/", layer.layer(put(|| async {})));
//!
//! let guarded = Request::put("/").header("if-match", "\"7\"").body(Body::empty()).unwrap();
//! assert_eq!(app.oneshot(guarded).await.unwrap().status(), 503);
//! # });
//! ```
//!
//! # Tests that apply the layers again
//!
//! A `Router` applies its layers to handlers when it gets its state. A router without state gets it
//! for each request of a test, see [`testing`](super::testing#what-a-served-application-costs).
//!
//! # The Content-Length of a 304
//!
//! Routers and servers add `Content-Length: 0` to a response that is known to be empty. On a 304 that
//! is wrong, so the size of this layer's 304 is not known, and it has no such field. There is one
//! exception: the 304 to a client that accepts compressed content, as browsers do, has
//! `Content-Length: 0` in a response to HEAD, and over HTTP/2. See
//! [`layer_order`](super::layer_order#a-304-has-no-content-length) for the reason.
