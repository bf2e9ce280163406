//! Section 15.4.5: what a 304 has to carry, and what it must not.

use super::{Need::Date, Question, get};
use crate::{
    facts::Facts,
    message::{Response, shown},
};

const SAME: &[(&str, &str)] = &[("If-None-Match", "{etag}")];

pub(super) const QUESTIONS: &[Question] = &[
    get("304-etag", "15.4.5", "A 304 has the ETag of the 200", SAME)
        .fields(|facts, response| repeats(facts, response, "etag")),
    get(
        "304-etag-weak",
        "15.4.5",
        "A 304 to W/ has the ETag of the 200",
        &[("If-None-Match", "{weak}")],
    )
    .fields(|facts, response| repeats(facts, response, "etag")),
    get(
        "304-cache-control",
        "15.4.5",
        "A 304 has the Cache-Control of the 200",
        SAME,
    )
    .fields(|facts, response| repeats(facts, response, "cache-control")),
    get(
        "304-content-location",
        "15.4.5",
        "A 304 has the Content-Location of the 200",
        SAME,
    )
    .fields(|facts, response| repeats(facts, response, "content-location")),
    get(
        "304-date",
        "15.4.5",
        "A 304 has a Date if the 200 has one",
        SAME,
    )
    .fields(|facts, response| present(facts, response, "date")),
    get(
        "304-expires",
        "15.4.5",
        "A 304 has Expires if the 200 has it",
        SAME,
    )
    .fields(|facts, response| present(facts, response, "expires")),
    get("304-vary", "15.4.5", "A 304 has the Vary of the 200", SAME)
        .fields(|facts, response| repeats(facts, response, "vary")),
    get(
        "304-length",
        "8.6",
        "A 304 has no Content-Length other than that of the 200",
        SAME,
    )
    .fields(length),
    get(
        "304-metadata",
        "15.4.5",
        "A 304 does not describe content",
        SAME,
    )
    .should()
    .fields(|_, response| no_metadata(response)),
    get(
        "304-by-date",
        "15.4.5",
        "A 304 by date has all these fields, too",
        &[("If-Modified-Since", "{date}")],
    )
    .needs(&[Date])
    .also(&[200])
    .fields(by_date),
];

fn folded(response: &Response, name: &str) -> Option<String> {
    let value = response.joined(name)?;
    // The order and the case of tokens may differ.
    let mut members: Vec<String> = shown(&value)
        .split(',')
        .map(|member| match name {
            "vary" | "cache-control" => member.trim().to_ascii_lowercase(),
            _ => member.trim().to_owned(),
        })
        .collect();
    members.sort();
    members.dedup();
    Some(members.join(", "))
}

fn repeats(facts: &Facts, response: &Response, name: &str) -> Result<(), String> {
    let (wanted, found) = (folded(&facts.plain.response, name), folded(response, name));
    match wanted {
        Some(wanted) if found.as_ref() != Some(&wanted) => Err(match found {
            Some(found) => format!("{name}: {found}, and the 200 has {wanted}"),
            None => format!("no {name}, and the 200 has {wanted}"),
        }),
        _ => Ok(()),
    }
}

fn present(facts: &Facts, response: &Response, name: &str) -> Result<(), String> {
    let (wanted, found) = (facts.plain.response.field(name), response.field(name));
    match wanted.is_some() && found.is_none() {
        true => Err(format!("no {name}, and the 200 has it")),
        false => Ok(()),
    }
}

fn length(facts: &Facts, response: &Response) -> Result<(), String> {
    let full = facts.plain.response.body.len().to_string();
    match response.field("content-length") {
        Some(length) if facts.plain.response.whole && length != full.as_bytes() => Err(format!(
            "Content-Length: {}, and the 200 has {full} bytes",
            shown(length)
        )),
        _ => Ok(()),
    }
}

fn no_metadata(response: &Response) -> Result<(), String> {
    for name in [
        "content-encoding",
        "content-language",
        "content-range",
        "content-type",
    ] {
        if let Some(value) = response.field(name) {
            return Err(format!("{name}: {}", shown(value)));
        }
    }
    Ok(())
}

fn by_date(facts: &Facts, response: &Response) -> Result<(), String> {
    if response.status != 304 {
        return Ok(());
    }
    for name in ["etag", "cache-control", "content-location", "vary"] {
        repeats(facts, response, name)?;
    }
    for name in ["date", "expires"] {
        present(facts, response, name)?;
    }
    length(facts, response)
}
