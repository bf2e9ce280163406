use std::future::{Ready, ready};

use http::StatusCode;
use tower::retry::Policy;

use super::{Update, Updated};

/// A policy for Tower's retry: an [`Update`] whose write was refused by 412 is run again, at most so
/// many times.
///
/// The request of the retried service is the update, not the write: each run reads the resource
/// again, and lets the closure make a new write. A write that was refused is not repeated, and once
/// one was, no later one goes out without a precondition, even if the resource has lost its tag:
/// that is [`Updated::Unguarded`].
///
/// This is a feature of its own (`retry`), since `tower/retry` brings in tokio's timer; `client` alone
/// depends on no runtime.
///
/// ```
/// # use bytes::Bytes;
/// # use http_body_util::Full;
/// use http::{Request, Response};
/// use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
/// use tower_conditional::client::{ConditionalClientLayer, Update, UpdateRetry, Updated};
///
/// # tokio_test::block_on(async {
/// # let http = service_fn(|request: Request<Full<Bytes>>| async move {
/// #     let status = if request.method() == "PUT" { 412 } else { 200 };
/// #     Response::builder().status(status).header("etag", "\"1\"").body(Full::<Bytes>::default())
/// # });
/// let client = ServiceBuilder::new().layer(ConditionalClientLayer::new()).service(http);
/// let mut updates = ServiceBuilder::new()
///     .retry(UpdateRetry::new(5))
///     .service(service_fn(move |update: Update| {
///         update.run(client.clone(), |read: &Response<Bytes>| {
///             let text = [read.body(), &b", and more"[..]].concat();
///             Request::put("http://localhost/notes/1").body(Full::from(text)).ok()
///         })
///     }));
///
/// let update = Update::new(Request::get("http://localhost/notes/1").body(())?).attempts(1);
/// let updated = updates.ready().await?.call(update).await?;
/// # assert!(matches!(updated, Updated::Refused(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
///
/// Where delays grow or a budget is shared, a policy of one's own wraps this one: its
/// [`retry`](Policy::retry) says whether, and theirs when.
#[derive(Clone, Debug)]
pub struct UpdateRetry {
    left: usize,
}

impl UpdateRetry {
    /// Runs a refused update at most so many times more, with one write each. How many writes the
    /// first run makes, [`Update::attempts`] says.
    pub const fn new(times: usize) -> Self {
        Self { left: times }
    }
}

impl<B, E> Policy<Update, Updated<B>, E> for UpdateRetry {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        update: &mut Update,
        result: &mut Result<Updated<B>, E>,
    ) -> Option<Self::Future> {
        let Ok(Updated::Refused(response)) = result else {
            return None;
        };
        // Reading again does not help against 428.
        if response.status() != StatusCode::PRECONDITION_FAILED {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        update.attempts = 1;
        update.refused = true;
        Some(ready(()))
    }

    fn clone_request(&mut self, update: &Update) -> Option<Update> {
        Some(update.clone())
    }
}
