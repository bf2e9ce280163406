//! Client middleware that remembers validators and guards writes with them.
//!
//! A client that reads a resource, changes it, and writes it back can overwrite what another client
//! wrote in between. HTTP prevents this lost update by `If-Match`: the write names the entity tag of
//! what was read, and the server rejects it with 412 if the resource has changed.
//! [`ConditionalClientLayer`] does the client's part. It wraps any service from `http::Request` to
//! `http::Response`, such as hyper-util's client, reqwest, or a stack of Tower layers. It remembers
//! the validators of each response, and adds preconditions to later requests.
//!
//! Requests are never repeated by the layer. [`Update`] does that safely: it reads, lets a closure
//! make the write, and after a 412 does both again.
//!
//! # What it sends
//!
//! The first row that applies:
//!
//! | request | the layer |
//! |---|---|
//! | CONNECT, OPTIONS, TRACE | changes nothing |
//! | GET or HEAD with [`Revalidate`], or [`revalidate`] is set; no precondition or `Range` of the caller's | adds `If-None-Match` and `If-Modified-Since` with the known validators. The caller gets the 304 |
//! | other GET, HEAD and safe methods, QUERY (RFC 10008) included | adds nothing |
//! | a precondition of the caller's | adds nothing |
//! | [`CreateOnly`] in the extensions | adds `If-None-Match: *` |
//! | POST and other methods without a [guard] | adds nothing |
//! | PUT, PATCH, DELETE, [`Guard::Off`] | adds nothing |
//! | a tag is known, or the request is bound to one by [`KnownValidators`] | adds `If-Match` with the tag, exactly as the server sent it |
//! | a write was [rejected](#rejected-writes) | does not send it: [`ClientErrorReason::Stale`] |
//! | [`Guard::WhenKnown`] (the default), and the resource [has had a tag](#rejected-writes) | does not send it: [`ClientErrorReason::UnknownTag`] |
//! | [`Guard::WhenKnown`] | adds nothing |
//! | [`Guard::ReadFirst`] | sends a GET first, and adds `If-Match` with its tag |
//! | [`Guard::Required`] | does not send it: [`ClientErrorReason::UnknownTag`] |
//!
//! The caller's own preconditions are kept as they are, except that several lines of `If-Match` or
//! `If-None-Match` are joined into one. Some proxies answer 400 to two lines, others read only one.
//!
//! [`revalidate`]: ConditionalClientLayer::revalidate
//! [guard]: ConditionalClientLayer::guard_method
//!
//! # What it learns
//!
//! Validators are stored by URI, credentials, and the request fields that `Vary` names. All names of
//! a resource are one: `http://h/doc`, `HTTP://H:80/doc` and `http://h/%64oc` (RFC 9110 section
//! 4.2.3, RFC 3986 section 6.2.2). A QUERY teaches nothing: its representation is that of its result.
//!
//! | response | to | the layer |
//! |---|---|---|
//! | 200, 203, 204, 206 with a tag | GET, HEAD | remembers its validators |
//! | 200, 203, 204 without a tag | GET | forgets the tag |
//! | 200, 203, 204, 206 without a tag | HEAD | keeps the tag |
//! | 206 without a tag | GET | keeps the tag |
//! | 304 with another tag than the known one | GET, HEAD | remembers that tag |
//! | 200, 201, 204, 209 with a tag | a write, except DELETE | remembers its validators, and forgets all others of the resource |
//! | any other 2xx | a write | forgets the tags |
//! | 404, 410 | any but QUERY | forgets the tags |
//! | 412 | a request with `If-Match` or `If-Unmodified-Since`, but QUERY | forgets the tags, and remembers the rejection |
//! | any other | any | changes nothing |
//!
//! "A write" is PUT, PATCH, DELETE, or a method with a guard of its own.
//!
//! With a [`BodyTag`], the tag in a JSON body counts too, once the caller has read the body to its
//! end. It is kept apart from the tag in `ETag`, and takes precedence. A response then has no tag
//! only if its body was read to the end. If the body has a content coding, or is above the limit,
//! the known tag is kept. A stale tag does no harm: the server answers it with 412.
//!
//! The [`KnownValidators`] of a response are in its extensions.
//!
//! # Rejected writes
//!
//! A 412 or 428 has a [`Rejection`] in its extensions: the precondition that was sent, and the
//! current tag if the server sent it.
//!
//! **After a 412, the layer does not send the write without a precondition until the resource has
//! been read.** It would undo a change that the caller has not seen. A write of the same resource,
//! with no precondition of the caller's and no known tag, fails with [`ClientErrorReason::Stale`].
//! The rejection counts for all credentials, and is not dropped to make room for other resources.
//! This is what becomes of the write after further responses:
//!
//! | after the 412 | the next write |
//! |---|---|
//! | a tag in the fields of a response to GET, HEAD or a write | is sent with that tag |
//! | a tag in the body of a response to a GET or write that was sent after the 412 | is sent with that tag |
//! | a GET that was sent after the 412, and finds that there is no tag | is sent without a precondition, as the guard allows |
//! | a GET that was sent after the 412, and finds no resource (404, 410) | the same |
//! | a GET that was sent before the 412, and finds no tag or no resource | is not sent |
//! | a HEAD or 206 without a tag, or a body that may have one and was not read to its end | is not sent |
//! | a write that succeeds, and whose response has no tag | is not sent |
//! | a 404 or 410 to another method than GET | is not sent |
//! | the tag of the 412 itself, or of another error | is not sent |
//!
//! The GETs without a tag are those with the credentials of the write. What another user sees may
//! have no tag at all. A tag that another user has read ends the rejection, but it is not sent: the
//! write then counts as one to a resource that has had a tag.
//!
//! The same holds, with [`ClientErrorReason::UnknownTag`] and with [`Guard::WhenKnown`] only, once a
//! resource **has had a tag**, in a response to whatever credentials: after a write that was answered
//! without a tag, a DELETE, or new credentials, the next write is not sent until a GET shows the tag,
//! or that there is none.
//!
//! A caller who wants to overwrite the change says so: by [`Guard::Off`] in the extensions of the
//! write, or by a precondition of its own, such as [`CreateOnly`].
//!
//! A 412 to the `If-None-Match: *` of [`CreateOnly`] is no such rejection: it says that the
//! resource exists, and nothing about its state. One to the `If-None-Match: *` of
//! [`Guard::ReadFirst`] is: the resource was created after the layer has found none.
//!
//! # Caveats
//!
//! - **Tasks.** Validators are remembered for the resource, not for the task that read it. Where
//!   tasks share a layer and write the same resource, put the [`KnownValidators`] of the response
//!   that the task has read into the extensions of its write, as [`Update`] does. Otherwise a write
//!   passes with a tag that another task has read.
//! - **Retries.** Put layers that retry inside of this one, and do not let them retry a 412. Each
//!   repetition then carries the same precondition: if the first write has reached the server, the
//!   second one is not applied again, but answered with 412. So a 412 to a write that was repeated
//!   does not show that it was not applied: see [`Resent`]. A layer that retries outside of this one
//!   sends the write anew, with the tag that is known by then; after a 412 it gets an error.
//! - **Redirects.** Put layers that follow redirects outside, so that this layer sees each URI. Turn
//!   off redirects that the HTTP client itself follows: reqwest follows ten by default. The layer
//!   would take the tag of another resource for that of the one that was asked. If they cannot be
//!   turned off, put the [`FinalUri`] into the response: then nothing is learned from it.
//! - **Credentials and cookies.** Users are distinguished by `Authorization`, or by the fields
//!   given to [`credentials`](ConditionalClientLayer::credentials). Put layers that add credentials
//!   outside, or inside if the credentials are always the same. Put layers that sign requests inside:
//!   the signature has to cover the precondition. A cookie store inside, such as reqwest's, must
//!   serve one user only, since this layer does not see its cookies. Name `Cookie` as credentials
//!   only if the cookies of a user do not change between a read and the write.
//! - **Methods.** A method in a field, such as `X-HTTP-Method-Override`, is not seen. The layer goes
//!   by the method of the request.
//! - **Compression.** Put layers that decode content inside of this one. The tag of a compressed
//!   response may be valid for the compressed bytes only. Such a tag fails closed: the server
//!   answers 412.
//! - **Weak tags** never satisfy `If-Match` (RFC 9110 section 13.1.1). They are sent nevertheless,
//!   since some servers compare them weakly. Others answer 412.
//! - **Bounded memory.** A resource that the store has dropped is treated as if it had never been
//!   read, but a rejection is kept. Use [`Guard::Required`] if an unguarded write must never be sent.
//! - **Tags in bodies only.** If all bodies have a content coding or are above the limit of the
//!   [`BodyTag`], no GET can show that a resource has no tag. After a 412 only a tag or
//!   [`Guard::Off`] lets a write pass.
//!
//! # Example
//!
//! ```
//! # use std::convert::Infallible;
//! # use bytes::Bytes;
//! # use http_body_util::Full;
//! use http::{Request, Response};
//! use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
//! use tower_conditional::client::{ClientErrorReason, ConditionalClientLayer, Guard, Rejection};
//!
//! # tokio_test::block_on(async {
//! // Takes the place of hyper-util's client. Another client has since written the note.
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
//! let rejection = Rejection::of(&response).expect("the status is 412");
//! assert_eq!(rejection.sent().unwrap(), "\"1\"");
//! assert_eq!(rejection.current().unwrap().as_bytes(), b"\"2\"");
//!
//! // The same write again is not sent. The note has to be read first.
//! let error = client.ready().await?.call(write).await.unwrap_err();
//! assert_eq!(error.reason(), ClientErrorReason::Stale);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! With hyper-util, and tags in JSON bodies:
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
//! With reqwest, whose client has its own request and response types. It must not follow redirects:
//!
//! ```ignore
//! use http::Request;
//! use reqwest::Body;
//! use tower::{Service, ServiceBuilder, ServiceExt};
//! use tower_conditional::client::ConditionalClientLayer;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let http = reqwest::Client::builder()
//!     .redirect(reqwest::redirect::Policy::none())
//!     .build()?;
//! let mut client = ServiceBuilder::new()
//!     .layer(ConditionalClientLayer::new())
//!     .map_response(http::Response::<Body>::from)
//!     .filter(|request: Request<Body>| reqwest::Request::try_from(request))
//!     .service(http);
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
mod inside;
mod known;
mod layer;
mod learn;
mod prepare;
mod read;
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
    inside::{FinalUri, Resent},
    known::KnownValidators,
    layer::ConditionalClientLayer,
    rejection::Rejection,
    service::ConditionalClient,
    tag::{InvalidServerTag, ServerTag},
    update::{Update, UpdateError, Updated},
};
