//! HTTP preconditions for Tower: 304, 412 and 428 decided before the handler runs.
//!
//! A [`ConditionalLayer`] asks a [source] for the entity tag and the modification date of
//! the representation that a request selects. It evaluates the preconditions of the request
//! (RFC 9110 section 13), and responds in place of the handler if one of them is false. A
//! middleware that looks at the handler's response cannot prevent a lost update: when it answers
//! 412, the write has already happened.
//!
//! ```
//! use axum::{routing::get, Router};
//! use tower_conditional::{ready_fn, ConditionalLayer, EntityTag, Requirement};
//!
//! async fn read() -> &'static str { "..." }
//! async fn write() {}
//!
//! // 304 for a GET with this tag, 412 for a PUT with another tag, 428 for a PUT without a tag.
//! let source = ready_fn(|_| EntityTag::from_version(7));
//! let layer = ConditionalLayer::new(source).require(Requirement::WRITES);
//! let app: Router = Router::new().route("/document", get(read).put(write).route_layer(layer));
//! ```
//!
//! New to the crate? Read [`guide::getting_started`], then [`guide::lost_updates`].
//!
//! # What the layer does, in order
//!
//! 1. It passes CONNECT, OPTIONS and TRACE on (section 13.2.1). It also passes a request on if
//!    nothing depends on the state of the resource: there is no precondition to evaluate, none is
//!    required, and no validators are added to the response.
//! 2. It asks the source. There are five answers:
//!
//!    | answer | safe request | unsafe request |
//!    |---|---|---|
//!    | [`Selected::Present`] | evaluated | evaluated |
//!    | [`Selected::Missing`] | performed: its 404 takes precedence | evaluated |
//!    | [`Selected::Unknown`], or an error | performed; its preconditions are then evaluated against the validators of its response | 503, if the decision depends on the state |
//!    | [`Selected::Answered`] | as for `Unknown` | the source's response, if the decision depends on the state |
//!    | [`Selected::LeftToHandler`] | passed on | passed on |
//!
//!    An error of the source is also in the extensions of the response, as a
//!    [`SourceError`](source::SourceError).
//! 3. It [evaluates](Preconditions) the fields in the order of section 13.2.2, then a
//!    [requirement](ConditionalLayer::require), then `If-Range`. The first failure decides. The
//!    layer then responds with a [`Refusal`]: 304, 412 or 428, 406 if a policy says so, or 503 if
//!    nothing could be decided.
//! 4. If `If-Range` is false, it removes `Range` and `If-Range` from the request, so that any inner
//!    service responds in full.
//! 5. It puts the [`Outcome`] into the extensions of an unsafe request, so that the handler can
//!    repeat the check where it writes.
//! 6. It adds the source's validators to 2xx responses to GET and HEAD, unless the handler has set
//!    its own. It adds none to a 206, which a client joins with other parts, and nothing to the
//!    response to a write, because what was read before the write is no longer current (section
//!    9.3.4).
//!
//! With the feature `tracing` there is one event for each decision. With
//! [`ConditionalLayer::record_decision`] the [`Decision`] is in the extensions of the response if a
//! precondition was evaluated or required.
//!
//! # Policies
//!
//! Three places can say which requests must be conditional. The first one that does decides:
//!
//! 1. The [policy](ConditionalLayer::policy), a closure over the head of the request and the state
//!    of the representation. It returns a [`Ruling`], which can also ignore the preconditions of a
//!    request, or refuse a conditional request with 406.
//! 2. The source's answer, by [`Representation::with_requirement`]. A source can require something
//!    only of a representation that exists. [`ConditionalLayer::require_per_resource`] makes the
//!    layer ask about unconditional writes.
//! 3. The layer's [requirement](ConditionalLayer::require), by method.
//!
//! Use one layer for each route for settings that differ between routes. If two layers are nested,
//! each evaluates the request on its own, the outer one first.
//!
//! # Edge cases
//!
//! | case | result |
//! |---|---|
//! | no representation, safe method | performed: the handler's 404 takes precedence |
//! | no representation, unsafe method, `If-Match` | 412, unless [`Rules::creation_despite_if_match`] is set, or [`Rules::not_found_first`] for PATCH and DELETE |
//! | no representation, `If-None-Match` | true |
//! | no representation, precondition required | performed, because nothing can be lost; 428 if [`Rules::strict_creation`] is set and the request has no `If-None-Match: *`, except for DELETE |
//! | representation without an entity tag | `*` matches, because it asks for existence; a list does not match |
//! | `If-Match` without a well-formed member | false |
//! | `If-None-Match` without a well-formed member | true, and `If-Modified-Since` is still ignored |
//! | malformed member of a list, or `*` beside other members | skipped; the other members count |
//! | date field that is invalid or has several lines | ignored |
//! | state unknown, safe method | performed; the tag that the handler sets is then evaluated, which can result in a 304 or a 412 |
//! | state unknown, unsafe method that depends on it | 503; the handler does not run |
//! | modification date in the current second or in the future | not sent; `If-Modified-Since` is answered in full, and `If-Unmodified-Since` is false |
//! | date before 1970, leap second, two-digit year | valid |
//! | `If-Range` with a date | true if it is identical to `Last-Modified` and that second is over |
//! | `Range` on a GET | entity tags are compared by RFC 9110, whatever the [`Rules`] |
//! | POST | evaluated like any unsafe method; [`Requirement::WRITES`] does not cover it, but [`Requirement::UNSAFE`] does |
//! | QUERY | evaluated as GET; gets validators only from a source that [knows queries](Representation::of_queries) |
//! | policy returns [`Ruling::NotAcceptable`] | 406 if the request has preconditions, else performed |
//!
//! # Caveats
//!
//! - Another writer can come between the check and the write. The handler has to close that gap,
//!   see [`guide::lost_updates`].
//! - The source and the handler must mean the same resource. For example, axum's `Path` decodes
//!   `/%74est` to `test`, and axum's `nest` removes a prefix from `uri.path()`. If a source does
//!   not find the resource that the handler writes, it returns [`Selected::Missing`], and the write
//!   is not guarded. In axum use `axum::from_fn` (feature `axum`), see [`guide::traps`]. With the
//!   feature `tracing` there is a warning if a read shows that the two differ.
//! - The source reads the validators before the handler reads the representation. A change in
//!   between costs one transfer too many, but never an update. A source that answers from a newer
//!   state than the handler, such as a replica that is ahead, breaks this.
//! - A 304 or a 412 reveals that a resource exists. Put authentication and authorization outside
//!   this layer, or do not let the source answer for what the client may not see.
//! - A refusal that comes before the end of a large upload may not reach its client. Add a
//!   [`DrainLayer`](drain::DrainLayer) as the outermost layer.
//! - CORS, tracing and compression belong outside this layer, see [`guide::layer_order`]. Proxies
//!   that compress change entity tags, see [`guide::proxies`].
//! - A service with preconditions of its own, such as tower-http's `ServeDir`, evaluates them
//!   again. Let the source return the tags that the service itself sends. [`ByHead`] does.
//! - A modification date guards only between seconds: two versions of the same second have the same
//!   date (section 8.8.2.2), so a write in the second of the last change is refused.
//!   `If-Unmodified-Since` satisfies a requirement. Give each representation an entity tag.
//!
//! # Without the layer
//!
//! [`Preconditions`] is the pure core: a function of a method, header fields, the state of the
//! representation, [`Rules`] and the time. It does no I/O and allocates nothing. [`EntityTag`],
//! [`EntityTags`](etag::EntityTags) and [`HttpDate`] work on their own. [`Decision::response`]
//! makes the response that the layer would make.
//!
//! # Modules
//!
//! | module | what is in it |
//! |---|---|
//! | [`server`] | the layer, its service, and the [`Outcome`] |
//! | [`source`] | where validators come from |
//! | [`refusal`] | the responses that replace the handler's |
//! | [`precondition`] | the evaluation, without I/O |
//! | [`etag`], [`date`] | validators |
//! | [`coding`] | a layer for tags of compressed content |
//! | [`drain`] | a layer that lets refusals of uploads arrive |
//! | `lock` | one write after another (feature `lock`) |
//! | `tagging` | a layer that makes tags from response bodies (feature `digest`) |
//! | `client` | a layer for HTTP clients (feature `client`) |
//! | `axum` | sources by extractors, an extractor of the decision, parts of responses (feature `axum`) |
//! | [`guide`] | longer explanations: [getting started](guide::getting_started), [lost updates](guide::lost_updates), [guarded writes](guide::guarded_writes), [order of layers](guide::layer_order), [proxies](guide::proxies), [representations](guide::representations), [testing](guide::testing), [traps](guide::traps), [comparison](guide::comparison) |
//!
//! # Features
//!
//! No feature is enabled by default, and none adds an async runtime.
//!
//! - `axum`: sources that are async functions of extractors, the extractor `Precondition`, and
//!   validators as parts of responses. Needs the Rust version of axum 0.8, today 1.80.
//! - `cache`: `Cached`, a source that remembers the answers of another source.
//! - `client`: a layer for HTTP clients that sends the tag that was read with each write.
//! - `digest`: `EtagLayer`, which makes entity tags by hashing response bodies. Needs Rust 1.88,
//!   because the RustCrypto crates do.
//! - `headers`: conversions from and to the typed fields of the `headers` crate.
//! - `json`: entity tags from values that implement `Serialize`. Enables `digest` and `serde`.
//! - `lock`: lets one write after another reach the handler, so that one that just writes loses no
//!   update. Uses `async-lock`, which needs no runtime.
//! - `serde`: `Serialize` and `Deserialize` for entity tags, as strings.
//! - `tracing`: one event for each decision, and a warning if the source and the handler disagree.
//! - `uuid`: entity tags from UUIDs.
//!
//! # Links
//!
//! - [RFC 9110 section 13](https://www.rfc-editor.org/rfc/rfc9110#section-13), conditional requests
//! - [RFC 9110 section 8.8](https://www.rfc-editor.org/rfc/rfc9110#section-8.8), validators
//! - [RFC 6585 section 3](https://www.rfc-editor.org/rfc/rfc6585#section-3), 428
//! - [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), problem details

