//! Read, change, write; and again, when another writer was faster.

mod error;

use std::future::poll_fn;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header::IF_MATCH, request::Parts};
use http_body::Body;
use http_body_util::{BodyExt, Limited};
use tower::Service;

use self::error::Kind;
pub use self::error::UpdateError;
use super::{
    Remembered, ServerTag,
    guard::Whole,
    prepare::{has_precondition, if_match, past_caches},
};

/// Changes a resource: reads it, lets a closure make the write from what was read, and sends that
/// with the tag of what was read. When another writer was faster (412), all of it is done again.
///
/// - **A refused write is never sent again as it is**, least of all without its precondition: that
///   would undo the other writer's change. The closure sees the new representation, and makes a new
///   write, or none.
/// - There are at most three attempts, or as many as [`attempts`](Self::attempts) says.
/// - A resource without a tag is written as it is, once; if that is refused, the refusal is the
///   result. If it had a tag, and has none any more after a refusal, nothing is written.
/// - It reads representations, never a 304, whatever [`revalidate`] says.
/// - Responses other than 412 are results.
///
/// It runs over any HTTP service. Over a [`ConditionalClient`](super::ConditionalClient) it knows the
/// tags in bodies, too, and writes to resources without a tag are subject to its guards.
///
/// [`revalidate`]: super::ConditionalClientLayer::revalidate
///
/// ```
/// # use std::{convert::Infallible, sync::{Arc, Mutex}};
/// # use http_body_util::Full;
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use tower::{Layer, service_fn};
/// use tower_conditional::client::{ConditionalClientLayer, Update, Updated};
///
/// # tokio_test::block_on(async {
/// # let state = Arc::new(Mutex::new((1, 0)));
/// # let seen = Arc::clone(&state);
/// # let http = service_fn(move |request: Request<Full<Bytes>>| {
/// #     let mut state = state.lock().unwrap();
/// #     let (version, refusals) = *state;
/// #     let mut response = Response::new(Full::<Bytes>::from(format!("text {version}")));
/// #     let tag: http::HeaderValue = format!("\"{version}\"").parse().unwrap();
/// #     if request.method() == "PUT" {
/// #         assert_eq!(request.headers()["if-match"], tag);
/// #         if refusals == 0 {
/// #             *response.status_mut() = http::StatusCode::PRECONDITION_FAILED;
/// #             *state = (version + 1, 1);
/// #         }
/// #     }
/// #     response.headers_mut().insert("etag", tag);
/// #     std::future::ready(Ok::<_, Infallible>(response))
/// # });
/// let client = ConditionalClientLayer::new().layer(http);
///
/// let updated = Update::new(Request::get("http://localhost/notes/1").body(())?)
///     .run(client, |read: &Response<Bytes>| {
///         let text = [read.body(), &b", and more"[..]].concat();
///         Request::put("http://localhost/notes/1").body(Full::from(text)).ok()
///     })
///     .await?;
/// assert!(matches!(updated, Updated::Done(_)));
/// # assert_eq!(*seen.lock().unwrap(), (2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[must_use = "an update does nothing until it is run"]
#[derive(Clone, Debug)]
pub struct Update {
    read: Parts,
    attempts: usize,
    limit: usize,
}

/// What has become of an [`Update`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Updated<B> {
    /// The write was sent, and its response is not 412 or 428. It need not be a success.
    Done(Response<B>),
    /// The closure made no write of what was read.
    Unchanged(Response<Bytes>),
    /// Reading was not answered 2xx, and nothing was written.
    Unread(Response<Bytes>),
    /// The last write was refused by 412 or 428.
    Refused(Response<B>),
    /// A write was refused by 412, and what was read since, which is this, has no tag: nothing would
    /// have guarded the next write, and it was not sent.
    Unguarded(Response<Bytes>),
}

impl Update {
    /// Reads by this GET. What it says in `Authorization`, `Accept` and so on, the closure has to
    /// say in the write as well.
    pub fn new(read: Request<()>) -> Self {
        Self {
            read: read.into_parts().0,
            attempts: 3,
            limit: 1024 * 1024,
        }
    }

    /// Writes at most so many times; at least once.
    pub fn attempts(mut self, attempts: usize) -> Self {
        self.attempts = attempts;
        self
    }

    /// Fails on a representation of more bytes; by default 1 MiB.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Runs the update. `change` makes the write from what was read, or none if there is nothing to
    /// do. A precondition that it sets itself is left alone.
    ///
    /// # Errors
    ///
    /// When the service fails, or a representation cannot be read to its end.
    pub async fn run<S, ReqBody, ResBody, F>(
        self,
        mut service: S,
        mut change: F,
    ) -> Result<Updated<ResBody>, UpdateError<S::Error>>
    where
        S: Service<Request<ReqBody>, Response = Response<ResBody>>,
        ReqBody: Default,
        ResBody: Body,
        ResBody::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        F: FnMut(&Response<Bytes>) -> Option<Request<ReqBody>>,
    {
        let mut left = self.attempts;
        let mut head = self.read;
        head.extensions.insert(Whole);
        let mut refused = false;
        loop {
            if refused {
                past_caches(&mut head.headers);
            }
            let request = Request::from_parts(head.clone(), ReqBody::default());
            let read = collect(send(&mut service, request).await?, self.limit).await?;
            if !read.status().is_success() {
                return Ok(Updated::Unread(read));
            }
            let Some(mut write) = change(&read) else {
                return Ok(Updated::Unchanged(read));
            };
            bind(&mut write, &read);
            if refused && !has_precondition(write.headers()) {
                return Ok(Updated::Unguarded(read));
            }
            let names_a_state = write.headers().contains_key(IF_MATCH);

            let response = send(&mut service, write).await?;
            left = left.saturating_sub(1);
            match response.status() {
                StatusCode::PRECONDITION_FAILED if names_a_state && left > 0 => {
                    refused = true;
                }
                StatusCode::PRECONDITION_FAILED | StatusCode::PRECONDITION_REQUIRED => {
                    return Ok(Updated::Refused(response));
                }
                _ => return Ok(Updated::Done(response)),
            }
        }
    }
}

async fn send<S, ReqBody>(
    service: &mut S,
    request: Request<ReqBody>,
) -> Result<S::Response, UpdateError<S::Error>>
where
    S: Service<Request<ReqBody>>,
{
    let service_failed = |error| UpdateError::new(Kind::Service(error));
    poll_fn(|cx| service.poll_ready(cx))
        .await
        .map_err(service_failed)?;
    service.call(request).await.map_err(service_failed)
}

async fn collect<B, E>(
    response: Response<B>,
    limit: usize,
) -> Result<Response<Bytes>, UpdateError<E>>
where
    B: Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (head, body) = response.into_parts();
    let collected = std::pin::pin!(Limited::new(body, limit)).collect().await;
    match collected {
        Ok(collected) => Ok(Response::from_parts(head, collected.to_bytes())),
        Err(error) => Err(UpdateError::new(Kind::Body(error))),
    }
}

/// Makes the write depend on what was read, and on nothing that was learned since.
fn bind<B>(write: &mut Request<B>, read: &Response<Bytes>) {
    let remembered = read.extensions().get::<Remembered>().cloned();
    let remembered = remembered.unwrap_or_else(|| Remembered::from_fields(read.headers()));
    let tag: Option<ServerTag> = remembered.tag().cloned();
    write.extensions_mut().insert(remembered);
    let headers: &mut HeaderMap = write.headers_mut();
    if let Some(tag) = tag.filter(|_| !has_precondition(headers)) {
        if_match(headers, tag);
    }
}
