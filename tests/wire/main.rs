//! The bytes on the wire: hyper and axum servers on loopback, and clients written by hand.

mod axum_server;
mod expect_continue;
mod fields;
mod http2;
mod not_modified;
mod refusals;
mod support;