#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_debug_implementations, missing_docs)]

#[macro_use]
mod macros;

#[cfg(feature = "axum")]
#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
pub mod axum;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub mod client;
pub mod coding;
pub mod date;
pub mod drain;
pub mod etag;
mod fields;
pub mod guide;
#[cfg(feature = "lock")]
#[cfg_attr(docsrs, doc(cfg(feature = "lock")))]
pub mod lock;
pub mod precondition;
pub mod refusal;
pub mod server;
pub mod source;
#[cfg(feature = "digest")]
#[cfg_attr(docsrs, doc(cfg(feature = "digest")))]
pub mod tagging;
#[cfg(any(feature = "cache", feature = "lock"))]
mod target;

pub use self::{
    date::HttpDate,
    etag::EntityTag,
    precondition::{CurrentState, Decision, Field, Preconditions, Requirement, Rules, Validators},
    refusal::{Refusal, RefusalBody},
    server::{Conditional, ConditionalLayer, Expected, Outcome, Ruling},
    source::{
        ByHead, FromResponse, Representation, Selected, ValidatorSource, ready_fn, source_fn,
    },
};

#[cfg(feature = "digest")]
#[cfg_attr(docsrs, doc(cfg(feature = "digest")))]
pub use self::tagging::EtagLayer;

#[cfg(feature = "cache")]
#[cfg_attr(docsrs, doc(cfg(feature = "cache")))]
pub use self::source::Cached;

#[cfg(all(doctest, feature = "axum"))]
#[doc = include_str!("../README.md")]
struct Readme;
