use serde_json::{Map, Value, json};

use super::Failure;

/// A change of one field, or of a value inside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    op: &'static str,
    path: String,
    value: Option<Value>,
}

impl Operation {
    /// Returns the JSON pointer of the value that it changes.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// Reads the arguments of an update: `add` or `replace` with `PATH=VALUE`, or `remove` with `PATH`.
///
/// An example of a path is `driver_info/foo`. A value that is not JSON is a string.
///
/// # Errors
///
/// Returns an error if the operation is unknown, or if an argument does not fit it.
pub fn operations<'a>(
    op: &str,
    arguments: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Operation>, Failure> {
    let op = match op {
        "add" => "add",
        "replace" => "replace",
        "remove" => "remove",
        _ => return Err(Failure::usage(format!("{op}: not add, replace or remove"))),
    };
    let operation = |argument: &str| {
        let (path, value) = match argument.split_once('=') {
            Some((path, value)) => (path, Some(value)),
            None => (argument, None),
        };
        if path.is_empty() || value.is_some() == (op == "remove") {
            return Err(Failure::usage(format!("{argument}: does not fit {op}")));
        }
        let json = |value: &str| serde_json::from_str(value).unwrap_or_else(|_| value.into());
        Ok(Operation {
            op,
            path: format!("/{}", path.strip_prefix('/').unwrap_or(path)),
            value: value.map(json),
        })
    };
    arguments.into_iter().map(operation).collect()
}

pub(super) fn to_json(patch: &[Operation]) -> Value {
    let operation = |operation: &Operation| match &operation.value {
        Some(value) => json!({ "op": operation.op, "path": operation.path, "value": value }),
        None => json!({ "op": operation.op, "path": operation.path }),
    };
    patch.iter().map(operation).collect()
}

pub(super) fn pretty(fields: &Map<String, Value>) -> String {
    serde_json::to_string_pretty(fields).unwrap_or_default()
}
