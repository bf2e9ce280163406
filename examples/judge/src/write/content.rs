//! The content of writes: each has a text of its own, so that a later read shows which write it was.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use serde_json::{Value, json};

use crate::{facts::system_now, run::Content};

/// A text that no other write has.
pub(crate) fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(
        "{START}{:x}-{:x}-{count:06}x",
        system_now(),
        std::process::id()
    )
}

const START: &str = "judge-";

/// The unique text in what was read.
pub(crate) fn find_unique(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let start = text.find(START)?;
    let end = text[start..].find('x')?;
    Some(text[start..=start + end].to_owned())
}

/// The content of a write by this method, given what was read before.
pub(crate) fn content(
    kind: &Content,
    method: &str,
    content_type: &str,
    current: &[u8],
    unique: &str,
) -> Result<Bytes, String> {
    match kind {
        Content::Text => Ok(format!("written by {unique}\n").into()),
        Content::Template(template) => Ok(template.replace("{unique}", unique).into()),
        Content::Json(pointer) => at_pointer(pointer, method, content_type, current, unique.into()),
    }
}

/// JSON with this value at the pointer: the whole document for PUT, else a patch.
pub(crate) fn at_pointer(
    pointer: &str,
    method: &str,
    content_type: &str,
    current: &[u8],
    value: Value,
) -> Result<Bytes, String> {
    if content_type.contains("json-patch") {
        let patch = json!([{"op": "add", "path": pointer, "value": value}]);
        return Ok(patch.to_string().into());
    }
    if method == "PATCH" {
        let names = pointer.split('/').skip(1).collect::<Vec<_>>();
        let patch = names.iter().rev().fold(value, |inner, name| {
            let name = name.replace("~1", "/").replace("~0", "~");
            json!({ name: inner })
        });
        return Ok(patch.to_string().into());
    }
    let mut whole: Value = serde_json::from_slice(current).map_err(|error| error.to_string())?;
    let place = whole.pointer_mut(pointer);
    *place.ok_or_else(|| format!("{pointer} is not in the JSON that was read"))? = value;
    Ok(whole.to_string().into())
}
