//! The client layer: what it sends, what it learns, and what it never does.
#![cfg(feature = "client")]

mod body;
mod body_only;
mod concurrency;
mod credentials;
mod frames;
mod guard;
mod http1;
mod inside;
mod learn;
mod proxy;
mod query;
mod readiness;
mod rejection;
mod revalidate;
mod store;
mod support;
mod update;
