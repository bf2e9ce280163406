//! HTTP preconditions for Tower: 304, 412 and 428 decided before the handler runs.
//!
//! A [`ConditionalLayer`] asks a [`ValidatorSource`] for the entity tag and the modification date of
//! the representation that a request selects, evaluates the request's preconditions (RFC 9110
//! section 13), and answers in place of the handler where they are false. A middleware that looks
//! at the handler's response cannot do that: when it answers 412, the write has happened.
//!
//! ```
//! use axum::{routing::get, Router};
//! use http::request::Parts;
//! use tower_conditional::{ready_fn, ConditionalLayer, EntityTag, Requirement};
//!
//! async fn read() -> &'static str { "..." }
//! async fn write() {}
//!
//! // 304 for a GET that holds this tag, 412 for a PUT that holds another, 428 for one with none.
//! let source = ready_fn(|_: &Parts| EntityTag::from_version(7));
//! let layer = ConditionalLayer::new(source).require(Requirement::WRITES);
//! let app: Router = Router::new().route("/document", get(read).put(write).route_layer(layer));
//! ```
//!
//! # What the layer does, in order
//!
//! 1. CONNECT, OPTIONS and TRACE go straight through (section 13.2.1), and so does a request on
//!    which nothing depends: no precondition to evaluate, none required, no validators to put on
//!    its response.
//! 2. It asks the source. There are three answers, [`Selected::Present`], [`Selected::Missing`] and
//!    [`Selected::Unknown`]; an error is as good as the last one, and is recorded.
//! 3. It [evaluates](Preconditions) the fields in the order of section 13.2.2, then whether a
//!    precondition was [required](ConditionalLayer::require), then `If-Range`. The first failure
//!    wins, and is answered by a [`Refusal`]: 304, 412, 428, or 503 for a write that cannot be
//!    decided.
//! 4. If `If-Range` is false it removes `Range` and `If-Range`, so that any inner service answers
//!    in full.
//! 5. It puts the [`Outcome`] into the request's extensions, for the handler to repeat the check
//!    where the data lives.
//! 6. It puts the validators on 2xx responses to GET and HEAD, where the handler set none. Nothing
//!    is put on the response to a write: what was read before it is no longer true (section 9.3.4).
//!
//! The [`Decision`] is in the extensions of the response, for outer layers, wherever a precondition was
//! evaluated or required, and with feature `tracing` there is one event a decision.
//!
//! # Policies
//!
//! Which requests must be conditional is said by, and the first that speaks wins:
//!
//! 1. the [policy](ConditionalLayer::policy) on the request: a closure over its head and what is known
//!    of the representation, which can also have preconditions ignored or refused ([`Ruling`]);
//! 2. the source's answer for the resource ([`Representation::with_requirement`]). It cannot speak of
//!    what is missing or unknown;
//! 3. the layer's [requirement](ConditionalLayer::require) of the method.
//!
//! What differs from route to route is a layer for each, by `MethodRouter::route_layer` in axum. Of
//! two layers around one another each decides by itself, the outer one first.
//!
//! # Edge cases
//!
//! | case | answer |
//! |---|---|
//! | no representation, safe method | the handler runs: its 404 wins |
//! | no representation, unsafe method, `If-Match` | 412, unless by [`Rules::creation_despite_if_match`] |
//! | no representation, `If-None-Match` | true |
//! | no representation, precondition required | nothing to lose: not 428, unless by [`Rules::strict_creation`] |
//! | representation without entity tag | `*` matches, as it asks for existence; a list does not |
//! | `If-Match` without a well-formed member | false |
//! | `If-None-Match` without a well-formed member | true, and still suppresses `If-Modified-Since` |
//! | malformed member of a list, or `*` beside others | skipped, the others count |
//! | date field that is invalid or repeated | ignored |
//! | nothing known, safe method | the handler runs; the tag that it sets is compared (a late 304) |
//! | nothing known, unsafe method that depends on it | 503, the handler does not run |
//! | modification date in the future | sent as now |
//! | date before 1970, leap second, two-digit year | a date: it guards |
//! | `If-Range` with a date | true if it is the very `Last-Modified`, and that second is over |
//! | POST | evaluated like every unsafe method; [`Requirement::WRITES`] leaves it out |
//!
//! # Caveats
//!
//! - Between the check and the write another writer may come. The handler has to close that gap,
//!   see [`Outcome`].
//! - A 304 or a 412 tells that a resource exists. Put authentication and authorization outside of
//!   this layer, and do not let the source answer for what the client may not see.
//! - CORS, tracing and compression belong outside, see the README's table: an outer layer has to see
//!   the 304, and a compressing one has to see the tag.
//! - The source reads validators before the handler reads the representation. If it did so after,
//!   a change in between would give old content a new tag.
//! - A service with validators of its own, such as `ServeDir`, evaluates the preconditions again. Let
//!   the source tell the very tags that the service sends; [`ByHead`] does.
//! - axum's `Router::layer` puts `Content-Length: 0` on responses without content, a 304 over HTTP/2 or
//!   to HEAD included, where it is wrong (section 8.6). Around the router it does not get there:
//!   `ServiceBuilder::new().map_response(IntoResponse::into_response).layer(conditional)
//!   .service(router)`.
//! - The source and the handler have to mean the same resource: `/%74est` is `/test` to axum's `Path`,
//!   and not to a source that looks at `uri.path()`. If the source then says that there is nothing,
//!   nothing is guarded.
//! - A modification date is a weak guard: two versions of one second have the same (section 8.8.2.2).
//!   `If-Unmodified-Since` satisfies a requirement all the same, for a client that knows no entity
//!   tag has nothing better. Let every representation have an entity tag.
//!
//! # Without the layer
//!
//! [`Preconditions`] is the pure core: a function of a method, header fields, validators, [`Rules`]
//! and the time. [`EntityTag`], [`EntityTags`] and [`HttpDate`] are of use on their own.
//!
//! # Features
//!
//! None is on by default, and none brings in a part of a runtime.
//!
//! - `tracing`: one event a decision.
//! - `serde`: entity tags as strings in serialized values.
//! - `uuid`: entity tags from UUIDs.
//! - `digest`: entity tags from digests, and `EtagLayer`, which makes them from response bodies.
//!   Needs Rust 1.88, as the RustCrypto crates do.
//! - `json`: entity tags from values that serialize.
//! - `cache`: a source that remembers the answers of another.
//! - `client`: a layer for HTTP clients, which sends what was read with the write.
//!
//! # Links
//!
//! - [RFC 9110 section 13](https://www.rfc-editor.org/rfc/rfc9110#section-13), conditional requests
//! - [RFC 9110 section 8.8](https://www.rfc-editor.org/rfc/rfc9110#section-8.8), validators
//! - [RFC 6585 section 3](https://www.rfc-editor.org/rfc/rfc6585#section-3), 428
//! - [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), problem details

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub mod client;
mod coding;
mod config;
mod date;
mod error;
mod etag;
#[cfg(feature = "digest")]
mod etag_layer;
mod evaluation;
mod event;
#[allow(dead_code, clippy::empty_line_after_doc_comments)]
mod fields;
mod future;
mod layer;
mod outcome;
mod precondition;
mod problem;
mod requirement;
mod response;
mod service;
mod source;

