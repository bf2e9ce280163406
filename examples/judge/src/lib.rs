//! Tells how any HTTP server does preconditions, and whether it loses updates.
//!
//! ```sh
//! cargo run -p example-judge -- http://127.0.0.1:3000/
//! cargo run -p example-judge -- http://127.0.0.1:3000/ --write --writers 4
//! ```
//!
//! - Reading: [`questions`] are rows of tables; [`oracle`] says what to expect of each.
//! - Writing: [`mod@write`], against a resource that may be overwritten.
//! - Racing: [`race`] records what concurrent writers do, and checks the history.
//!
//! `README.md` has the options, and a table of what well-known servers do.

pub mod budget;
pub mod client;
pub mod dates;
pub mod facts;
pub mod message;
pub mod oracle;
pub mod questions;
pub mod race;
mod reading;
pub mod report;
mod run;
pub mod template;
pub mod verdict;
pub mod write;

pub use self::run::{Content, Options, judge};
