use std::hash::Hash;

use http::{
    HeaderValue, Uri,
    header::{AUTHORIZATION, HOST},
    request::Parts,
};

/// Tells by what a [`Cached`](super::Cached) source finds an answer again.
///
/// Any `Fn(&Parts) -> T` is one, where `T` can be hashed.
pub trait CacheKey {
    /// The key.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;

    /// The key of what this request selects.
    fn key(&self, head: &Parts) -> Self::Key;

    /// Whether the key tells all that the answer to this request depends on. If it does not, the
    /// source itself is asked, and nothing is remembered. By default it always does.
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

/// The URI and `Host`: for sources whose answer depends on nothing else.
///
/// A request with `Authorization` is none for it: what its sender may see says nothing of others.
/// Who asks by other means, a cookie or a client certificate, it does not tell apart.
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
