use std::hash::Hash;

use http::{
    HeaderValue, Uri,
    header::{AUTHORIZATION, HOST},
    request::Parts,
};

/// Computes the key under which a [`Cached`](super::Cached) source keeps the answer to a request.
///
/// Each closure `Fn(&Parts) -> T` is a `CacheKey` if `T` can be a key. Implement the trait to
/// exclude requests from the cache:
///
/// ```
/// use http::{
///     header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE},
///     request::Parts,
///     HeaderValue,
/// };
/// use tower_conditional::source::cached::CacheKey;
///
/// /// For resources that depend on the language, and on the user if there is one.
/// #[derive(Clone)]
/// struct ByLanguage;
///
/// impl CacheKey for ByLanguage {
///     type Key = (String, Option<HeaderValue>);
///
///     fn key(&self, head: &Parts) -> Self::Key {
///         (head.uri.to_string(), head.headers.get(ACCEPT_LANGUAGE).cloned())
///     }
///
///     fn suffices(&self, head: &Parts) -> bool {
///         !head.headers.contains_key(AUTHORIZATION) && !head.headers.contains_key(COOKIE)
///     }
/// }
/// ```
pub trait CacheKey {
    /// The type of keys.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;

    /// Returns the key of the representation that this request selects.
    fn key(&self, head: &Parts) -> Self::Key;

    /// Reports whether the key contains everything that the answer to this request depends on. By
    /// default it does.
    ///
    /// If not, the source itself is asked, and its answer is not cached.
    fn suffices(&self, head: &Parts) -> bool {
        let _ = head;
        true
    }
}

impl<F, T> CacheKey for F
where
    F: Fn(&Parts) -> T,
    T: Clone + Eq + Hash + Send + Sync + 'static,
{
    type Key = T;

    fn key(&self, head: &Parts) -> T {
        self(head)
    }
}

/// The default key of a [`Cached`](super::Cached) source: the URI and the `Host` field.
///
/// The answer must depend on nothing else. A request with `Authorization` is not cached, because
/// its answer may be for that user only. Users that are identified in another way, such as by a
/// cookie or a client certificate, are not distinguished.
#[derive(Clone, Copy, Debug, Default)]
pub struct UriKey;

impl CacheKey for UriKey {
    type Key = (Uri, Option<HeaderValue>);

    fn key(&self, head: &Parts) -> Self::Key {
        (head.uri.clone(), head.headers.get(HOST).cloned())
    }

    fn suffices(&self, head: &Parts) -> bool {
        !head.headers.contains_key(AUTHORIZATION)
    }
}
