use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE,
        EXPIRES,
    },
};

use super::snapshot::Snapshot;

/// The fields of a request that are stored with its content. Nothing else is: no precondition, no
/// credentials, nothing about the connection.
pub(super) fn to_store(headers: &HeaderMap) -> Vec<(String, String)> {
    const STORED: [HeaderName; 6] = [
        CACHE_CONTROL,
        CONTENT_DISPOSITION,
        CONTENT_ENCODING,
        CONTENT_LANGUAGE,
        CONTENT_TYPE,
        EXPIRES,
    ];
    headers
        .iter()
        .filter(|(name, _)| STORED.contains(name) || name.as_str().starts_with("x-"))
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect()
}

/// What was stored, as fields again.
pub(super) fn stored(fields: &[(String, String)]) -> HeaderMap {
    fields
        .iter()
        .filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, HeaderValue::from_str(value).ok()?))
        })
        .collect()
}

/// Adds the stored fields to a response that has other content, or none.
pub(super) fn complete(headers: &mut HeaderMap, snapshot: &Snapshot) {
    let stored = snapshot.fields();
    for name in stored.keys() {
        let of_content = name.as_str().starts_with("content-");
        if !of_content && !headers.contains_key(name) {
            for value in stored.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
    }
}