#[cfg(feature = "json")]
pub use self::etag::UnserializableValue;
pub use self::{
    body::ResponseBody,
    coding::{CodingSuffix, CodingSuffixFuture, CodingSuffixLayer},
    date::{HttpDate, InvalidDate},
    error::ConfigError,
    etag::{EntityTag, EntityTagRef, EntityTags, InvalidEntityTag},
    future::ResponseFuture,
    layer::ConditionalLayer,
    outcome::{Expected, Outcome},
    precondition::{Current, Decision, Field, Preconditions, Rules, Validators},
    requirement::{NoPolicy, RequestPolicy, Requirement, Ruling},
    response::{DefaultRespond, Refusal, Respond, refusal_response},
    service::Conditional,
    source::{
        Ask, BindSource, ByHead, FirstKnown, FirstKnownFuture, FirstKnownSource, FromResponse,
        HeadFuture, HeadSource, IntoAnswer, OnDemand, Oneshot, ReadyFn, Representation, Selected,
        ServiceSource, SourceError, ValidatorSource, ready_fn,
    },
};

#[cfg(feature = "digest")]
#[cfg_attr(docsrs, doc(cfg(feature = "digest")))]
pub use self::etag_layer::{Etag, EtagBody, EtagFuture, EtagLayer};

#[cfg(feature = "cache")]
#[cfg_attr(docsrs, doc(cfg(feature = "cache")))]
pub use self::source::{CacheKey, Cached, CachedFuture, CachedSource, UriKey, Watch, WatchFuture};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
