//! `DrainLayer`: what it reads and what it leaves alone, and that refusals of uploads arrive.

mod axum;
mod cancellation;
mod clients;
mod expect;
mod http1;
mod http2;
mod large;
mod limits;
mod passing;
mod reading;
mod runtimes;
mod support;
mod wire;
