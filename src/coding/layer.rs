use tower::Layer;

use super::CodingSuffix;

/// Gives the entity tags of compressed responses a suffix, and takes it off again: for services
/// that compress *inside* of this layer.
///
/// A strong entity tag names one sequence of bytes, so the compressed representation needs another
/// one than the identity (RFC 9110 section 8.8.3.3); a compression layer that leaves the tag as it
/// is lets one tag name both. This layer makes of a response with `ETag: "x"` and
/// `Content-Encoding: gzip` one with `ETag: "x-gzip"`. A weak tag may name both, and stays.
///
/// On the way in the services inside see both forms: to `If-Match: "x-gzip"` it adds `"x"`. In a GET
/// with `If-None-Match` it does so if the request accepts the coding, for otherwise the representation
/// that the client has is not the one that it would get; and if the answer is a 304 with
/// `ETag: "x"`, that becomes the `"x-gzip"` that the client has. Every 304 with a strong tag gets
/// `Vary: accept-encoding`, as the compression puts it on a 200.
/// `If-Range` is left alone: the coded and the identity representation differ in every byte.
///
/// The codings are those of tower-http's `CompressionLayer`: `gzip`, `br`, `zstd` and `deflate`;
/// `x-gzip` is `gzip`.
///
/// # Order
///
/// From the outside: this layer, the compression, [`ConditionalLayer`](crate::ConditionalLayer),
/// `EtagLayer`, handlers. Inside of the compression this layer would never see
/// a `Content-Encoding`. The layer that makes tags must not be outside of the compression either:
/// there a body has no size any more, and it makes none.
///
/// ```
/// use axum::{routing::get, Router};
/// use tower::ServiceBuilder;
/// use tower_conditional::{CodingSuffixLayer, ConditionalLayer, FromResponse};
/// use tower_http::compression::CompressionLayer;
///
/// let app: Router = Router::new()
///     .route("/", get(|| async { ([("etag", "\"1\"")], "content") }))
///     .layer(
///         ServiceBuilder::new()
///             .layer(CodingSuffixLayer::new())
///             .layer(CompressionLayer::new())
///             .layer(ConditionalLayer::new(FromResponse)),
///     );
/// ```
///
/// # Caveats
///
/// - `"x"` and `"x-gzip"` must not be tags of different states: with both forms in `If-Match` they
///   are one to the services inside.
/// - At most four suffixes are taken off a tag, and a field grows to about twice its length at most:
///   what a list of tags with several suffixes each would need beyond that is not added.
/// - A response to HEAD that the compression leaves alone has the tag without the suffix.
/// - For suffixes that a proxy in *front* adds, this layer is not needed: see
///   [`Rules::coding_suffixes`](crate::Rules::coding_suffixes).
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "a layer does nothing until a service is wrapped in it"]
pub struct CodingSuffixLayer(());

impl CodingSuffixLayer {
    /// Uses the suffixes `-gzip`, `-br`, `-zstd` and `-deflate`.
    pub const fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for CodingSuffixLayer {
    type Service = CodingSuffix<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CodingSuffix::new(inner)
    }
}
