//! Text for a terminal: what is not right, with the command that shows it, and a summary.

use std::fmt::Write;

use crate::verdict::{Outcome, Report, Verdict};

/// The report. `all` shows what passed, too.
pub fn text(report: &Report, all: bool) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut text, report, all);
    text
}

fn write(text: &mut String, report: &Report, all: bool) -> std::fmt::Result {
    writeln!(text, "{}", report.url)?;
    let learned = &report.learned;
    for (name, value) in [
        ("server", &learned.server),
        ("etag", &learned.etag),
        ("last-modified", &learned.last_modified),
        ("coding", &learned.content_coding),
        ("writes by", &learned.write_method),
    ] {
        if let Some(value) = value {
            writeln!(text, "  {name}: {value}")?;
        }
    }
    writeln!(text)?;
    for verdict in &report.verdicts {
        if all || matches!(verdict.outcome, Outcome::Fail | Outcome::Warn) {
            write_verdict(text, verdict)?;
        }
    }
    if !report.history.is_empty() {
        writeln!(text, "The shortest history that shows the lost update:")?;
        for step in &report.history {
            writeln!(text, "  {step}")?;
        }
        writeln!(text)?;
    }
    let count = |outcome| report.count(outcome);
    writeln!(
        text,
        "{} pass, {} fail, {} warn, {} cannot tell; {} requests, {} bytes of content",
        count(Outcome::Pass),
        count(Outcome::Fail),
        count(Outcome::Warn),
        count(Outcome::CannotTell),
        report.requests,
        report.bytes,
    )
}

fn write_verdict(text: &mut String, verdict: &Verdict) -> std::fmt::Result {
    writeln!(
        text,
        "{}: {} ({}, {})",
        verdict.outcome.name(),
        verdict.title,
        verdict.section,
        verdict.id
    )?;
    if !verdict.expected.is_empty() {
        writeln!(text, "  expected: {}", verdict.expected)?;
    }
    if !verdict.seen.is_empty() {
        writeln!(text, "  seen: {}", verdict.seen)?;
    }
    if !verdict.curl.is_empty() {
        writeln!(text, "  {}", verdict.curl)?;
    }
    writeln!(text)
}
