//! A layer around an HTTP client that remembers validators and guards writes with them.
//!
//! It wraps any service from `http::Request` to `http::Response`: hyper-util's legacy client,
//! reqwest, a stack of Tower layers.
//!
//! # What it does, in order
//!
//! 1. **Before a write** (PUT, PATCH, DELETE) without a precondition of the caller's: adds `If-Match`
//!    with the tag that it remembers (RFC 9110 section 13.1.1), weak or malformed as the server
//!    sent it. Where it remembers none the [`Guard`] says what to do: send the write as it is, read
//!    first, or fail with a [`ClientError`] before anything is sent. [`CreateOnly`] asks for
//!    `If-None-Match: *` instead.
//! 2. **Before a read** that asks for it by [`Revalidate`]: adds `If-None-Match` and
//!    `If-Modified-Since`. The 304 goes to the caller, who has kept the representation.
//! 3. The caller's own preconditions are never changed, but put into one line each: some proxies
//!    answer 400 to two lines, others read only one of them.
//! 4. **After a response** to GET or HEAD (200, 203, 204, 206), or to a write that tells the new
//!    tag (200, 201, 204, 209): remembers its validators, by URI, credentials and the fields that
//!    Vary names. They are in the response's extensions, too: [`Remembered`].
//! 5. Where a [`BodyTag`] is set, remembers the tag in a JSON body as well, once the caller has read it
//!    to its end. That tag and the one in the field are kept apart: proxies rewrite only the latter,
//!    so the former guards writes if there is one.
//! 6. Forgets on 404 and 410, on a success of a write without a new tag, on a 412 to a request
//!    that named a state, and when a GET finds that there is no tag any more. Where a [`BodyTag`] is set
//!    only a body that was read to its end tells that. A HEAD, a 206, and a body that is coded or
//!    above the limit say nothing of a tag that they do not show: what is known stays, and fails closed
//!    if it is stale.
//! 7. **412 and 428** carry a [`Refused`] in their extensions, with the precondition that was sent and
//!    the current tag, if told. Neither status teaches the layer a tag.
//!
//! **A write that was refused never goes out without its precondition.** The layer does not repeat
//! requests. If the caller repeats a write that was answered 412, without having read the resource
//! since, the result is a [`ClientError`] that [is stale](ClientError::is_stale), and nothing is
//! sent: with no tag it would undo the other writer's change. What ends it is a tag, or a GET, sent
//! after the 412, that finds no tag or no resource; not another write that tells no tag. [`Update`]
//! reads again, and lets a closure make a new write.
//!
//! # Caveats
//!
//! - What is remembered belongs to the resource, not to the task that read it. Where several tasks
//!   share a layer and edit the same resource, each one puts the [`Remembered`] of the response that it
//!   has read into the extensions of its write; [`Update`] does so. Otherwise a task's write passes with the
//!   tag of what another one has read.
//! - Where a [`BodyTag`] is set, and the bodies are coded or above its limit, no GET can tell that a
//!   resource has no tag: after a 412 only a tag, or [`Guard::Off`] in the extensions of a write, lets it pass.
//! - The store is bounded, and drops what was used longest ago. A write to a resource that was dropped from it is one to a resource that
//!   was never read; [`Guard::Required`] rules out that it is sent unguarded.
//! - The URI is the one that the layer sees. It belongs inside of layers that follow redirects, and
//!   outside of layers that add credentials only if these are always the same.
//! - It belongs outside of layers that decode content: the tag of a compressed response may name its
//!   compressed bytes only. Such tags in `If-Match` fail closed, with 412.
//! - By RFC 9110 section 13.1.1 no weak tag ever satisfies `If-Match`. They are sent as they are, for servers
//!   that compare them weakly; others answer 412.
//!
//! # Example
//!
//! ```
//! # use std::convert::Infallible;
//! # use bytes::Bytes;
//! # use http_body_util::Full;
//! use http::{Request, Response};
//! use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
//! use tower_conditional::client::{ConditionalClientLayer, Guard, Refused};
//!
//! # tokio_test::block_on(async {
//! // Stands for hyper-util's client; another writer has been faster.
//! let http = service_fn(|request: Request<Full<Bytes>>| async move {
//!     let (status, tag) = match request.headers().get("if-match") {
//!         Some(tag) if tag == "\"1\"" => (412, "\"2\""),
//!         _ => (200, "\"1\""),
//!     };
//!     Response::builder().status(status).header("etag", tag).body(Full::<Bytes>::default())
//! });
//! let mut client = ServiceBuilder::new()
//!     .layer(ConditionalClientLayer::new().guard(Guard::Required))
//!     .service(http);
//!
//! let read = Request::get("http://localhost/notes/1").body(Full::default())?;
//! client.ready().await?.call(read).await?;
//!
//! let write = Request::put("http://localhost/notes/1").body(Full::from("new"))?;
//! let response = client.ready().await?.call(write.clone()).await?;
//! let refused = Refused::of(&response).expect("a 412");
//! assert_eq!(refused.sent().unwrap(), "\"1\"");
//! assert_eq!(refused.current().unwrap().as_bytes(), b"\"2\"");
//!
//! let error = client.ready().await?.call(write).await.unwrap_err();
//! assert!(error.is_stale(), "the resource has to be read again");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! With hyper-util:
//!
//! ```no_run
//! use bytes::Bytes;
//! use http::Request;
//! use http_body_util::Full;
//! use hyper_util::{client::legacy::Client, rt::TokioExecutor};
//! use tower::{Service, ServiceBuilder, ServiceExt};
//! use tower_conditional::client::{BodyTag, ConditionalClientLayer};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let mut client = ServiceBuilder::new()
//!     .layer(ConditionalClientLayer::new().body_tag(BodyTag::at("/@odata.etag")?))
//!     .service(Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>());
//! let request = Request::get("http://localhost/redfish/v1/Systems/1").body(Full::default())?;
//! let response = client.ready().await?.call(request).await?;
//! # Ok(())
//! # }
//! ```
//!
//! With reqwest, whose client takes its own requests:
//!
//! ```no_run
//! use http::Request;
//! use reqwest::Body;
//! use tower::{Service, ServiceBuilder, ServiceExt};
//! use tower_conditional::client::ConditionalClientLayer;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let mut client = ServiceBuilder::new()
//!     .layer(ConditionalClientLayer::new())
//!     .map_response(http::Response::<Body>::from)
//!     .filter(|request: Request<Body>| reqwest::Request::try_from(request))
//!     .service(reqwest::Client::new());
//! let request = Request::get("http://localhost/notes/1").body(Body::default())?;
//! let response = client.ready().await.map_err(|e| e.to_string())?.call(request).await;
//! # Ok(())
//! # }
//! ```
//!
//! # Links
//!
//! - RFC 9110 sections [8.8](https://www.rfc-editor.org/rfc/rfc9110#section-8.8) (validators) and
//!   [13](https://www.rfc-editor.org/rfc/rfc9110#section-13) (conditional requests)
//! - [RFC 6585 section 3](https://www.rfc-editor.org/rfc/rfc6585#section-3) (428)
//! - [Detecting the lost update problem](https://www.w3.org/1999/04/Editing/)

mod body;
mod body_tag;
mod error;
mod exchange;
mod fields;
mod future;
mod guard;
mod known;
mod layer;
mod learn;
mod prepare;
mod record;
mod rejection;
mod service;
pub mod store;
mod tag;
mod update;

pub use self::{
    body::ClientBody,
    body_tag::{BodyTag, InvalidPointer},
    error::{ClientError, ClientErrorReason},
    future::ClientFuture,
    guard::{CreateOnly, Guard, Revalidate},
    known::KnownValidators,
    layer::ConditionalClientLayer,
    rejection::Rejection,
    service::ConditionalClient,
    tag::{InvalidServerTag, ServerTag},
    update::{Update, UpdateError, Updated},
};
