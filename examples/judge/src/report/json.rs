//! JSON for machines.

use crate::verdict::Report;

/// The whole report.
pub fn json(report: &Report) -> String {
    let text = serde_json::to_string_pretty(report).unwrap_or_default();
    text + "\n"
}
