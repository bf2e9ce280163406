//! The sources that come with the crate, around mock services, an axum router, `ServeDir`, and an
//! upstream over real HTTP.

mod boxed;
mod by_head;
mod by_head_calls;
mod by_head_edges;
#[cfg(feature = "cache")]
mod cached;
#[cfg(feature = "cache")]
mod cached_by_head;
#[cfg(feature = "cache")]
mod cached_concurrent;
#[cfg(feature = "cache")]
mod cached_missing;
#[cfg(feature = "cache")]
mod cached_order;
#[cfg(feature = "cache")]
mod cached_questions;
#[cfg(feature = "cache")]
mod cached_requests;
#[cfg(feature = "cache")]
mod cached_room;
#[cfg(feature = "cache")]
mod cached_vary;
#[cfg(feature = "cache")]
mod cached_writes;
mod first_known;
mod from_response;
mod proxy;
mod router;
mod serve_dir;
mod service;
mod support;
