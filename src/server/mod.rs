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
//! 4. If `If-Range` is false it removes `Range` and `If-Range`, so that any inner service answers
//!    in full.
//! 5. It puts the [`Outcome`] into the extensions of the request, so that the handler can repeat
//!    the check where the data is stored.
//! 6. It adds the validators to 2xx responses to GET and HEAD, where the handler set none. It adds
//!    nothing to the response to a write: the validators that were read before are no longer
//!    current (section 9.3.4).
//!
//! The [`Decision`](crate::Decision) is in the extensions of the response if a precondition was
//! evaluated or required. With feature `tracing` each decision is an event.
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
//! - Another writer may come between the check and the write. The handler must close that gap: see
//!   [`Outcome`].
//! - The error type is that of the wrapped service. An error of the source never becomes one.
//! - The layer calls exactly the instance of the wrapped service that was polled ready.
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
mod body;
mod decide;
mod event;
mod future;
mod layer;
mod outcome;
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
