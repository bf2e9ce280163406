//! Writes under a lock: who waits, when the lock is released, and what the response to a write says.

#![cfg(feature = "lock")]

mod counter;
mod elsewhere;
mod keys;
mod released;
mod support;
mod validators;
mod waiting;
