//! Entity tags of representations that an inner layer compresses.

mod future;
mod layer;
mod restore;
mod service;
mod suffix;

pub use self::{future::CodingSuffixFuture, layer::CodingSuffixLayer, service::CodingSuffix};
