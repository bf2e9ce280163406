//! Where the layer goes.
//!
//! A layer that is *outside* sees the request first and the response last. In a
//! [`ServiceBuilder`](https://docs.rs/tower/0.5/tower/struct.ServiceBuilder.html) the first layer
//! is the outermost. With axum's `Router::layer`, the layer that is added last is the outermost.
//!
//! From the outside in:
//!
//! | layer | why it is there |
//! |---|---|
//! | [`DrainLayer`](crate::drain::DrainLayer) | It reads the rest of a refused upload, whoever refuses it, so that the refusal arrives. The response of every other layer passes through it. |
//! | tracing, metrics, request ids | They should see the 304 and the 412. With [`record_decision`](crate::ConditionalLayer::record_decision) the [`Decision`](crate::Decision) is in the extensions of the response. |
//! | CORS | A browser hides a 304 or a 412 from a script if its CORS fields are missing. Expose `ETag`, and allow the `If-*` fields. |
//! | authentication, authorization | A 304 or a 412 reveals that a resource exists, and whether it has changed. |
//! | timeout for the whole request | It includes the time that the source takes. If it expires, the layer's future is dropped, and whatever that waits for is dropped with it. |
//! | [`CodingSuffixLayer`](crate::coding::CodingSuffixLayer) | It gives compressed content a tag of its own, and adds the original tag on the way in. |
//! | compression | The layer has to evaluate the tag of the uncompressed content. It leaves a 304 alone, because that has no content. |
//! | **[`ConditionalLayer`](crate::ConditionalLayer)** | |
//! | `EtagLayer` (feature `digest`) | It hashes the body before compression changes it. |
//! | request body limit | It applies to the requests that are performed. A refused request is not read on this side of the layer; `DrainLayer` has a limit of its own. |
//! | timeout for the handler | It does not include the source. |
//! | handlers, `ServeDir` | |
//!
//! A concurrency limit works on either side. If it is inside, a request holds its permit while the
//! source is asked, because the layer asks for readiness first. To limit or time out the look-ups
//! themselves, use [`ServiceSource`](crate::source::ServiceSource). A timeout inside of the layer does
//! not cover a source that hangs.
//!
//! If two conditional layers are nested, each evaluates the request on its own, the outer one
//! first.
//!
//! # An axum application
//!
//! ```
//! use axum::{body::Body, middleware::{from_fn, Next}, response::Response, routing::get, Router};
//! use http::{header::{AUTHORIZATION, ETAG, IF_MATCH, IF_NONE_MATCH}, Method, Request, StatusCode};
//! use tower::{ServiceBuilder, ServiceExt};
//! use tower_conditional::{
//!     coding::CodingSuffixLayer, drain::DrainLayer, ready_fn, ConditionalLayer, EntityTag,
//!     Requirement,
//! };
//! use tower_http::{compression::CompressionLayer, cors::{Any, CorsLayer}, trace::TraceLayer};
//!
//! async fn authenticate(request: Request<Body>, next: Next) -> Result<Response, StatusCode> {
//!     if request.headers().contains_key(AUTHORIZATION) {
//!         Ok(next.run(request).await)
//!     } else {
//!         Err(StatusCode::UNAUTHORIZED)
//!     }
//! }
//!
//! # tokio_test::block_on(async {
//! let conditional = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(7)))
//!     .require(Requirement::WRITES);
//! let cors = CorsLayer::new()
//!     .allow_origin(Any)
//!     .allow_methods([Method::GET, Method::PUT])
//!     .allow_headers([AUTHORIZATION, IF_MATCH, IF_NONE_MATCH])
//!     .expose_headers([ETAG]);
//! let read = || async { "the document ".repeat(100) };
//! let write = || async { StatusCode::NO_CONTENT };
//! let app: Router = Router::new()
//!     .route("/document", get(read).put(write).route_layer(conditional))
//!     .layer(
//!         ServiceBuilder::new()
//!             .layer(TraceLayer::new_for_http())
//!             .layer(cors)
//!             .layer(from_fn(authenticate))
//!             .layer(CodingSuffixLayer::new())
//!             .layer(CompressionLayer::new()),
//!     )
//!     // Added last, so it is the outermost.
//!     .layer(DrainLayer::new());
//!
//! // Authentication comes first.
//! let put = || Request::put("/document").header("origin", "https://app.example");
//! let request = put().header("if-match", "\"6\"").body(Body::empty()).unwrap();
//! assert_eq!(app.clone().oneshot(request).await.unwrap().status(), 401);
//!
//! // The 412 has the CORS fields, so that a script can read it.
//! let put = || put().header("authorization", "Bearer secret");
//! let request = put().header("if-match", "\"6\"").body(Body::empty()).unwrap();
//! let response = app.clone().oneshot(request).await.unwrap();
//! assert_eq!(response.status(), 412);
//! assert_eq!(response.headers()["access-control-allow-origin"], "*");
//!
//! // Compressed content has its own tag, and that tag works in a write.
//! let get = Request::get("/document")
//!     .header("authorization", "Bearer secret")
//!     .header("accept-encoding", "gzip");
//! let response = app.clone().oneshot(get.body(Body::empty()).unwrap()).await.unwrap();
//! assert_eq!(response.headers()["content-encoding"], "gzip");
//! let tag = response.headers()["etag"].clone();
//! assert_eq!(tag, "\"7-gzip\"");
//! let request = put().header("if-match", tag).body(Body::empty()).unwrap();
//! assert_eq!(app.clone().oneshot(request).await.unwrap().status(), 204);
//!
//! // A method that the route does not have is still answered by axum.
//! let request = Request::delete("/document").header("authorization", "Bearer secret");
//! let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 405);
//! # });
//! ```
//!
//! # `route_layer` or `layer`
//!
//! Preconditions are evaluated only for a request that would otherwise succeed (RFC 9110
//! section 13.2.1). So a 404 for an unknown path and a 405 for an unknown method take precedence
//! over 412 and 428. In axum, this depends on how the layer is added:
//!
//! | method | unknown path | method that the route does not have |
//! |---|---|---|
//! | `MethodRouter::route_layer` | not evaluated: 404 | not evaluated: 405 |
//! | `Router::route_layer` | not evaluated: 404 | evaluated: 412 or 428 can replace the 405 |
//! | `MethodRouter::layer` | not evaluated: 404 | evaluated |
//! | `Router::layer` | evaluated: 412 or 428 can replace the 404. With a source of `axum::from_fn` (feature `axum`) not evaluated: 404 | evaluated |
//!
//! Use `MethodRouter::route_layer`, one layer for each route that has settings of its own. Add it
//! after the methods: `get(read).route_layer(layer).put(write)` leaves PUT unguarded.
//!
//! With another source, a layer around a whole router can avoid the 404 problem if its source returns
//! [`Selected::LeftToHandler`](crate::Selected::LeftToHandler) for paths that are not routed. The
//! layer then passes the request on, whatever preconditions it has.
//!
//! # `ByHead`
//!
//! [`ByHead`](crate::ByHead) sends a HEAD to the service that the layer wraps. That service has to
//! be the one that dispatches on the method. `route_layer` and `layer` wrap each handler
//! separately, so the HEAD for a PUT would run the PUT handler. Apply the layer to the
//! `MethodRouter`, the `Router` or `ServeDir` itself, and mount the result as a service:
//!
//! ```
//! use axum::{body::Body, routing::get, Router};
//! use tower::Layer;
//! use tower_conditional::{ByHead, ConditionalLayer};
//! use tower_http::services::ServeDir;
//!
//! async fn read() {}
//! async fn write() {}
//!
//! let layer = ConditionalLayer::new(ByHead::<Body>::new());
//! let app: Router = Router::new()
//!     .nest_service("/files", layer.layer(ServeDir::new("files")))
//!     .route_service("/document", layer.layer(get(read).put(write)));
//! ```
//!
//! # A 304 has no Content-Length
//!
//! Routers and servers add `Content-Length: 0` to a response whose size is known to be 0. On a 304
//! that is wrong (RFC 9110 section 8.6), so the size hint of its body is not exact. The layer makes
//! one exception: if the request has an `Accept-Encoding` other than `identity`, the size is exact. A
//! compression layer such as tower-http's compresses what has no size, and a compressed 304 over
//! HTTP/2 would have content, which is worse. Such a 304 has `Content-Length: 0` if it answers a HEAD,
//! or is sent over HTTP/2. Caches do not take the field over (RFC 9111 section 3.2).
