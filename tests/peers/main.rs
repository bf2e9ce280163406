//! Bugs of other implementations that this crate could have as well: one test each, in a module
//! named after the peer.

mod actix_files;
mod etag_actix_middleware;
mod headers;
mod httpdate;
mod loco;
mod ntex_files;
mod others;
mod poem;
mod reinhardt;
mod rustango;
mod support;
mod tower_etag_cache;
mod tower_http;
mod warp;
