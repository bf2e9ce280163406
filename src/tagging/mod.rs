//! Middleware that makes entity tags from response bodies.
//!
//! [`EtagLayer`] hashes the body of a response that has no `ETag`. The digest, in lower-case
//! hexadecimal, becomes the entity tag of the response (RFC 9110 section 8.8.3). Use the layer for
//! handlers that know neither a version nor a modification date of what they send.
//!
//! Used alone, the layer makes responses that caches can revalidate. Inside of a
//! [`ConditionalLayer`](crate::ConditionalLayer) with [`FromResponse`](crate::FromResponse) the
//! service also responds 304 to clients that have the current representation:
//!
//! ```
//! use axum::{body::Body, routing::get, Router};
//! use http::{
//!     header::{ETAG, IF_NONE_MATCH},
//!     Request, StatusCode,
//! };
//! use tower::ServiceExt;
//! use tower_conditional::{ConditionalLayer, EtagLayer, FromResponse};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let app: Router = Router::new()
//!     .route("/report", get(|| async { "the same as yesterday" }))
//!     .layer(EtagLayer::new())
//!     .layer(ConditionalLayer::new(FromResponse));
//!
//! let request = Request::get("/report").body(Body::empty())?;
//! let response = app.clone().oneshot(request).await?;
//! let etag = response.headers()[ETAG].clone();
//!
//! let request = Request::get("/report").header(IF_NONE_MATCH, etag);
//! let response = app.oneshot(request.body(Body::empty())?).await?;
//! assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
//! # Ok(())
//! # }
//! ```
//!
//! # What the layer does, in order
//!
//! 1. It passes on every request with a method other than GET, HEAD and QUERY, and leaves the
//!    response unchanged.
//! 2. It passes on HEAD as GET, without `Range` and `If-Range`, so that the response has the entity
//!    tag of the whole representation. It drops the content of the response. If the size of the
//!    content is known and the handler has set no `Content-Length`, it sets the field.
//! 3. It removes `Range` and `If-Range` from a request that has `If-Range`, so that the response is
//!    complete. The handler does not know the tags that the layer makes, and would send a part of
//!    whatever version is current. A request with `Range` alone is passed on as it is.
//! 4. It adds no tag to a response that has an `ETag` or a status other than 200, and none to an
//!    empty response to HEAD: the handler may have answered HEAD without content.
//! 5. It holds back a body whose size hint is exact and at most
//!    [`max_size`](EtagLayer::max_size), unless the media type is `text/event-stream`. When the
//!    body ends, it sets `ETag` and sends the frames and the trailers of the body unchanged.
//! 6. It adds no tag to a body that fails or becomes larger than `max_size`. It sends the frames
//!    that it has held back, then the error or the rest of the body.
//! 7. It adds no tag to any other body, and sends it frame by frame. This is a body that is too
//!    large, or a stream, even if its size hint has an upper bound. With
//!    [`trailers`](EtagLayer::trailers) it hashes such a body on the way, and sends the entity tag
//!    in the trailer section.
//!
//! # Caveats
//!
//! - The layer saves the transfer, not the work. The handler runs for every request, its body is
//!   held in memory, and every byte is hashed. Prefer a version or a modification date if the
//!   handler can know one.
//! - A strong entity tag identifies the exact bytes of the body. Put every layer that changes the
//!   body outside of this one, and let it change the tag as well. For compression use
//!   [`CodingSuffixLayer`](crate::coding::CodingSuffixLayer).
//! - The body must be `Unpin`, as `axum::body::Body` is. The rest of a body that becomes too large
//!   moves from the future into the response.
//!
//! # Links
//!
//! - [RFC 9110 section 8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3), `ETag`
//! - [RFC 9110 section 6.5](https://www.rfc-editor.org/rfc/rfc9110#section-6.5), trailer fields
//! - [RFC 9110 section 10.1.4](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.4), `TE`

mod body;
mod collect;
mod future;
mod hash;
mod layer;
mod service;
mod trailers;

pub use self::{body::EtagBody, future::EtagFuture, layer::EtagLayer, service::EtagService};
