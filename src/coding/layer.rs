use tower::Layer;

use super::CodingSuffixService;

/// Wraps services in [`CodingSuffixService`], which gives compressed responses entity tags of their
/// own.
///
/// Add this layer outside of the compression layer. See the [module docs](crate::coding).
///
/// ```
/// use std::convert::Infallible;
/// use axum::{body::Body, extract::Request, response::Response};
/// use tower::ServiceBuilder;
/// use tower_conditional::coding::CodingSuffixLayer;
/// use tower_http::compression::CompressionLayer;
///
/// let service = ServiceBuilder::new()
///     .layer(CodingSuffixLayer::new())
///     .layer(CompressionLayer::new())
///     .service_fn(|_: Request| async { Ok::<_, Infallible>(Response::new(Body::empty())) });
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct CodingSuffixLayer(());

impl CodingSuffixLayer {
    /// Creates a layer that uses the suffixes `-gzip`, `-br`, `-zstd` and `-deflate`.
    pub const fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for CodingSuffixLayer {
    type Service = CodingSuffixService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CodingSuffixService::new(inner)
    }
}
