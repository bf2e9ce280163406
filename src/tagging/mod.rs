//! Entity tags made from response bodies.

mod body;
mod collect;
mod future;
mod layer;
mod service;
mod trailers;

pub use self::{body::EtagBody, future::EtagFuture, layer::EtagLayer, service::Etag};
