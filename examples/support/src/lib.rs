//! What the examples share: serving until they are stopped, and timestamps. For their tests: a
//! client that sends requests byte for byte, and ways to run an example, or a server of others, as a
//! process.

pub mod daemon;
pub mod listen;
pub mod process;
pub mod scenario;
pub mod serve;
pub mod shutdown;
mod timestamp;
pub mod unguarded;

use axum::http::{HeaderMap, header::CONTENT_TYPE};

pub use self::{serve::serve, timestamp::Timestamp};

/// Returns the media type in `Content-Type`, without its parameters. Without the field it is empty.
pub fn media_type_essence(headers: &HeaderMap) -> &str {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next());
    essence.unwrap_or_default().trim()
}
