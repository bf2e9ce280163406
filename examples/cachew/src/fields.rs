use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE,
        EXPIRES,
    },
};

use super::{failure::Failure, snapshot::Snapshot};

/// The request fields that are stored with the content. Nothing else is stored: no preconditions,
/// no credentials, nothing about the connection.
fn is_stored(name: &HeaderName) -> bool {
    const STORED: [HeaderName; 6] = [
        CACHE_CONTROL,
        CONTENT_DISPOSITION,
        CONTENT_ENCODING,
        CONTENT_LANGUAGE,
        CONTENT_TYPE,
        EXPIRES,
    ];
    STORED.contains(name) || name.as_str().starts_with("x-meta-")
}

/// Collects the fields to store. Records are JSON, so a value that is not text is refused.
pub(super) fn to_store(headers: &HeaderMap) -> Result<Vec<(String, String)>, Failure> {
    headers
        .iter()
        .filter(|(name, _)| is_stored(name))
        .map(|(name, value)| match value.to_str() {
            Ok(value) => Ok((name.to_string(), value.to_owned())),
            Err(_) => Err(Failure::bad_request(format!("{name} has to be ASCII"))),
        })
        .collect()
}

/// Converts stored fields back to header fields.
pub(super) fn stored(fields: &[(String, String)]) -> HeaderMap {
    fields
        .iter()
        .filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            // Older records may have other fields.
            is_stored(&name).then_some(())?;
            Some((name, HeaderValue::from_str(value).ok()?))
        })
        .collect()
}

/// Adds the stored fields to a response with other content, or with none. How long content may be
/// stored matters for a 304, but not for a refusal.
pub(super) fn complete<B>(response: &mut Response<B>, snapshot: &Snapshot) {
    let confirms = response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    if !confirms {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let stored = snapshot.fields();
    for name in stored.keys() {
        let of_content = name.as_str().starts_with("content-") || !confirms && name == EXPIRES;
        if !of_content && !headers.contains_key(name) {
            for value in stored.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
    }
}
