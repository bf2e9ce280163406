//! Requests and responses, and the curl command for a request.

use bytes::Bytes;
use http::HeaderMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    Http1,
    Http2,
}

/// A request as it goes out. Values are bytes, since not every one is text.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// Appended to the path of the URL.
    pub suffix: &'static str,
    pub fields: Vec<(String, Vec<u8>)>,
    pub body: Bytes,
    pub version: Version,
}

impl Request {
    pub fn new(method: &str) -> Self {
        Self {
            method: method.to_owned(),
            suffix: "",
            fields: Vec::new(),
            body: Bytes::new(),
            version: Version::Http1,
        }
    }

    pub fn field(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// The command that sends this request again. Reports are passed on, so that secrets become
    /// variables of the shell.
    pub fn curl(&self, url: &str) -> String {
        let mut line = String::from("curl -i");
        if self.version == Version::Http2 {
            let plain = url.starts_with("http:");
            line += if plain {
                " --http2-prior-knowledge"
            } else {
                " --http2"
            };
        }
        match self.method.as_str() {
            "GET" => {}
            "HEAD" => line += " -I",
            method => line += &format!(" -X {method}"),
        }
        for (name, value) in &self.fields {
            let field = match value.as_slice() {
                [] => [name.as_bytes(), b";"].concat(),
                value => [name.as_bytes(), b": ", value].concat(),
            };
            line += " -H ";
            line += &match is_secret(name) {
                true => format!("\"{name}: ${}\"", name.to_uppercase().replace('-', "_")),
                false => quoted(&field),
            };
        }
        if !self.body.is_empty() {
            line += " --data-binary ";
            line += &quoted(&self.body);
        }
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut target = format!("{path}{}", self.suffix);
        if !query.is_empty() {
            target += &format!("?{query}");
        }
        format!("{line} {}", quoted(target.as_bytes()))
    }
}

/// Whether the value of a field is nobody else's business.
fn is_secret(name: &str) -> bool {
    ["authorization", "proxy-authorization", "cookie"]
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

/// One word of a shell command. Bytes that are no text need the quotes of bash.
fn quoted(word: &[u8]) -> String {
    let plain = word.iter().all(|byte| (b' '..=b'~').contains(byte));
    if !plain {
        let escaped = word.escape_ascii().to_string();
        return format!("$'{}'", escaped.replace("\\\"", "\""));
    }
    let word = String::from_utf8_lossy(word);
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[derive(Clone, Debug)]
pub struct Response {
    pub status: u16,
    pub fields: HeaderMap,
    /// Not more than the client keeps; see `whole`.
    pub body: Bytes,
    pub whole: bool,
}

impl Response {
    /// The first line of a field.
    pub fn field(&self, name: &str) -> Option<&[u8]> {
        Some(self.fields.get(name)?.as_bytes())
    }

    /// All lines of a field, joined.
    pub fn joined(&self, name: &str) -> Option<Vec<u8>> {
        let lines: Vec<&[u8]> = self
            .fields
            .get_all(name)
            .iter()
            .map(|line| line.as_bytes())
            .collect();
        (!lines.is_empty()).then(|| lines.join(&b", "[..]))
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A request and what it got.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub request: Request,
    pub response: Response,
}

/// Bytes as a person can read them.
pub fn shown(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(|c: char| c.is_control()) => text.to_owned(),
        _ => bytes.escape_ascii().to_string().replace("\\\"", "\""),
    }
}
