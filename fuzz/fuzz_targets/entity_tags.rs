//! Entity tags and lists of them, compared with naive code. One line of input is one field line.
#![no_main]

use http::{HeaderMap, HeaderValue, header::IF_NONE_MATCH};
use libfuzzer_sys::fuzz_target;
use tower_conditional::etag::{EntityTagRef, EntityTags};

#[path = "../../tests/oracle/tags.rs"]
#[allow(dead_code)]
mod naive;

fuzz_target!(|data: &[u8]| {
    let mut headers = HeaderMap::new();
    let mut lines = Vec::new();
    for line in data.split(|&byte| byte == b'\n') {
        assert_eq!(EntityTagRef::parse(line).is_ok(), naive::is_tag(line));
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(IF_NONE_MATCH, value);
            lines.push(line);
        }
    }
    let found: Vec<_> = EntityTags::new(headers.get_all(IF_NONE_MATCH))
        .map(|tag| tag.to_entity_tag().as_bytes().to_vec())
        .collect();
    let mut expected = naive::elements(&lines);
    expected.retain(|element| naive::is_tag(element));
    assert_eq!(found, expected);
});
