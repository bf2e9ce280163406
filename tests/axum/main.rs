//! The layer on axum routers, with tower-http's layers around it and its file server inside.

mod app;
mod around;
mod files;
mod routers;
