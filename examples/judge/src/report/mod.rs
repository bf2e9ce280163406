//! Reports for people and machines.

mod html;
mod table;
mod text;

pub use self::{html::html, table::table, text::text};
use crate::verdict::Report;

/// JSON for machines: the whole report.
pub fn json(report: &Report) -> String {
    let text = serde_json::to_string_pretty(report).unwrap_or_default();
    text + "\n"
}
