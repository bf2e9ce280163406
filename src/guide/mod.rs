//! Longer explanations, with examples that run.
//!
//! This module contains documentation only.
//!
//! | page | question |
//! |---|---|
//! | [`getting_started`] | How do I add the layer to a service? |
//! | [`lost_updates`] | Will I lose updates? |
//! | [`guarded_writes`] | Can I make a lost update a compile error? |
//! | [`layer_order`] | Where does the layer go, relative to tracing, CORS, authentication and compression? |
//! | [`proxies`] | What do I configure behind a proxy or a CDN? |
//! | [`representations`] | What if one resource has several representations? |
//! | [`testing`] | How do I test my service? |
//! | [`traps`] | What goes wrong in axum without an error? |
//! | [`comparison`] | What else exists, and how does it differ? |
//!
//! The words that these pages use:
//!
//! - A **validator** is an entity tag or a modification date (RFC 9110 section 8.8).
//! - The **selected representation** is what a GET for the same target would return (section 3.2).
//!   Preconditions are evaluated against its validators.
//! - A **source** returns these validators, see [`ValidatorSource`](crate::ValidatorSource).
//! - The **decision** is the result of the evaluation, see [`Decision`](crate::Decision).
//! - The **outcome** is what the handler receives of it, see [`Outcome`](crate::Outcome).
//! - A **refusal** is a response that the layer makes in place of the handler's, see
//!   [`Refusal`](crate::Refusal).
//! - A **requirement** says which methods must carry a precondition, see
//!   [`Requirement`](crate::Requirement).

pub mod comparison;
pub mod getting_started;
pub mod guarded_writes;
pub mod layer_order;
pub mod lost_updates;
pub mod proxies;
pub mod representations;
pub mod testing;
pub mod traps;
