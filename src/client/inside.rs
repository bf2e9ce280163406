//! What layers inside of this one say about a response.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use http::{Extensions, Uri};

use super::store;

/// Response extension with the URI that was asked last, where a layer inside follows redirects.
///
/// If it names another resource than the request, the layer learns nothing from the response: its
/// validators are those of the other resource. [`Update`](super::Update) does not write with them
/// either, unless its write goes to that URI.
///
/// The layer cannot see redirects that something inside of it follows. Turn them off there. If that
/// is not possible, put this extension into the responses, as here for tower-http:
///
/// ```
/// use http::Response;
/// use tower::ServiceBuilder;
/// use tower_conditional::client::{ConditionalClientLayer, FinalUri};
/// use tower_http::follow_redirect::{FollowRedirectLayer, RequestUri};
///
/// fn final_uri<B>(mut response: Response<B>) -> Response<B> {
///     if let Some(RequestUri(uri)) = response.extensions().get().cloned() {
///         response.extensions_mut().insert(FinalUri(uri));
///     }
///     response
/// }
///
/// # fn stack<S: Clone>(http: S) -> impl Sized {
/// ServiceBuilder::new()
///     .layer(ConditionalClientLayer::new())
///     .map_response(final_uri::<hyper::body::Incoming>)
///     .layer(FollowRedirectLayer::new())
///     .service(http)
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalUri(pub Uri);

impl FinalUri {
    /// Reports whether another resource than the one with this URI has answered.
    pub(super) fn is_other(response: &Extensions, uri: &Uri) -> bool {
        let Some(Self(last)) = response.get() else {
            return false;
        };
        let (last, uri) = (store::normalized(last), store::normalized(uri));
        // A layer inside may add the authority to a URI that has none.
        let has_authority = last.authority().is_some() && uri.authority().is_some();
        last.path_and_query() != uri.path_and_query() || has_authority && last != uri
    }
}

/// Response extension that says that the request was sent more than once.
///
/// A layer that retries requests puts it into the response to a write that it has repeated. An
/// earlier sending may have been applied, and its own success makes a later one fail with 412. An
/// [`Update`](super::Update) ends then with [`Updated::Ambiguous`](super::Updated::Ambiguous), and
/// does not make the change again.
///
/// It is not necessary if the layer that retries is between the update and a
/// [`ConditionalClient`](super::ConditionalClient), and clones the extensions of the request: the
/// client then sees that it sends the write again.
///
/// ```
/// use std::future::{Ready, ready};
/// use http::{Request, Response};
/// use tower::retry::Policy;
/// use tower_conditional::client::Resent;
///
/// #[derive(Clone)]
/// struct Twice {
///     is_repeated: bool,
/// }
///
/// impl<A: Clone, B, E> Policy<Request<A>, Response<B>, E> for Twice {
///     type Future = Ready<()>;
///
///     fn retry(
///         &mut self,
///         _: &mut Request<A>,
///         result: &mut Result<Response<B>, E>,
///     ) -> Option<Ready<()>> {
///         match result {
///             Err(_) if !self.is_repeated => {
///                 self.is_repeated = true;
///                 return Some(ready(()));
///             }
///             Ok(response) if self.is_repeated => {
///                 response.extensions_mut().insert(Resent);
///             }
///             _ => {}
///         }
///         None
///     }
///
///     fn clone_request(&mut self, request: &Request<A>) -> Option<Request<A>> {
///         Some(request.clone())
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resent;

/// Request extension that counts how often the write of an update is sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Sendings(Arc<AtomicUsize>);

impl Sendings {
    pub(super) fn count(request: &Extensions) {
        if let Some(Self(sendings)) = request.get() {
            sendings.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn are_many(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 1
    }
}
