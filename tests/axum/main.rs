//! The layer on axum routers, with tower-http's layers around it and its file server inside.

mod app;
mod around;
mod everywhere;
#[cfg(feature = "axum")]
mod extractors;
mod files;
#[cfg(feature = "axum")]
mod notes;
#[cfg(feature = "axum")]
mod precondition;
#[cfg(feature = "axum")]
mod rejections;
#[cfg(feature = "axum")]
mod respond;
#[cfg(feature = "axum")]
mod rewritten;
mod routers;
mod transport;
#[cfg(feature = "axum")]
mod traps;
#[cfg(feature = "axum")]
mod unmatched;
