use std::{any::type_name, fmt, marker::PhantomData};

use digest::Digest;
use sha2::Sha256;
use tower::Layer;

use super::EtagService;

/// Wraps services in [`EtagService`], which makes entity tags from response bodies.
///
/// `D` is the hash function. See the [module docs](crate::tagging).
///
/// ```
/// use tower_conditional::EtagLayer;
///
/// let layer = EtagLayer::new().max_size(64 * 1024).weak(true);
/// ```
#[must_use = "a layer does nothing until it wraps a service"]
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
    /// Creates a layer that makes strong entity tags with SHA-256 from bodies of up to 1 MiB.
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
    /// Sets the hash function. The default is SHA-256.
    ///
    /// The function must resist collisions, as MD5 and CRC do not. If two representations have the
    /// same digest, a client that has one of them gets a 304 for the other.
    ///
    /// ```
    /// use sha2::Sha512_256;
    /// use tower_conditional::EtagLayer;
    ///
    /// let layer: EtagLayer<Sha512_256> = EtagLayer::new().digest();
    /// ```
    pub fn digest<E: Digest>(self) -> EtagLayer<E> {
        EtagLayer {
            settings: self.settings,
            digest: PhantomData,
        }
    }

    /// Sets whether the entity tags are weak. The default is `false`.
    ///
    /// Use weak tags if an outer layer changes the body and leaves the tag unchanged. A cache can
    /// revalidate with a weak tag, but a weak tag never satisfies `If-Match` or `If-Range`. These
    /// fields use the strong comparison (RFC 9110 section 8.8.3.2).
    pub const fn weak(mut self, yes: bool) -> Self {
        self.settings.weak = yes;
        self
    }

    /// Sets the size in bytes of the largest body that is held back. The default is 1 MiB.
    ///
    /// Each request in progress can use this much memory.
    pub const fn max_size(mut self, bytes: u64) -> Self {
        self.settings.max_size = bytes;
        self
    }

    /// Sets whether a body that is not held back gets its entity tag in the trailer section (RFC
    /// 9110 section 8.8.3). The default is `false`.
    ///
    /// The layer hashes such a body while it is sent, for clients that sent `TE: trailers`. In
    /// HTTP/1.1 only a chunked message has a trailer section, so there the layer removes
    /// `Content-Length`. A response to HEAD and an HTTP/1.0 response have no trailer section.
    ///
    /// ```
    /// use tower_conditional::EtagLayer;
    ///
    /// let layer = EtagLayer::new().max_size(64 * 1024).trailers(true);
    /// ```
    pub const fn trailers(mut self, yes: bool) -> Self {
        self.settings.trailers = yes;
        self
    }
}

impl<S, D> Layer<S> for EtagLayer<D> {
    type Service = EtagService<S, D>;

    fn layer(&self, inner: S) -> Self::Service {
        EtagService::new(inner, self.settings)
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
