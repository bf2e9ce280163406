//! The middleware: a layer that evaluates preconditions before the wrapped service runs.
//!
//! # Rules, in order
//!
//! 1. CONNECT, OPTIONS and TRACE go straight through (RFC 9110 section 13.2.1). So does a request
//!    if nothing depends on the state of the representation: there is no precondition to evaluate,
//!    none is required, and there are no validators to add to the response.
//! 2. The layer asks the [source](crate::source). On [`Selected::LeftToHandler`](crate::Selected)
//!    the request goes straight through.
//! 3. It evaluates the [preconditions](crate::precondition) in the order of section 13.2.2, then
//!    whether a precondition was [required](ConditionalLayer::require), then `If-Range`. The first
//!    failure wins, and a [refusal](crate::refusal) answers the request.
//! 4. If `If-Range` is false it removes `Range` and `If-Range`, so that any inner service answers in
//!    full. It joins the lines of an `If-Match` or `If-None-Match` that has several, so that an inner
//!    service that reads only one of them does not refuse what is true.
//! 5. It puts the [`Outcome`] into the extensions of an unsafe request, so that the handler can
//!    repeat the check where the data is stored. A read gets it only with
//!    [`outcome_of_reads`](ConditionalLayer::outcome_of_reads).
//! 6. It adds the validators to 2xx responses to GET and HEAD, where the handler set none. It adds
//!    them to a response to QUERY only if the source says that it
//!    [knows queries](crate::Representation::of_queries). It adds none to a 206, because a client
//!    joins parts that have the same validator, and nothing to the response to a write: what was
//!    read before is no longer current (section 9.3.4).
//! 7. If the source did not know the state, it evaluates the preconditions of a safe request against
//!    the validators of its 2xx response. The response is replaced by a 304 or a 412 if one of them is
//!    false. A complete response without `ETag` is not compared with `If-Match`.
//!
//! With feature `tracing` each decision is an event. With
//! [`record_decision`](ConditionalLayer::record_decision) the [`Decision`](crate::Decision) is in the
//! extensions of the response if a precondition was evaluated or required.
//!
//! # Which requests must be conditional
//!
//! The first of these that applies wins:
//!
//! 1. the [`Ruling`] of the [policy](ConditionalLayer::policy) on the request;
//! 2. the requirement in the source's answer
//!    ([`Representation::with_requirement`](crate::Representation::with_requirement)), for a
//!    representation that is present;
//! 3. the [requirement](ConditionalLayer::require) of the layer.
//!
//! Use one layer for each route for settings that differ between routes. If two layers are nested,
//! each evaluates the request on its own, the outer one first.
//!
//! # Caveats
//!
//! - Another writer may come between the check and the write. The handler must close that gap, see
//!   [`Outcome`], or a `lock` does (feature `lock`).
//! - The error type is that of the wrapped service. An error of the source never becomes one.
//! - The layer calls exactly the instance of the wrapped service that was polled ready. If it refuses
//!   a request, it does not call that instance. What `poll_ready` has reserved, such as a permit of
//!   Tower's `ConcurrencyLimit`, stays reserved until the instance is called the next time or
//!   dropped. hyper and axum drop it after each request. Code that keeps an instance should put such
//!   a limit around the layer, or [`clone`](Clone::clone) the service for each request.
//!
//! # Example
//!
//! The type of a service can be named, for example in a struct:
//!
//! ```
//! use tower::Layer;
//! use tower_conditional::{
//!     ready_fn, source::BoxedSource, Conditional, ConditionalLayer, EntityTag, ValidatorSource,
//! };
//!
//! struct Documents<S> {
//!     service: Conditional<S, BoxedSource>,
//! }
//!
//! fn documents<S>(inner: S) -> Documents<S> {
//!     let source = ready_fn(|_| EntityTag::from_version(7)).boxed();
//!     Documents { service: ConditionalLayer::new(source).layer(inner) }
//! }
//! ```

mod after;
#[cfg(feature = "lock")]
mod again;
mod body;
#[cfg(feature = "lock")]
mod busy;
mod decide;
mod event;
mod future;
mod late;
mod layer;
#[cfg(feature = "lock")]
mod locked;
#[cfg(not(feature = "lock"))]
#[path = "unlocked.rs"]
mod locked;
mod outcome;
mod refuse;
mod ruling;
mod service;
mod settings;

pub use self::{
    body::ResponseBody,
    future::ResponseFuture,
    layer::ConditionalLayer,
    outcome::{Expected, Outcome},
    ruling::Ruling,
    service::Conditional,
};
