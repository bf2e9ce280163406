//! Middleware that reads the rest of a request before an early response.
//!
//! A service often responds before it has read the content of a request: with 401, 404, 412, 413
//! or 428. An HTTP/1.1 server then closes the connection while the client still sends, and the
//! client's system discards the response that has already arrived. The client reports a broken
//! connection instead of a 412. Firefox does so from 5 MB on, and Apache, Varnish and Caddy as
//! proxies respond 502 or 503. [`DrainLayer`] reads the rest of the content and throws it away.
//! Then the response goes out, and the connection can be used again.
//!
//! Add it as the outermost layer. It works for every inner service, not only for
//! [`ConditionalLayer`](crate::ConditionalLayer). In axum it is one line, and the last one:
//!
//! ```
//! use axum::{routing::get, Router};
//! use tower_conditional::{
//!     drain::DrainLayer, ready_fn, ConditionalLayer, EntityTag, Requirement,
//! };
//!
//! # async fn read() {}
//! # async fn write() {}
//! let layer = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(7)))
//!     .require(Requirement::WRITES);
//! let app: Router = Router::new()
//!     .route("/document", get(read).put(write).route_layer(layer))
//!     .layer(DrainLayer::new());
//! ```
//!
//! # What the layer does, in order
//!
//! 1. It passes on a request without content unchanged, and CONNECT too.
//! 2. It wraps the content of any other request in a [`DrainBody`]. Its frames, its size hint and
//!    its errors are those of the body that it wraps. If it is dropped before its end was read, it
//!    hands the rest to the layer.
//! 3. It waits for the response of the inner service, and drops the inner service's future.
//! 4. It returns the response at once if the content was read to its end, if the handler still
//!    keeps it (in a task, or in the body of the response), or if the status is 101. An error of the
//!    inner service is returned at once too.
//! 5. If the request has `Expect: 100-continue` and nobody has begun to read, it reads nothing: the
//!    client waits, and reading would ask it for the content (RFC 9110 section 10.1.1). A response
//!    to HTTP/1.1 gets `Connection: close`.
//! 6. Otherwise it reads the rest, frame by frame, and returns the response when the content ends.
//!    If the content fails, is larger than the [limit](DrainLayer::limit), or has not ended within
//!    the [time limit](DrainLayer::timeout), it stops reading. The response is the same, and a
//!    response to HTTP/1.1 gets `Connection: close`. Content that announces more than the limit is
//!    not read at all.
//!
//! Dropping the future drops everything: the inner service's future, the content, and the response.
//!
//! # Limits
//!
//! The default limit is 64 MiB. A refusal was lost in measurements with 20 KiB (JDK), 1 MB (Python),
//! 5 MB (Firefox), 8 MiB (Apache, Varnish, HAProxy and Caddy as proxies) and 50 MB (JDK). The
//! default covers these sizes. Nothing is stored, so the limit bounds traffic and time, not memory.
//!
//! There is no time limit unless you set one, because this crate has no timers. Without one, a
//! client that stops sending keeps its connection, as it does with a handler that reads the content.
//! With tokio:
//!
//! ```
//! use std::time::Duration;
//! use tower_conditional::drain::DrainLayer;
//!
//! let layer = DrainLayer::new()
//!     .limit(10 * 1024 * 1024)
//!     .timeout(|| tokio::time::sleep(Duration::from_secs(30)));
//! ```
//!
//! # The type of the request body
//!
//! The inner service gets `Request<DrainBody<B>>`. Most services and layers accept every body.
//!
//! A Router of axum does, so the layer works in `Router::layer`, and also around a whole router:
//!
//! ```no_run
//! use axum::{extract::Request, Router, ServiceExt};
//! use tower::Layer;
//! use tower_conditional::drain::DrainLayer;
//!
//! # async fn serve(app: Router) -> std::io::Result<()> {
//! let app = DrainLayer::new().layer(app);
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//! axum::serve(listener, ServiceExt::<Request>::into_make_service(app)).await
//! # }
//! ```
//!
//! Some layers accept only [`axum::body::Body`](https://docs.rs/axum/0.8/axum/body/struct.Body.html),
//! such as `axum::middleware::from_fn`. Add them with a `Router::layer` of their own, before the
//! one for `DrainLayer`. In one `ServiceBuilder`, convert the body between the two:
//!
//! ```
//! use axum::{body::Body, extract::Request, middleware::{from_fn, Next}, routing::put, Router};
//! use tower::ServiceBuilder;
//! use tower_conditional::drain::{DrainBody, DrainLayer};
//!
//! let app: Router = Router::new().route("/document", put(|| async {})).layer(
//!     ServiceBuilder::new()
//!         .layer(DrainLayer::new())
//!         .map_request(|request: Request<DrainBody<Body>>| request.map(Body::new))
//!         .layer(from_fn(|request: Request, next: Next| next.run(request))),
//! );
//! ```
//!
//! With hyper, name the type in the handler:
//!
//! ```
//! use std::convert::Infallible;
//! use http::{Request, Response, StatusCode};
//! use hyper::body::Incoming;
//! use hyper_util::service::TowerToHyperService;
//! use tower::{service_fn, Layer};
//! use tower_conditional::drain::{DrainBody, DrainLayer};
//!
//! async fn handle(_: Request<DrainBody<Incoming>>) -> Result<Response<String>, Infallible> {
//!     let mut response = Response::new("sign in first".to_owned());
//!     *response.status_mut() = StatusCode::UNAUTHORIZED;
//!     Ok(response)
//! }
//!
//! // For `serve_connection` of hyper or hyper-util.
//! let service = TowerToHyperService::new(DrainLayer::new().layer(service_fn(handle)));
//! ```
//!
//! The layers and services of tower-http accept every body:
//!
//! ```
//! use http::Request;
//! use http_body_util::Full;
//! use bytes::Bytes;
//! use tower::{ServiceBuilder, ServiceExt};
//! use tower_conditional::drain::DrainLayer;
//! use tower_http::{
//!     compression::CompressionLayer, limit::RequestBodyLimitLayer, services::ServeDir,
//!     trace::TraceLayer,
//! };
//!
//! # tokio_test::block_on(async {
//! let service = ServiceBuilder::new()
//!     .layer(DrainLayer::new())
//!     .layer(TraceLayer::new_for_http())
//!     .layer(CompressionLayer::new())
//!     .layer(RequestBodyLimitLayer::new(4))
//!     .service(ServeDir::new("files"));
//!
//! let request = Request::put("/too-large").header("content-length", "7");
//! let request = request.body(Full::<Bytes>::from("content")).unwrap();
//! assert_eq!(service.oneshot(request).await.unwrap().status(), 413);
//! # });
//! ```
//!
//! # Caveats
//!
//! - The response waits for the content. A client that sends its last frame only after it has seen
//!   the response, as in a bidirectional gRPC call, waits for the layer while the layer waits for
//!   the client. Set a [time limit](DrainLayer::timeout), or leave such services out.
//! - If the limit is exceeded, the response may still be lost. `Connection: close` tells the client
//!   that it cannot use the connection again.
//! - Do not put a layer that limits request bodies outside of this one: the rest of such a body
//!   cannot be read.
//! - A request costs one allocation if it has content, and none if it has not.
//!
//! # Links
//!
//! - [RFC 9112 section 9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6), closing a
//!   connection, and why a response can be lost
//! - [RFC 9112 section 9.3](https://www.rfc-editor.org/rfc/rfc9112#section-9.3), a server that does
//!   not read the whole content closes the connection
//! - [RFC 9110 section 10.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1),
//!   `Expect: 100-continue`

mod body;
mod future;
mod layer;
mod service;

pub use self::{body::DrainBody, future::DrainFuture, layer::DrainLayer, service::DrainService};
