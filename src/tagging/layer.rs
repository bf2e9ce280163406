use std::{any::type_name, fmt, marker::PhantomData};

use sha2::Sha256;
use tower::Layer;

use super::Etag;

/// Makes entity tags from the bodies of responses, for handlers that know of none.
///
/// A 200 to GET without an `ETag` gets the digest of its body as one, in lower-case hexadecimal:
/// SHA-256, or any other [`digest::Digest`]. HEAD is performed as GET, without `Range`, so that it
/// has the same entity tag, and its body is dropped.
///
/// A body has to be there in full before its tag is known. It is held back only if its size hint
/// is exact and within the [limit](Self::max_size); any other body passes untouched, frame by frame:
/// larger ones, streams, even those with an upper bound, and `text/event-stream` always. So does a response that has an `ETag`
/// or another status. Trailers and errors of a body that was held back come after its frames, and a
/// body that fails, or turns out larger than it said, gets no tag.
///
/// The layer can be used on its own, for caches that revalidate later, or inside a
/// [`ConditionalLayer`](crate::ConditionalLayer) with
/// [`FromResponse`](crate::FromResponse), which then answers 304:
///
/// ```
/// use axum::{routing::get, Router};
/// use tower_conditional::{ConditionalLayer, EtagLayer, FromResponse};
///
/// let app: Router = Router::new()
///     .route("/report", get(|| async { "the same as yesterday" }))
///     .layer(EtagLayer::new())
///     .layer(ConditionalLayer::new(FromResponse));
/// ```
///
/// # Caveats
///
/// - It saves the transfer, not the work: the handler runs, its body is held in memory, and every
///   byte is hashed. A version or a date that is known before beats any digest.
/// - A strong tag names these very bytes. What changes them afterwards, compression above all, has
///   to be outside and to change the tag too: see [`CodingSuffixLayer`](crate::CodingSuffixLayer).
/// - The body has to be `Unpin`, as `axum::body::Body` is, since what is left of one that is larger
///   than it said moves on into the response.
#[must_use = "a layer does nothing until a service is wrapped in it"]
pub struct EtagLayer<D = Sha256> {
    settings: Settings,
    digest: PhantomData<fn() -> D>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) weak: bool,
    pub(super) max_size: u64,
    pub(super) trailers: bool,
}

impl EtagLayer {
    /// Makes strong entity tags by SHA-256, of bodies up to 1 MiB.
    pub const fn new() -> Self {
        Self {
            settings: Settings {
                weak: false,
                max_size: 1 << 20,
                trailers: false,
            },
            digest: PhantomData,
        }
    }
}

impl<D> EtagLayer<D> {
    /// Hashes by another digest.
    ///
    /// It has to be one whose collisions nobody can make or meet: MD5 and CRC are none.
    ///
    /// ```
    /// use sha2::Sha512_256;
    /// use tower_conditional::EtagLayer;
    ///
    /// let layer = EtagLayer::new().digest::<Sha512_256>();
    /// ```
    pub fn digest<E: digest::Digest>(self) -> EtagLayer<E> {
        EtagLayer {
            settings: self.settings,
            digest: PhantomData,
        }
    }

    /// Makes weak entity tags: for bodies that an outer layer changes without changing the tag.
    ///
    /// They revalidate caches, but never satisfy `If-Match` or `If-Range`.
    pub const fn weak(mut self) -> Self {
        self.settings.weak = true;
        self
    }

    /// Holds back bodies of up to so many bytes; 1 MiB by default.
    ///
    /// So much memory may be in use for each request that is under way.
    pub const fn max_size(mut self, bytes: u64) -> Self {
        self.settings.max_size = bytes;
        self
    }

    /// Hashes bodies that are not held back while they are sent, and puts their `ETag` into the
    /// trailer section (RFC 9110 section 8.8.3), for clients that said `TE: trailers`.
    ///
    /// In HTTP/1.1 only a chunked message has trailers, so there a response loses its
    /// Content-Length. Neither HEAD nor HTTP/1.0 has any.
    pub const fn trailers(mut self, yes: bool) -> Self {
        self.settings.trailers = yes;
        self
    }
}

impl<S, D> Layer<S> for EtagLayer<D> {
    type Service = Etag<S, D>;

    fn layer(&self, inner: S) -> Self::Service {
        Etag::new(inner, self.settings)
    }
}

impl Default for EtagLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<D> Clone for EtagLayer<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for EtagLayer<D> {}

impl<D> fmt::Debug for EtagLayer<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EtagLayer")
            .field("digest", &type_name::<D>())
            .field("settings", &self.settings)
            .finish()
    }
}
