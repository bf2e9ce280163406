//! One HTML page for people. It loads nothing from elsewhere.

use std::fmt::Write;

use crate::{
    dates::{self, Form},
    verdict::{Outcome, Report, Verdict},
};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3em .6em;\
border-bottom:1px solid #8884}code{font-size:.85em;overflow-wrap:anywhere}.fail{color:#c00}.warn{color:#a60}\
.pass{color:#080}.cannot-tell{color:#777}@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}\
.fail{color:#f77}.warn{color:#fb5}.pass{color:#7d7}}";

/// The whole report as one page.
pub fn html(report: &Report) -> String {
    let mut page = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut page, report);
    page
}

fn write(page: &mut String, report: &Report) -> std::fmt::Result {
    let url = escaped(&report.url);
    writeln!(
        page,
        "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n\
         <meta name=viewport content='width=device-width'>\n<title>Preconditions of {url}</title>\n\
         <style>{STYLE}</style>\n<h1>Preconditions of {url}</h1>"
    )?;
    let date = dates::write(report.date, Form::Imf);
    writeln!(
        page,
        "<p>Judged by judge {} on {date}, with {} requests.</p>",
        escaped(&report.judge),
        report.requests
    )?;
    let counts: Vec<String> = ORDER
        .iter()
        .map(|outcome| {
            let (name, class) = (outcome.name(), class(*outcome));
            format!("<b class={class}>{} {name}</b>", report.count(*outcome))
        })
        .collect();
    writeln!(page, "<p>{}</p>", counts.join(", "))?;
    if !report.history.is_empty() {
        writeln!(page, "<h2>A lost update</h2>\n<ol>")?;
        for step in &report.history {
            writeln!(page, "<li><code>{}</code>", escaped(step))?;
        }
        writeln!(page, "</ol>")?;
    }
    writeln!(
        page,
        "<table>\n<tr><th>verdict<th>section<th>what is right<th>expected<th>seen"
    )?;
    for outcome in ORDER {
        let verdicts = report.verdicts.iter();
        for verdict in verdicts.filter(|verdict| verdict.outcome == outcome) {
            row(page, verdict)?;
        }
    }
    writeln!(page, "</table>\n</html>")
}

const ORDER: [Outcome; 4] = [
    Outcome::Fail,
    Outcome::Warn,
    Outcome::Pass,
    Outcome::CannotTell,
];

fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::CannotTell => "cannot-tell",
        outcome => outcome.name(),
    }
}

fn row(page: &mut String, verdict: &Verdict) -> std::fmt::Result {
    let (name, class) = (verdict.outcome.name(), class(verdict.outcome));
    writeln!(
        page,
        "<tr id='{}'><td class={class}>{name}<td>{}<td>{}<br><code>{}</code><td>{}<td>{}",
        escaped(&verdict.id),
        escaped(&verdict.section),
        escaped(&verdict.title),
        escaped(&verdict.curl),
        escaped(&verdict.expected),
        escaped(&verdict.seen),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\'', "&#39;")
        .replace('"', "&quot;")
}
