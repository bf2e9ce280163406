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

/// One row a server. A cell says whether what the column names is right: `yes`, `no`, `partly`, or `–` if
/// the judge cannot tell.
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

/// What the questions of a column that could be asked have in common.
fn cell(report: &Report, ids: &[&str]) -> &'static str {
    let of = |outcomes: &[Outcome]| {
        let asked = report.verdicts.iter().filter(|verdict| {
            ids.contains(&verdict.id.as_str()) && outcomes.contains(&verdict.outcome)
        });
        asked.count()
    };
    match (of(&[Outcome::Pass]), of(&[Outcome::Fail, Outcome::Warn])) {
        (0, 0) => "–",
        (_, 0) => "yes",
        (0, _) => "no",
        _ => "partly",
    }
}
