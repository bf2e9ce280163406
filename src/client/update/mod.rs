mod result;
mod steps;

use std::{
    convert::Infallible,
    error::Error,
    fmt,
    future::{Future, Ready, ready},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header::IF_MATCH, request::Parts};
use http_body::Body;
use tower::Service;

pub use self::result::{UpdateError, Updated};
use self::steps::{bind, collect, send};
use super::{
    Resent,
    guard::Whole,
    inside::Sendings,
    prepare::{has_precondition, past_caches},
};

/// Changes a resource: reads it, passes the representation to a closure that makes the write, and
/// sends the write with the tag of what was read.
///
/// If another client was faster, the server rejects the write with 412. The update then starts
/// anew: it reads the resource again, and the closure makes a new write from the new
/// representation.
///
/// - A rejected write is never sent again as it is, since that would undo the other client's
///   change.
/// - There are at most three attempts. Set another number by [`attempts`](Self::attempts), and a
///   pause between them by [`pause`](Self::pause).
/// - A write to a resource without a tag is sent once, and without a guard. If a write was
///   rejected, and the resource has no tag any more, the update ends, and nothing is written.
/// - It always reads whole representations, even with [`revalidate`].
/// - A write that was sent twice by a layer that retries, and was rejected then, may have been
///   applied the first time. The update then ends with [`Updated::Ambiguous`]. Do not retry writes
///   beneath an update unless it can see that: see [`Resent`](super::Resent).
/// - If the service fails while it writes, the update ends. The write may have been applied.
/// - A response to the write that is neither 412 nor 428 is returned, whatever its status.
///
/// It works with any HTTP service. With a [`ConditionalClient`](super::ConditionalClient) it also
/// uses tags in bodies, and writes to resources without a tag are subject to the layer's guard.
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
#[derive(Clone)]
pub struct Update<P = fn(usize) -> Ready<()>> {
    read: Parts,
    attempts: usize,
    limit: usize,
    pause: P,
}

impl Update {
    /// Creates an update that reads by this GET.
    ///
    /// Fields that apply to the write as well, such as `Authorization`, have to be set by the
    /// closure again.
    pub fn new(read: Request<()>) -> Self {
        Self {
            read: read.into_parts().0,
            attempts: 3,
            limit: 1024 * 1024,
            pause: |_| ready(()),
        }
    }
}

impl<P> Update<P> {
    /// Sets the greatest number of writes. 0 has the meaning of 1.
    ///
    /// Default: 3.
    pub fn attempts(mut self, attempts: usize) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the size in bytes of the largest representation that is read. A larger one is an error.
    ///
    /// Default: 1 MiB.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Waits between attempts.
    ///
    /// After each write that was rejected, and before the resource is read again, the update calls
    /// the closure with the number of writes so far (from 1), and awaits the future. Where many
    /// clients write the same resource, pauses that grow and differ let each of them get through.
    ///
    /// Default: no pause.
    ///
    /// ```
    /// use std::time::Duration;
    /// use http::Request;
    /// use tower_conditional::client::Update;
    ///
    /// # fn main() -> Result<(), http::Error> {
    /// let update = Update::new(Request::get("http://localhost/notes/1").body(())?)
    ///     .attempts(5)
    ///     .pause(|attempt| tokio::time::sleep(Duration::from_millis(10 << attempt)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn pause<Q, Pause>(self, pause: Q) -> Update<Q>
    where
        Q: FnMut(usize) -> Pause,
        Pause: Future<Output = ()>,
    {
        Update {
            read: self.read,
            attempts: self.attempts,
            limit: self.limit,
            pause,
        }
    }
}

