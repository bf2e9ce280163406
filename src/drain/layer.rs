use std::{
    fmt,
    future::{Future, Pending, pending},
};

use tower::Layer;

use super::DrainService;

/// Wraps services in [`DrainService`], which reads the rest of a request before an early response.
///
/// `T` is the closure that makes the time limit. Add this layer as the outermost one. See the
/// [module docs](crate::drain).
///
/// ```
/// use std::time::Duration;
/// use tower_conditional::drain::DrainLayer;
///
/// let layer = DrainLayer::new()
///     .limit(10 * 1024 * 1024)
///     .timeout(|| tokio::time::sleep(Duration::from_secs(30)));
/// ```
#[derive(Clone, Copy)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct DrainLayer<T = fn() -> Pending<()>> {
    limits: Limits<T>,
}

#[derive(Clone, Copy)]
pub(super) struct Limits<T> {
    /// In bytes, for one request.
    pub(super) size: u64,
    pub(super) timeout: T,
}

impl DrainLayer {
    /// Creates a layer that throws away up to 64 MiB of a request, and has no time limit.
    ///
    /// The [module docs](crate::drain#limits) say why.
    pub const fn new() -> Self {
        Self {
            limits: Limits {
                size: 64 << 20,
                timeout: pending,
            },
        }
    }
}

impl<T> DrainLayer<T> {
    /// Sets how many bytes of a request are thrown away. The default is 64 MiB.
    ///
    /// What the handler has read does not count. If the rest is larger, the layer stops reading,
    /// and an HTTP/1.1 response gets `Connection: close`. With 0, it reads only the end of content
    /// whose last byte the handler has read.
    pub const fn limit(mut self, bytes: u64) -> Self {
        self.limits.size = bytes;
        self
    }

    /// Sets a time limit for reading the rest of a request. There is none by default.
    ///
    /// The layer calls the closure each time that it begins to read, and stops reading when the
    /// future has completed. An HTTP/1.1 response then gets `Connection: close`. The output of the
    /// future has no meaning. Use the timer of your runtime:
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_conditional::drain::DrainLayer;
    ///
    /// let layer = DrainLayer::new().timeout(|| tokio::time::sleep(Duration::from_secs(30)));
    /// ```
    pub fn timeout<U, D>(self, timeout: U) -> DrainLayer<U>
    where
        U: Fn() -> D + Clone,
        D: Future,
    {
        DrainLayer {
            limits: Limits {
                size: self.limits.size,
                timeout,
            },
        }
    }
}

impl<S, T: Clone> Layer<S> for DrainLayer<T> {
    type Service = DrainService<S, T>;

    fn layer(&self, inner: S) -> Self::Service {
        DrainService::new(inner, self.limits.clone())
    }
}

impl Default for DrainLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for DrainLayer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DrainLayer")
            .field("limit", &self.limits.size)
            .finish_non_exhaustive()
    }
}
