//! Reports for people and machines.

mod html;
mod json;
mod table;
mod text;

pub use self::{html::html, json::json, table::table, text::text};
