//! What the examples share: serving until told to stop, timestamps; and for their tests, a client that
//! sends requests byte for byte, and an example as a process of its own.

pub mod listen;
pub mod process;
pub mod scenario;
mod serve;
pub mod shutdown;
mod timestamp;

pub use self::{serve::serve, timestamp::Timestamp};
