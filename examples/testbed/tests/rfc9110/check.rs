//! Compares a response with what the case expects.

use std::time::SystemTime;

use tower_conditional::HttpDate;

use crate::{
    case::{Case, Range, latin1},
    drive::Answer,
};

impl Answer {
    /// All lines of a field, as one value; `None` if there is none.
    fn field(&self, name: &str) -> Option<Vec<u8>> {
        let lines: Vec<&[u8]> = self
            .lines
            .iter()
            .filter(|(line, _)| line.eq_ignore_ascii_case(name))
            .map(|(_, value)| &**value)
            .collect();
        (!lines.is_empty()).then(|| lines.join(&b", "[..]))
    }
}

pub(crate) fn check(case: &Case, answer: &Answer) -> Result<(), String> {
    let expect = &case.expect;
    if expect.status.is_some_and(|status| status != answer.status) {
        let status = answer.status;
        return Err(format!("status {status}, expected {:?}", expect.status));
    }
    let ran = answer.field("test-handler").as_deref() == Some(b"ran");
    if expect.handler.is_some_and(|handler| handler != ran) {
        return Err(format!("the handler ran: {ran}"));
    }
    for (name, value) in &expect.headers {
        same(name, answer.field(name), &latin1(value))?;
    }
    for name in &expect.absent {
        if let Some(value) = answer.field(name) {
            return Err(format!("{name}: {}, expected none", value.escape_ascii()));
        }
    }
    match (expect.range, answer.field("test-range")) {
        (None, _) | (Some(Range::Dropped), None) => {}
        (Some(Range::Dropped), Some(_)) => return Err("Range reached the handler".to_owned()),
        (Some(Range::Kept), range) => {
            same("test-range", range, &case.sent("range").join(&b", "[..]))?;
        }
    }
    if (answer.status == 304 || case.method == "HEAD") && !answer.body.is_empty() {
        return Err(format!("a body: {}", answer.body.escape_ascii()));
    }
    always(case, answer, ran)
}

/// What no case has to say.
fn always(case: &Case, answer: &Answer, ran: bool) -> Result<(), String> {
    // RFC 9110 section 8.8.2: no modification date is sent before its second is over.
    if let Some(date) = answer.field("last-modified") {
        let now = SystemTime::now();
        let date = HttpDate::parse(&date, now).map_err(|error| error.to_string())?;
        if HttpDate::try_from(now).is_ok_and(|now| date >= now) {
            return Err(format!("last-modified: {date} is not over"));
        }
    }
    // RFC 6585 section 3: the response explains how to resubmit the request.
    let required = !ran && matches!(answer.status, 428 | 409);
    if required && case.method != "HEAD" {
        let content = String::from_utf8_lossy(&answer.body);
        if !content.contains("If-Match") {
            return Err(format!("does not say what to send: {content}"));
        }
    }
    Ok(())
}

fn same(name: &str, found: Option<Vec<u8>>, expected: &[u8]) -> Result<(), String> {
    if found.as_deref() == Some(expected) {
        return Ok(());
    }
    let found = found.map_or("none".to_owned(), |value| value.escape_ascii().to_string());
    Err(format!(
        "{name}: {found}, expected {}",
        expected.escape_ascii()
    ))
}
