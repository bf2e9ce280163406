//! Middleware that gives compressed responses entity tags of their own.
//!
//! A strong entity tag identifies one sequence of bytes. A compressed representation is a different
//! sequence than the uncompressed one, so it needs a different strong tag (RFC 9110 section
//! 8.8.3.3). A compression layer that leaves `ETag` unchanged breaks this rule: one tag then
//! identifies both. [`CodingSuffixLayer`] wraps the compression layer and repairs its responses: it
//! appends a suffix for the content coding to the entity tag, and accepts tags with a suffix in
//! later requests.
//!
//! Add the layer outside of the compression. It reads `Content-Encoding`, which a response does not
//! have before it is compressed. From the outside in, the order is: `CodingSuffixLayer`, the
//! compression, [`ConditionalLayer`](crate::ConditionalLayer), `EtagLayer`, the handlers.
//!
//! ```
//! use axum::{body::Body, routing::get, Router};
//! use http::{
//!     header::{ACCEPT_ENCODING, ETAG, IF_NONE_MATCH},
//!     Request, StatusCode,
//! };
//! use tower::{ServiceBuilder, ServiceExt};
//! use tower_conditional::{coding::CodingSuffixLayer, ConditionalLayer, FromResponse};
//! use tower_http::compression::CompressionLayer;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let app: Router = Router::new()
//!     .route("/", get(|| async { ([("etag", "\"1\"")], "content ".repeat(100)) }))
//!     .layer(
//!         ServiceBuilder::new()
//!             .layer(CodingSuffixLayer::new())
//!             .layer(CompressionLayer::new())
//!             .layer(ConditionalLayer::new(FromResponse)),
//!     );
//!
//! let request = Request::get("/").header(ACCEPT_ENCODING, "gzip");
//! let response = app.clone().oneshot(request.body(Body::empty())?).await?;
//! assert_eq!(response.headers()[ETAG], "\"1-gzip\"");
//!
//! let request = Request::get("/")
//!     .header(ACCEPT_ENCODING, "gzip")
//!     .header(IF_NONE_MATCH, "\"1-gzip\"");
//! let response = app.oneshot(request.body(Body::empty())?).await?;
//! assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
//! assert_eq!(response.headers()[ETAG], "\"1-gzip\"");
//! # Ok(())
//! # }
//! ```
//!
//! # Content codings
//!
//! The layer knows the content codings of tower-http's `CompressionLayer`.
//!
//! | content coding | suffix |
//! |---|---|
//! | `gzip`, `x-gzip` | `-gzip` |
//! | `br` | `-br` |
//! | `zstd` | `-zstd` |
//! | `deflate` | `-deflate` |
//!
//! # What the layer does, in order
//!
//! 1. For every tag with a suffix in `If-Match`, it adds the tag without the suffix to the field:
//!    `"x-gzip"` becomes `"x", "x-gzip"`. The inner services see both, and find the one they know.
//! 2. It does the same to `If-None-Match`. If the method is safe, it adds a tag only if the request
//!    accepts the content coding (section 12.5.3). Otherwise the response would have another coding
//!    than the representation that the client stored, and a 304 would be wrong.
//! 3. It leaves `If-Range` unchanged, and every field of a safe request with `Range`. The coded
//!    bytes and the uncoded bytes cannot be combined.
//! 4. In a 304 with `ETag: "x"` it replaces the tag with the `"x-gzip"` that the request sent, if
//!    it sent one. Every 304 also gets `Vary: accept-encoding`, which the compression adds to a 200
//!    but not to a 304 (section 15.4.5).
//! 5. In a 2xx response with `ETag: "x"` and `Content-Encoding: gzip` it replaces the tag with
//!    `"x-gzip"`. Several codings give several suffixes, in the order of the field.
//! 6. It leaves all other responses unchanged, and every weak tag: a weak tag may identify both
//!    representations.
//!
//! # Caveats
//!
//! - Do not use `"x"` and `"x-gzip"` as tags of two different states of a resource. In `If-Match`
//!   the inner services see both tags when the client sends the second one.
//! - The layer removes at most four suffixes from a tag, and it adds at most as many bytes to a
//!   field as the field has, plus 256. It does not add any tags beyond these limits.
//! - A response to HEAD that the compression leaves unchanged has the tag without the suffix.
//! - Suffixes that a proxy in front of the service adds do not need this layer. Use
//!   [`Rules::coding_suffixes`](crate::Rules::coding_suffixes) for them.
//!
//! # Links
//!
//! - [RFC 9110 section 8.8.3.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3), entity
//!   tags of content-negotiated resources
//! - [RFC 9110 section 8.4.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1), content
//!   codings
//! - [RFC 9110 section 12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3),
//!   `Accept-Encoding`

mod future;
mod layer;
mod service;
mod suffix;

pub use self::{
    future::CodingSuffixFuture, layer::CodingSuffixLayer, service::CodingSuffixService,
};
