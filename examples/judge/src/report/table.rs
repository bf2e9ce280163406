//! The table of who does what, in Markdown, from reports in JSON.

use std::fmt::Write;

use crate::{
    dates::{self, Form},
    verdict::{Outcome, Report},
};

/// The columns: a name, and the questions that make it up.
const COLUMNS: &[(&str, &[&str])] = &[
    (
        "304 by tag",
        &["same", "weak-matches", "strong-matches", "head-same"],
    ),
    (
        "304 by date",
        &["since-same", "since-after", "since-rfc850", "since-asctime"],
    ),
    ("lists", &["list-last", "list-empty-middle", "comma-inside"]),
    ("several lines", &["lines-second", "lines-if-match"]),
    (
        "412 to GET",
        &["if-match-other", "if-match-weak", "unmodified-before"],
    ),
    (
        "order",
        &[
            "none-match-over-since",
            "match-over-unmodified",
            "match-first",
        ],
    ),
    (
        "If-Range",
        &["if-range-other", "if-range-later", "if-range-weak"],
    ),
    (
        "fields of the 304",
        &["304-etag", "304-vary", "304-cache-control", "304-length"],
    ),
    ("codings", &["coded-tag", "coded-vary", "coded-same"]),
    (
        "guarded writes",
        &[
            "write-stale",
            "write-create-only",
            "delete-stale",
            "write-unmodified",
        ],
    ),
    ("race", &["race-chain"]),
];

/// One row a server. A cell names the questions that it fails, or warns of.
pub fn table(reports: &[(String, Report)]) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut text, reports);
    text
}

fn write(text: &mut String, reports: &[(String, Report)]) -> std::fmt::Result {
    write!(text, "| server | pass | fail | warn |")?;
    for (name, _) in COLUMNS {
        write!(text, " {name} |")?;
    }
    write!(text, "\n|---|---|---|---|")?;
    for _ in COLUMNS {
        write!(text, "---|")?;
    }
    writeln!(text)?;
    for (name, report) in reports {
        write!(text, "| {name} |")?;
        for outcome in [Outcome::Pass, Outcome::Fail, Outcome::Warn] {
            write!(text, " {} |", report.count(outcome))?;
        }
        for (_, ids) in COLUMNS {
            write!(text, " {} |", cell(report, ids))?;
        }
        writeln!(text)?;
    }
    writeln!(text, "\nAll that fails, by question:\n")?;
    for (name, report) in reports {
        let fails = report.ids(Outcome::Fail);
        let fails = match fails.is_empty() {
            true => "nothing".to_owned(),
            false => format!("`{}`", fails.join("`, `")),
        };
        writeln!(text, "- {name}: {fails}")?;
    }
    if let Some(last) = reports.iter().map(|(_, report)| report.date).max() {
        let date = dates::write(last, Form::Imf);
        // Without the day of the week and the time.
        let day = date.get(5..16).unwrap_or_default();
        writeln!(
            text,
            "\nJudged on {day} by judge {}.",
            env!("CARGO_PKG_VERSION")
        )?;
    }
    Ok(())
}

fn cell(report: &Report, ids: &[&str]) -> String {
    let asked = |wanted: &str| report.verdicts.iter().find(|verdict| verdict.id == wanted);
    let verdicts: Vec<_> = ids.iter().filter_map(|id| asked(id)).collect();
    let wrong: Vec<String> = verdicts
        .iter()
        .filter(|verdict| matches!(verdict.outcome, Outcome::Fail | Outcome::Warn))
        .map(|verdict| format!("`{}`", verdict.id))
        .collect();
    if !wrong.is_empty() {
        return format!("no: {}", wrong.join(", "));
    }
    match verdicts
        .iter()
        .any(|verdict| verdict.outcome == Outcome::Pass)
    {
        true => "yes".to_owned(),
        false => "–".to_owned(),
    }
}
