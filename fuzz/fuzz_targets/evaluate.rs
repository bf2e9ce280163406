//! Decisions, compared with naive code. The first line of input is the resource's entity tag,
//! the others are field lines.
#![no_main]

use std::time::UNIX_EPOCH;

use http::{
    HeaderMap, HeaderValue, Method,
    header::{IF_MATCH, IF_NONE_MATCH},
};
use libfuzzer_sys::fuzz_target;
use tower_conditional::{CurrentState, Decision, EntityTag, Field, Preconditions, Rules, Validators};

#[path = "../../tests/oracle/tags.rs"]
#[allow(dead_code)]
mod naive;

fuzz_target!(|data: &[u8]| {
    let mut lines = data.split(|&byte| byte == b'\n');
    let etag = lines
        .next()
        .and_then(|line| HeaderValue::from_bytes(line).ok());
    let etag = etag.and_then(|value| EntityTag::try_from(value).ok());
    let lines: Vec<_> = lines
        .filter(|line| HeaderValue::from_bytes(line).is_ok())
        .collect();
    if lines.is_empty() {
        return;
    }

    let bytes = etag.as_ref().map(EntityTag::as_bytes);
    let strong = naive::strongly_match(&lines, bytes);
    let weak = naive::weakly_match(&lines, bytes);
    let validators = etag.clone().map_or_else(Validators::new, Validators::from);
    let decide = |name, method| {
        let mut headers = HeaderMap::new();
        for line in &lines {
            headers.append(&name, HeaderValue::from_bytes(line).expect("a field value"));
        }
        let current = CurrentState::Present(&validators);
        Preconditions::new(&method, &headers).evaluate(current, &Rules::RFC9110, UNIX_EPOCH)
    };
    let expected = match strong {
        true => Decision::Perform(Field::IfMatch),
        false => Decision::PreconditionFailed(Field::IfMatch),
    };
    assert_eq!(decide(IF_MATCH, Method::PUT), expected);
    let expected = match weak {
        true => Decision::NotModified(Field::IfNoneMatch),
        false => Decision::Perform(Field::IfNoneMatch),
    };
    assert_eq!(decide(IF_NONE_MATCH, Method::GET), expected);
});
