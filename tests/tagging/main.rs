//! Entity tags made from response bodies.
#![cfg(feature = "digest")]

mod body;
mod composed;
mod head;
mod limit;
mod readiness;
mod support;
mod tags;
mod trailers;
