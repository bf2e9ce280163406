//! The cases, as their files have them.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    #[serde(rename = "source")]
    _source: String,
    profile: String,
    pub(crate) method: String,
    /// One entry is one field line.
    headers: Vec<(String, String)>,
    state: State,
    pub(crate) expect: Expect,
    pub(crate) note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    exists: Option<Value>,
    etag: Option<String>,
    last_modified: Option<String>,
    require: Option<String>,
    handler_status: Option<u16>,
    handler_etag: Option<String>,
    #[serde(default)]
    source_headers: Vec<String>,
}

/// What is left out is not checked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    pub(crate) status: Option<u16>,
    pub(crate) handler: Option<bool>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) absent: Vec<String>,
    pub(crate) range: Option<Range>,
}

/// What becomes of the request's `Range` on its way to the handler.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Range {
    Kept,
    Dropped,
}

impl Case {
    pub(crate) fn path(&self) -> String {
        format!("/{}/it", self.profile)
    }

    pub(crate) fn body(&self) -> &'static str {
        match &*self.method {
            "PUT" | "PATCH" | "POST" => "new\n",
            "QUERY" => "query\n",
            _ => "",
        }
    }

    /// The field lines of the request, the state's among them.
    pub(crate) fn lines(&self) -> Vec<(&str, Vec<u8>)> {
        let state = &self.state;
        let exists = state.exists.as_ref().map(|exists| match exists {
            Value::String(exists) => exists.clone(),
            exists => exists.to_string(),
        });
        let status = state.handler_status.map(|status| status.to_string());
        let single = [
            ("test-exists", exists.as_ref()),
            ("test-etag", state.etag.as_ref()),
            ("test-last-modified", state.last_modified.as_ref()),
            ("test-require", state.require.as_ref()),
            ("test-status", status.as_ref()),
            ("test-handler-etag", state.handler_etag.as_ref()),
        ];
        let single = single
            .into_iter()
            .filter_map(|(name, value)| Some((name, latin1(value?))));
        let sources = state
            .source_headers
            .iter()
            .map(|line| ("test-source-header", latin1(line)));
        self.headers
            .iter()
            .map(|(name, value)| (&**name, latin1(value)))
            .chain(single)
            .chain(sources)
            .collect()
    }

    /// All lines of one of the request's fields.
    pub(crate) fn sent(&self, name: &str) -> Vec<Vec<u8>> {
        self.headers
            .iter()
            .filter(|(sent, _)| sent.eq_ignore_ascii_case(name))
            .map(|(_, value)| latin1(value))
            .collect()
    }
}

/// The bytes of a field value: the files have them as the characters of the same numbers.
pub(crate) fn latin1(value: &str) -> Vec<u8> {
    value
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or_else(|_| panic!("{value}: not latin-1")))
        .collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/rfc9110/cases")
}

/// The names of the files, without `.jsonl`.
pub(crate) fn sections() -> Vec<String> {
    fs::read_dir(folder())
        .expect("the folder of cases is readable")
        .map(|entry| {
            let name = entry.expect("an entry").file_name();
            let name = name.to_str().expect("a name in UTF-8");
            name.strip_suffix(".jsonl")
                .unwrap_or_else(|| panic!("{name} is no file of cases"))
                .to_owned()
        })
        .collect()
}

pub(crate) fn load(section: &str) -> Vec<Case> {
    let path = folder().join(format!("{section}.jsonl"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{section}: {error}"));
    text.lines()
        .enumerate()
        .map(|(i, line)| {
            serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("{section}, line {}: {error}", i + 1))
        })
        .collect()
}
