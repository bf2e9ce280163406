//! Reads the `test-*` fields of a request.
//!
//! Values are read as bytes, because an entity tag may contain obs-text.

use std::{sync::Arc, time::SystemTime};

use http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode};
use tower_conditional::{EntityTag, HttpDate, Representation, Requirement, Selected};

/// The current state of the resource, and what the handler responds.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) exists: Exists,
    pub(crate) representation: Representation,
    /// Whether the entity tag was given without quotes, and is sent without.
    pub(crate) unquoted: bool,
    /// `None` leaves it to the profile.
    pub(crate) requirement: Option<Requirement>,
    /// `None` leaves it to the handler.
    pub(crate) status: Option<StatusCode>,
    pub(crate) handler_etag: Option<HeaderValue>,
}

#[derive(Debug, Default)]
pub(crate) enum Exists {
    #[default]
    Yes,
    No,
    Unknown,
    SourceFails,
}

impl State {
    /// Reads the fields. An error names the field and its valid values. Other fields are ignored,
    /// because a suite may have its own.
    ///
    /// `unquoted` is for profiles whose systems send entity tags without quotes.
    pub(crate) fn read(headers: &HeaderMap, unquoted: bool) -> Result<Self, String> {
        let quoted = |value: &HeaderValue| EntityTag::try_from(value).is_ok();
        let unquoted = unquoted && headers.get("test-etag").is_some_and(|value| !quoted(value));
        Ok(Self {
            exists: only(headers, "test-exists", exists)?.unwrap_or_default(),
            representation: representation(headers, unquoted)?,
            unquoted,
            requirement: only(headers, "test-require", requirement)?,
            status: only(headers, "test-status", status)?,
            handler_etag: only(headers, "test-handler-etag", |value| Ok(value.clone()))?,
        })
    }

    /// Returns the state that [`App`](super::App) has put into the request.
    pub(crate) fn of(extensions: &Extensions) -> &Self {
        extensions
            .get::<Arc<Self>>()
            .expect("the test bed reads the state first")
    }

    /// Returns the source's answer.
    pub(crate) fn selected(&self) -> Result<Selected, &'static str> {
        match self.exists {
            Exists::Yes => Ok(Selected::Present(self.representation.clone())),
            Exists::No => Ok(Selected::Missing),
            Exists::Unknown => Ok(Selected::Unknown),
            Exists::SourceFails => Err("test-exists: error"),
        }
    }
}

fn representation(headers: &HeaderMap, unquoted: bool) -> Result<Representation, String> {
    // A QUERY is answered like a GET, whatever its content.
    let mut representation = Representation::new().of_queries();
    if let Some(etag) = only(headers, "test-etag", |value| etag(value, unquoted))? {
        representation = representation.with_etag(etag);
    }
    if let Some(date) = only(headers, "test-last-modified", date)? {
        representation = representation.with_last_modified(date);
    }
    for line in headers.get_all("test-source-header") {
        let (name, value) = source_header(line)
            .ok_or_else(|| wrong("test-source-header", line, "expected `Name: value`"))?;
        representation = representation.with_field(name, value);
    }
    Ok(representation)
}

/// Reads the value of a field that has at most one line.
fn only<T>(
    headers: &HeaderMap,
    name: &str,
    read: impl Fn(&HeaderValue) -> Result<T, String>,
) -> Result<Option<T>, String> {
    let mut lines = headers.get_all(name).iter();
    let Some(line) = lines.next() else {
        return Ok(None);
    };
    if lines.next().is_some() {
        return Err(format!("{name} stands more than once\n"));
    }
    read(line)
        .map(Some)
        .map_err(|expected| wrong(name, line, &expected))
}

fn wrong(name: &str, line: &HeaderValue, expected: &str) -> String {
    format!("{name}: {}: {expected}\n", line.as_bytes().escape_ascii())
}

fn exists(value: &HeaderValue) -> Result<Exists, String> {
    match value.as_bytes() {
        b"true" => Ok(Exists::Yes),
        b"false" => Ok(Exists::No),
        b"unknown" => Ok(Exists::Unknown),
        b"error" => Ok(Exists::SourceFails),
        _ => Err("expected true, false, unknown or error".to_owned()),
    }
}

fn etag(value: &HeaderValue, unquoted: bool) -> Result<EntityTag, String> {
    let tag = match (unquoted, value.as_bytes()) {
        (false, _) => EntityTag::try_from(value),
        (true, [b'W', b'/', opaque @ ..]) => EntityTag::weak(opaque),
        (true, opaque) => EntityTag::strong(opaque),
    };
    tag.map_err(|error| error.to_string())
}

fn date(value: &HeaderValue) -> Result<HttpDate, String> {
    HttpDate::parse(value.as_bytes(), SystemTime::now()).map_err(|error| error.to_string())
}

fn requirement(value: &HeaderValue) -> Result<Requirement, String> {
    match value.as_bytes() {
        b"optional" => Ok(Requirement::NONE),
        b"required" => Ok(Requirement::WRITES),
        b"unsafe" => Ok(Requirement::UNSAFE),
        b"delete" => Ok(Requirement::methods([http::Method::DELETE]).unwrap()),
        _ => Err("expected optional, required, unsafe or delete".to_owned()),
    }
}

fn status(value: &HeaderValue) -> Result<StatusCode, String> {
    StatusCode::from_bytes(value.as_bytes())
        .ok()
        .filter(|status| (200..600).contains(&status.as_u16()))
        .ok_or_else(|| "expected a final status code, 200 to 599".to_owned())
}

fn source_header(line: &HeaderValue) -> Option<(HeaderName, HeaderValue)> {
    let line = line.as_bytes();
    let colon = line.iter().position(|&byte| byte == b':')?;
    let name = HeaderName::from_bytes(&line[..colon]).ok()?;
    let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
    Some((name, value))
}
