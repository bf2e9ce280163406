//! Entity tags of representations that an inner layer compresses.

mod future;
mod layer;
mod restore;
mod service;
mod suffix;

#[cfg(feature = "digest")]
pub(crate) use self::suffix::trim;
pub use self::{future::CodingSuffixFuture, layer::CodingSuffixLayer, service::CodingSuffix};
