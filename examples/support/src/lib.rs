//! What the examples share: serving until they are stopped, and timestamps. For their tests: a
//! client that sends requests byte for byte, and a way to run an example as a process.

pub mod listen;
pub mod process;
pub mod scenario;
mod serve;
pub mod shutdown;
mod timestamp;

pub use self::{serve::serve, timestamp::Timestamp};