impl<P, Pause> Update<P>
where
    P: FnMut(usize) -> Pause,
    Pause: Future<Output = ()>,
{
    /// Runs the update.
    ///
    /// `change` makes the write from the representation that was read. It returns `None` if there
    /// is nothing to write. A precondition that it sets is not replaced.
    ///
    /// # Errors
    ///
    /// Returns an error if the service fails, or if a representation cannot be read to its end.
    pub async fn run<S, ReqBody, ResBody, F>(
        self,
        service: S,
        mut change: F,
    ) -> Result<Updated<ResBody>, UpdateError<S::Error>>
    where
        S: Service<Request<ReqBody>, Response = Response<ResBody>>,
        ReqBody: Default,
        ResBody: Body,
        ResBody::Error: Into<Box<dyn Error + Send + Sync>>,
        F: FnMut(&Response<Bytes>) -> Option<Request<ReqBody>>,
    {
        self.try_run(service, |read| Ok::<_, Infallible>(change(read)))
            .await
    }

    /// Runs the update with a closure that can fail.
    ///
    /// `change` is as in [`run`](Self::run). When it fails, the update ends, and nothing is
    /// written.
    ///
    /// # Errors
    ///
    /// Returns an error if the service fails, if a representation cannot be read to its end, or, as
    /// [`UpdateError::Change`], the error of the closure.
    ///
    /// ```
    /// # use std::convert::Infallible;
    /// # use http_body_util::Full;
    /// use bytes::Bytes;
    /// use http::{Request, Response};
    /// use tower::{Layer, service_fn};
    /// use tower_conditional::client::{ConditionalClientLayer, Update, UpdateError};
    ///
    /// # tokio_test::block_on(async {
    /// # let http = service_fn(|_: Request<Full<Bytes>>| async {
    /// #     Ok::<_, Infallible>(Response::new(Full::<Bytes>::from("many")))
    /// # });
    /// let client = ConditionalClientLayer::new().layer(http);
    ///
    /// let error = Update::new(Request::get("http://localhost/counter").body(())?)
    ///     .try_run(client, |read: &Response<Bytes>| {
    ///         let count: u64 = String::from_utf8_lossy(read.body()).parse()?;
    ///         let write = Request::put("http://localhost/counter");
    ///         let write = write.body(Full::from((count + 1).to_string()));
    ///         Ok::<_, std::num::ParseIntError>(write.ok())
    ///     })
    ///     .await
    ///     .unwrap_err();
    /// assert!(matches!(error, UpdateError::Change(_)), "the content is not a number");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub async fn try_run<S, ReqBody, ResBody, F, C>(
        mut self,
        mut service: S,
        mut change: F,
    ) -> Result<Updated<ResBody>, UpdateError<S::Error, C>>
    where
        S: Service<Request<ReqBody>, Response = Response<ResBody>>,
        ReqBody: Default,
        ResBody: Body,
        ResBody::Error: Into<Box<dyn Error + Send + Sync>>,
        F: FnMut(&Response<Bytes>) -> Result<Option<Request<ReqBody>>, C>,
    {
        let mut head = self.read;
        head.extensions.insert(Whole);
        let mut attempt = 0;
        loop {
            let request = Request::from_parts(head.clone(), ReqBody::default());
            let response = send(&mut service, request).await;
            let response = response.map_err(UpdateError::Service)?;
            let read = collect(response, self.limit).await;
            let read = read.map_err(UpdateError::Body)?;
            if !read.status().is_success() {
                return Ok(Updated::Unread(read));
            }
            let Some(mut write) = change(&read).map_err(UpdateError::Change)? else {
                return Ok(Updated::Unchanged(read));
            };
            let is_of_resource = bind(&mut write, &read);
            let must_guard = attempt > 0 || !is_of_resource;
            if must_guard && !has_precondition(write.headers()) {
                return Ok(Updated::Unguarded(read));
            }
            let names_a_state = write.headers().contains_key(IF_MATCH);
            let sendings = Sendings::default();
            write.extensions_mut().insert(sendings.clone());

            let response = send(&mut service, write).await;
            let response = response.map_err(UpdateError::Service)?;
            attempt += 1;
            let is_resent = sendings.are_many() || response.extensions().get::<Resent>().is_some();
            match response.status() {
                // Its own success may have made it fail.
                StatusCode::PRECONDITION_FAILED if names_a_state && is_resent => {
                    return Ok(Updated::Ambiguous(response));
                }
                StatusCode::PRECONDITION_FAILED if names_a_state && attempt < self.attempts => {
                    // Its body may hold a connection.
                    drop(response);
                }
                StatusCode::PRECONDITION_FAILED | StatusCode::PRECONDITION_REQUIRED => {
                    return Ok(Updated::Rejected(response));
                }
                _ => return Ok(Updated::Done(response)),
            }
            (self.pause)(attempt).await;
            past_caches(&mut head.headers);
        }
    }
}

impl<P> fmt::Debug for Update<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update")
            // Its fields may be credentials.
            .field("method", &self.read.method)
            .field("uri", &self.read.uri)
            .field("attempts", &self.attempts)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
