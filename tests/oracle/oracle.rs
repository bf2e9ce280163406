//! RFC 9110 section 13.2.2 word for word, and the additions of this crate. It is slow, and shares
//! no code with the crate.

use crate::{dates::seconds, tags};

/// The decision about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Perform it. The field is the first one that was evaluated, if any was.
    Perform(Option<&'static str>),
    PerformIgnoringRange,
    PerformThenCompare,
    NotModified(&'static str),
    PreconditionFailed(&'static str),
    PreconditionRequired,
    CannotTell(Option<&'static str>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Resource {
    Present {
        etag: Option<&'static str>,
        last_modified: Option<&'static str>,
    },
    Missing,
    Unknown,
}

#[derive(Clone, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'static str,
    /// The field lines. Names are in lower case.
    pub(crate) lines: &'a [(&'static str, &'a str)],
    pub(crate) required: bool,
    pub(crate) creation_despite_if_match: bool,
    pub(crate) strict_creation: bool,
    pub(crate) not_found_first: bool,
}

impl Request<'_> {
    fn field(&self, name: &str) -> Option<Vec<&str>> {
        let lines = self.lines.iter().filter(|(found, _)| *found == name);
        let values: Vec<&str> = lines.map(|(_, value)| *value).collect();
        (!values.is_empty()).then_some(values)
    }

    fn list(&self, name: &str) -> Option<Vec<&[u8]>> {
        let lines = self.field(name)?;
        Some(lines.into_iter().map(str::as_bytes).collect())
    }

    fn only_line(&self, name: &str) -> Option<&str> {
        match self.field(name)?.as_slice() {
            [value] => Some(value),
            _ => None,
        }
    }

    fn date(&self, name: &str) -> Option<i64> {
        seconds(self.only_line(name)?)
    }

    /// RFC 10008: QUERY is evaluated as GET.
    fn is_read(&self) -> bool {
        ["GET", "HEAD", "QUERY"].contains(&self.method)
    }

    /// Section 14.2: Range is defined for GET only. HEAD ignores it.
    pub(crate) fn is_ranged_read(&self) -> bool {
        ["GET", "QUERY"].contains(&self.method) && self.field("range").is_some()
    }

    fn is_ranged(&self) -> bool {
        self.is_ranged_read() && self.field("if-range").is_some()
    }
}

pub(crate) fn decide(request: &Request<'_>, resource: Resource, now: i64) -> Outcome {
    // 13.2.1: these methods do not involve a selected representation.
    if ["CONNECT", "OPTIONS", "TRACE"].contains(&request.method) {
        return Outcome::Perform(None);
    }
    match resource {
        Resource::Present {
            etag,
            last_modified,
        } => present(request, etag, last_modified, now),
        Resource::Missing => missing(request),
        Resource::Unknown => unknown(request),
    }
}

fn present(
    request: &Request<'_>,
    etag: Option<&str>,
    last_modified: Option<&str>,
    now: i64,
) -> Outcome {
    let modified = last_modified.map(|date| seconds(date).expect("the resource's own date"));
    // Section 8.8.2.2: until its second is over, the representation can change and keep the date.
    let is_modified = |modified: i64, date: i64| modified > date || modified >= now;
    let mut evaluated = Vec::new();

    // Step 1.
    if let Some(lines) = request.list("if-match") {
        evaluated.push("If-Match");
        if !tags::strongly_match(&lines, etag.map(str::as_bytes)) {
            return Outcome::PreconditionFailed("If-Match");
        }
    }
    // Step 2.
    if request.field("if-match").is_none() {
        if let (Some(date), Some(modified)) = (request.date("if-unmodified-since"), modified) {
            evaluated.push("If-Unmodified-Since");
            if is_modified(modified, date) {
                return Outcome::PreconditionFailed("If-Unmodified-Since");
            }
        }
    }
    let guarded = !evaluated.is_empty();
    // Step 3.
    if let Some(lines) = request.list("if-none-match") {
        evaluated.push("If-None-Match");
        if tags::weakly_match(&lines, etag.map(str::as_bytes)) {
            return if request.is_read() {
                Outcome::NotModified("If-None-Match")
            } else {
                Outcome::PreconditionFailed("If-None-Match")
            };
        }
    }
    // Step 4.
    if request.is_read() && request.field("if-none-match").is_none() {
        if let (Some(date), Some(modified)) = (request.date("if-modified-since"), modified) {
            evaluated.push("If-Modified-Since");
            if !is_modified(modified, date) {
                return Outcome::NotModified("If-Modified-Since");
            }
        }
    }
    // RFC 6585 section 3, after evaluation.
    if request.required && !request.is_read() && !guarded {
        return Outcome::PreconditionRequired;
    }
    // Step 5.
    if request.is_ranged() {
        if !if_range(request, etag, last_modified, now) {
            return Outcome::PerformIgnoringRange;
        }
        evaluated.push("If-Range");
    }
    // Step 6.
    Outcome::Perform(evaluated.first().copied())
}

/// Section 13.1.5. A date is strong if it is at least one second old (section 8.8.2.2).
fn if_range(
    request: &Request<'_>,
    etag: Option<&str>,
    last_modified: Option<&str>,
    now: i64,
) -> bool {
    let Some(value) = request.only_line("if-range") else {
        return false;
    };
    if tags::is_tag(value.as_bytes()) {
        return tags::strongly_match(&[value.as_bytes()], etag.map(str::as_bytes));
    }
    match last_modified {
        Some(date) => value == date && seconds(date).expect("the resource's own date") < now,
        None => false,
    }
}

fn missing(request: &Request<'_>) -> Outcome {
    if request.is_read() {
        return if request.is_ranged() {
            Outcome::PerformIgnoringRange
        } else {
            Outcome::Perform(None)
        };
    }
    let if_match = request.field("if-match").is_some();
    // Section 13.2.1: the 404 takes precedence, where a rule says that there is one.
    let changes = ["PATCH", "DELETE"].contains(&request.method);
    let not_found = if_match && changes && request.not_found_first;
    if if_match && !not_found && !request.creation_despite_if_match {
        return Outcome::PreconditionFailed("If-Match");
    }
    let if_none_match = request.list("if-none-match");
    let creates_only = if_none_match.as_deref().is_some_and(tags::is_asterisk);
    let creates = request.method != "DELETE" && !not_found;
    if request.required && request.strict_creation && creates && !creates_only {
        return Outcome::PreconditionRequired;
    }
    Outcome::Perform(if_none_match.map(|_| "If-None-Match"))
}

fn unknown(request: &Request<'_>) -> Outcome {
    let has = |name| request.field(name).is_some();
    if request.is_read() {
        let validating = ["if-none-match", "if-modified-since"];
        let guarding = ["if-match", "if-unmodified-since"];
        return if validating.into_iter().chain(guarding).any(has) {
            Outcome::PerformThenCompare
        } else if request.is_ranged() {
            Outcome::PerformIgnoringRange
        } else {
            Outcome::Perform(None)
        };
    }
    if has("if-match") {
        Outcome::CannotTell(Some("If-Match"))
    } else if request.date("if-unmodified-since").is_some() {
        Outcome::CannotTell(Some("If-Unmodified-Since"))
    } else if has("if-none-match") {
        Outcome::CannotTell(Some("If-None-Match"))
    } else if request.required {
        Outcome::CannotTell(None)
    } else {
        Outcome::Perform(None)
    }
}
